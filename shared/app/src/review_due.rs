//! When an account's tier is next to be reviewed, as the due index keeps it.

use jiff::{Timestamp, tz::TimeZone};
use rules::{account::Account, ids::MemberId, program::Programs};
use store::{DueAt, DueHour, Write};

/// The scenario under which the due index keeps tier reviews.
pub(crate) const TIER_REVIEW: &str = "tier_review";

/// The write of an account, due on the day of its next tier review.
pub(crate) fn account_write(member: MemberId, account: Account, programs: &Programs, now: Timestamp) -> Write {
    let review_at = account.standing.review_at(&programs.at(now).program, now);
    let review_due =
        review_at.map(|at| at.max(now)).map(|at| DueAt { scenario: TIER_REVIEW, hour: DueHour::of(day_of(at)), at });
    Write::Account { member, account, review_due }
}

/// The first instant of the UTC day. Tiers are reviewed daily, so one bucket a day is enough.
pub(crate) fn day_of(at: Timestamp) -> Timestamp {
    TimeZone::UTC.to_datetime(at).date().to_zoned(TimeZone::UTC).map_or(at, |day| day.timestamp())
}
