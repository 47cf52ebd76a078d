//! What an account is woken for to write to its member: points that expire soon, a tier that may be
//! lost. The account remembers what it has told of, so that each is told once.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    ids::MemberId,
    mail_settings::ScenarioSettings,
    message::{Message, Occasion, Timing},
    points::{Overflow, Points},
    program::{Program, Programs},
    scenarios::{points_expiring, tier_at_risk},
};

/// The time of day at which something that is about a day is due.
const NINE: jiff::civil::Time = jiff::civil::Time::constant(9, 0, 0, 0);

/// Up to when an account's notices have been planned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_until: Option<Timestamp>,
}

/// One notice: which step of which occasion, and when.
struct Notice {
    step: u8,
    subject: String,
    timing: Timing,
}

impl Noticed {
    pub fn is_empty(&self) -> bool {
        *self == Noticed::default()
    }

    /// Of two members who are one now: what one was told, the other need not be.
    pub fn absorb(&mut self, other: &Noticed) {
        self.expiry_until = self.expiry_until.max(other.expiry_until);
        self.risk_until = self.risk_until.max(other.risk_until);
    }
}

impl Account {
    /// When the next notice of points that expire is due.
    pub(crate) fn expiry_notice_at(&self, program: &Program, now: Timestamp) -> Option<Timestamp> {
        let after = self.noticed.expiry_until;
        let notices = self.expiry_notices(program, now).into_iter().map(|notice| notice.timing.due_at);
        notices.filter(|at| Some(*at) > after).min()
    }

    /// When the next notice of a tier that may be lost is due.
    pub(crate) fn risk_notice_at(&self, program: &Program) -> Option<Timestamp> {
        let after = self.noticed.risk_until;
        let notices = self.risk_notices(program).into_iter().map(|notice| notice.timing.due_at);
        notices.filter(|at| Some(*at) > after).min()
    }

    /// The messages that are due by now, remembered as told of. An occasion whose deadline has passed
    /// plans nothing, nor does a tier that is kept.
    ///
    /// # Errors
    /// `Overflow` if what was bought cannot be summed.
    pub fn take_notices(
        &mut self,
        member: &MemberId,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Vec<Message>, Overflow> {
        let program = &programs.at(now).program;
        let mut due = Vec::new();
        if self.expiry_notice_at(program, now).is_some_and(|at| at <= now) {
            let (notices, after) = (self.expiry_notices(program, now), self.noticed.expiry_until);
            due.extend(
                notices.into_iter().filter(|n| Some(n.timing.due_at) > after).map(|n| (points_expiring::NAME, n)),
            );
            self.noticed.expiry_until = Some(now);
        }
        if self.risk_notice_at(program).is_some_and(|at| at <= now) {
            let (notices, after) = (self.risk_notices(program), self.noticed.risk_until);
            if self.lower_tier(programs, now)?.is_some() {
                due.extend(
                    notices.into_iter().filter(|n| Some(n.timing.due_at) > after).map(|n| (tier_at_risk::NAME, n)),
                );
            }
            self.noticed.risk_until = Some(now);
        }
        due.retain(|(_, notice)| notice.timing.due_at <= now && now < notice.timing.deadline_at);
        let plan = |(scenario, notice): (&str, Notice)| {
            let occasion = Occasion { member, scenario, step: notice.step, subject: &notice.subject };
            Message::plan(occasion, notice.timing, now)
        };
        Ok(due.into_iter().map(plan).collect())
    }

    /// The available points that expire on that day, if their member is told of it.
    pub(crate) fn points_expiring_on(&self, on: Date) -> Points {
        let lots = self.lots.iter().filter(|lot| lot.dates.expires_on == on).map(|lot| lot.points);
        Points::sum(lots).unwrap_or(Points::ZERO)
    }

    /// The tier that they will have after the end of the period, if it is a lower one as things stand.
    ///
    /// # Errors
    /// `Overflow` if what was bought cannot be summed.
    pub(crate) fn lower_tier(
        &self,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Option<crate::ids::TierId>, Overflow> {
        let program = &programs.at(now).program;
        let Some(end) = self.standing.until else { return Ok(None) };
        let days = i64::from(program.tiers.grace_days);
        let after = crate::zone::add_days(program.zone.date(end), days + 1);
        let then = self.membership().standing(programs, program.zone.start_of(after).max(end))?;
        let is_lower = program.tiers.rank(&then.tier) < program.tiers.rank(&self.standing.tier);
        Ok(is_lower.then_some(then.tier))
    }

    fn expiry_notices(&self, program: &Program, now: Timestamp) -> Vec<Notice> {
        let Some(settings) = program.mail.of(points_expiring::NAME) else { return Vec::new() };
        let today = program.zone.date(now);
        let mut days: Vec<Date> = self.lots.iter().map(|lot| lot.dates.expires_on).filter(|on| *on >= today).collect();
        days.dedup();
        days.into_iter().flat_map(|on| notices(settings, program, nine_on(program, on), &on.to_string())).collect()
    }

    fn risk_notices(&self, program: &Program) -> Vec<Notice> {
        let Some(settings) = program.mail.of(tier_at_risk::NAME) else { return Vec::new() };
        let Some(on) = self.standing.last_day(&program.zone) else { return Vec::new() };
        notices(settings, program, nine_on(program, on), &on.to_string())
    }
}

fn notices(settings: &ScenarioSettings, program: &Program, at: Timestamp, subject: &str) -> Vec<Notice> {
    let notice = |(step, offset): (u8, &crate::offset::Offset)| {
        let due_at = offset.from(at, &program.zone);
        let deadline_at = settings.deadline.from(due_at, &program.zone);
        Notice { step, subject: subject.to_owned(), timing: Timing { due_at, deadline_at } }
    };
    (1..).zip(&settings.steps).map(notice).collect()
}

fn nine_on(program: &Program, on: Date) -> Timestamp {
    let nine = on.to_datetime(NINE);
    let zoned = program.zone.time_zone().to_ambiguous_timestamp(nine).compatible();
    zoned.unwrap_or_else(|_| program.zone.start_of(on))
}
