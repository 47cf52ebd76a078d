//! When something is next to be done for an account that nobody asked for. An account is woken for
//! the earliest of all its reasons, and whoever wakes it does everything that is due by then.

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{account::Account, endpoint::EventKind, program::Programs, zone::add_days};

/// The next instant at which an account has work, and who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WakeUp {
    pub at: Timestamp,
    pub by: Waker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waker {
    /// Within the UTC day.
    TierReview,
    /// Within minutes.
    Lifecycle,
}

type Reason = fn(&Account, &Programs, Timestamp) -> Option<WakeUp>;

/// What an account can be woken for. What posting does by itself is done by `now`, so such a reason gives
/// an instant after it.
const REASONS: &[Reason] = &[tier_review, hold_ends, points_become_available, referral, expiry_notice, risk_notice];

impl Account {
    /// When the account is next to be woken, as it is after all that is due by `now`.
    pub fn wakes_at(&self, programs: &Programs, now: Timestamp) -> Option<WakeUp> {
        let reasons = REASONS.iter().filter_map(|reason| reason(self, programs, now));
        reasons.min_by_key(|wake_up| wake_up.served_from())
    }
}

impl WakeUp {
    pub fn within_minutes(at: Timestamp) -> WakeUp {
        WakeUp { at, by: Waker::Lifecycle }
    }

    /// What is served daily gives way to what must be done before the day's end; it is done with it.
    fn served_from(&self) -> Timestamp {
        match self.by {
            Waker::Lifecycle => self.at,
            Waker::TierReview => {
                let tomorrow = add_days(TimeZone::UTC.to_datetime(self.at).date(), 1);
                tomorrow.to_zoned(TimeZone::UTC).map_or(self.at, |day| day.timestamp())
            }
        }
    }
}

fn tier_review(account: &Account, programs: &Programs, now: Timestamp) -> Option<WakeUp> {
    let at = account.standing.review_at(&programs.at(now).program, now)?;
    Some(WakeUp { at, by: Waker::TierReview })
}

fn hold_ends(account: &Account, _: &Programs, now: Timestamp) -> Option<WakeUp> {
    account.holds.next_end().filter(|end| *end > now).map(WakeUp::within_minutes)
}

/// A balance needs nobody to wake it: this is for the endpoints that want to be told.
fn points_become_available(account: &Account, programs: &Programs, now: Timestamp) -> Option<WakeUp> {
    programs.listening(EventKind::PointsAvailable).next()?;
    let zone = &programs.at(now).program.zone;
    let today = zone.date(now);
    let days = account.lots.iter().filter_map(|lot| lot.dates.on(today).available_on);
    days.min().map(|day| WakeUp::within_minutes(zone.start_of(day)))
}

/// What is due already is still to be done: nothing but waking the account pays a referrer.
fn referral(account: &Account, programs: &Programs, now: Timestamp) -> Option<WakeUp> {
    account.referral_payable_at(&programs.at(now).program).map(WakeUp::within_minutes)
}

/// Nobody is written to once they are erased.
fn expiry_notice(account: &Account, programs: &Programs, now: Timestamp) -> Option<WakeUp> {
    if account.erased_at.is_some() {
        return None;
    }
    account.expiry_notice_at(&programs.at(now).program, now).map(WakeUp::within_minutes)
}

fn risk_notice(account: &Account, programs: &Programs, now: Timestamp) -> Option<WakeUp> {
    if account.erased_at.is_some() {
        return None;
    }
    let at = account.risk_notice_at(&programs.at(now).program)?;
    Some(WakeUp { at, by: Waker::TierReview })
}

#[cfg(test)]
mod tests {
    use super::{WakeUp, Waker};

    fn at(text: &str) -> jiff::Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_must_be_done_within_the_day_comes_before_its_review() {
        let review = WakeUp { at: at("2027-05-10T11:00:00Z"), by: Waker::TierReview };
        assert_eq!(review.served_from(), at("2027-05-11T00:00:00Z"));
        assert!(WakeUp::within_minutes(at("2027-05-10T23:59:59Z")).served_from() < review.served_from());
        assert!(WakeUp::within_minutes(at("2027-05-11T00:00:01Z")).served_from() > review.served_from());
    }
}
