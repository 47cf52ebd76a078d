//! What `infra/template.yaml` runs on a schedule, and when.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The scenario of the due index that the schedule of `tiers` works off.
pub(super) const TIER_REVIEW: &str = "tier_review";
/// Daily at 00:10 UTC.
const TIERS_AT: SignedDuration = SignedDuration::from_mins(10);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The first time at or after an instant at which the tiers are reviewed.
pub(super) fn tiers_from(at: Timestamp) -> Timestamp {
    let today = midnight(at) + TIERS_AT;
    if today >= at { today } else { today + DAY }
}

/// The beginning of the UTC day, under which the due index keeps the reviews of that day.
pub(super) fn midnight(at: Timestamp) -> Timestamp {
    TimeZone::UTC.to_datetime(at).date().to_zoned(TimeZone::UTC).map_or(at, |day| day.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn tiers_are_reviewed_once_a_day() {
        assert_eq!(tiers_from(at("2026-06-18T00:00:00Z")), at("2026-06-18T00:10:00Z"));
        assert_eq!(tiers_from(at("2026-06-18T00:10:00Z")), at("2026-06-18T00:10:00Z"));
        assert_eq!(tiers_from(at("2026-06-18T00:10:00.000001Z")), at("2026-06-19T00:10:00Z"));
        assert_eq!(tiers_from(at("2026-12-31T23:59:59Z")), at("2027-01-01T00:10:00Z"));
    }

    #[test]
    fn the_template_says_the_same_time() {
        assert!(include_str!("../../../template.yaml").contains("ScheduleExpression: cron(10 0 * * ? *)"));
    }
}
