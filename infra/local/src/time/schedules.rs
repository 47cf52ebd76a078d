//! What `infra/template.yaml` runs on a schedule, and when.

use jiff::{SignedDuration, Timestamp};

/// A function that a schedule fires.
#[derive(Debug)]
pub(super) struct Schedule {
    pub(super) function: &'static str,
    /// What of the due index it works off.
    pub(super) scenarios: &'static [&'static str],
    /// What the due index keeps together for it.
    bucket: SignedDuration,
    every: SignedDuration,
    /// So long after each beginning of `every`.
    offset: SignedDuration,
}

pub(super) const SCHEDULES: &[Schedule] = &[
    Schedule {
        function: "tiers",
        scenarios: &["tier_review"],
        bucket: SignedDuration::from_hours(24),
        every: SignedDuration::from_hours(1),
        offset: SignedDuration::from_mins(10),
    },
    Schedule {
        function: "reviews",
        scenarios: &["reviews"],
        bucket: SignedDuration::from_hours(1),
        every: SignedDuration::from_mins(5),
        offset: SignedDuration::ZERO,
    },
    Schedule {
        function: "lifecycle",
        scenarios: &["account", "webhook", "quarantine", "transactional", "mail"],
        bucket: SignedDuration::from_hours(1),
        every: SignedDuration::from_mins(1),
        offset: SignedDuration::ZERO,
    },
];

impl Schedule {
    /// The first time at or after an instant at which it fires.
    pub(super) fn first_from(&self, at: Timestamp) -> Timestamp {
        let last = begin_of(self.every, at) + self.offset;
        if last >= at { last } else { last + self.every }
    }

    /// The beginning of the bucket in which the due index keeps that instant.
    pub(super) fn bucket_of(&self, at: Timestamp) -> Timestamp {
        begin_of(self.bucket, at)
    }
}

fn begin_of(length: SignedDuration, at: Timestamp) -> Timestamp {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(length.as_secs())).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn schedule(function: &str) -> &'static Schedule {
        SCHEDULES.iter().find(|schedule| schedule.function == function).unwrap()
    }

    #[test]
    fn tiers_are_reviewed_once_an_hour() {
        let tiers_from = |text| schedule("tiers").first_from(at(text));
        assert_eq!(tiers_from("2026-06-18T00:00:00Z"), at("2026-06-18T00:10:00Z"));
        assert_eq!(tiers_from("2026-06-18T00:10:00Z"), at("2026-06-18T00:10:00Z"));
        assert_eq!(tiers_from("2026-06-18T00:10:00.000001Z"), at("2026-06-18T01:10:00Z"));
        assert_eq!(tiers_from("2026-12-31T23:59:59Z"), at("2027-01-01T00:10:00Z"));
    }

    #[test]
    fn other_due_work_is_done_every_minute() {
        let from = |text| schedule("lifecycle").first_from(at(text));
        assert_eq!(from("2026-06-18T10:01:00Z"), at("2026-06-18T10:01:00Z"));
        assert_eq!(from("2026-06-18T10:01:00.000001Z"), at("2026-06-18T10:02:00Z"));
    }

    /// As the template would say it: so many minutes after each hour, or every so many.
    fn expression(schedule: &Schedule) -> String {
        match (schedule.every.as_mins(), schedule.offset.as_mins()) {
            (60, after) => format!("cron({after} * * * ? *)"),
            (1, 0) => "rate(1 minute)".to_owned(),
            (minutes, 0) => format!("rate({minutes} minutes)"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_template_says_the_same_times() {
        let template = include_str!("../../../template.yaml");
        for schedule in SCHEDULES {
            let (first, rest) = schedule.function.split_at(1);
            let resource = format!("\n  {}{rest}:\n", first.to_uppercase());
            let (_, function) = template.split_once(&resource).unwrap();
            let (_, said) = function.split_once("ScheduleExpression: ").unwrap();
            assert_eq!(said.lines().next(), Some(expression(schedule).as_str()), "{}", schedule.function);
        }
        assert_eq!(template.matches("ScheduleExpression: ").count(), SCHEDULES.len());
    }
}
