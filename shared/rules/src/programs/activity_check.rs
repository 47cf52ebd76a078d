//! What the activities of a program must hold beyond their shape.

use crate::{
    activity::{Activity, Cap, ENROL},
    program::Program,
    program_check::Found,
};

const MAX_ACTIVITIES: usize = 50;
const MAX_NAME_BYTES: usize = 40;
const MAX_POINTS: i64 = 1_000_000;
const MAX_TIMES: u32 = 1_000_000;
const MAX_CAP_POINTS: i64 = 1_000_000_000;

impl Program {
    pub(crate) fn check_activities(&self, found: &mut Found) {
        let few = self.activities.len() <= MAX_ACTIVITIES;
        found.unless(few, "/activities", &format!("must be at most {MAX_ACTIVITIES} activities"));
        for (name, activity) in &self.activities {
            let pointer = format!("/activities/{}", name.replace('~', "~0").replace('/', "~1"));
            let named = (1..=MAX_NAME_BYTES).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            let name_rule = format!("must have a name of 1 to {MAX_NAME_BYTES} of `a-z`, `0-9` and `_`");
            found.unless(named, &pointer, &name_rule);
            let in_range = (0..=MAX_POINTS).contains(&activity.points.get());
            found.unless(in_range, &format!("{pointer}/points"), &format!("must be 0 to {MAX_POINTS}"));
            let points_alone = *activity == Activity { points: activity.points, ..Activity::default() };
            let is_fit = name != ENROL || points_alone;
            found.unless(is_fit, &pointer, "may have `points` alone: enrolment gives them, and once");
            let bounded = !activity.self_service || !activity.caps.is_empty();
            let reason = "needs a cap: members could record it without end";
            found.unless(bounded, &format!("{pointer}/self_service"), reason);
            activity.check_caps(&pointer, found);
        }
    }
}

impl Activity {
    fn check_caps(&self, pointer: &str, found: &mut Found) {
        for (index, cap) in self.caps.iter().enumerate() {
            let at = |field: &str| format!("{pointer}/caps/{index}{field}");
            let twice = self.caps.iter().take(index).any(|other| other.period == cap.period);
            found.unless(!twice, &at("/period"), "is the period of another cap");
            let Cap { times, points, .. } = *cap;
            found.unless(times.is_some() || points.is_some(), &at(""), "caps nothing: it needs `times` or `points`");
            let times_fit = times.is_none_or(|times| (1..=MAX_TIMES).contains(&times));
            found.unless(times_fit, &at("/times"), &format!("must be 1 to {MAX_TIMES}"));
            let once = self.points.get().max(1);
            let points_fit = points.is_none_or(|points| (once..=MAX_CAP_POINTS).contains(&points.get()));
            let rule = format!("must be {once}, so that it is reached once, to {MAX_CAP_POINTS}");
            found.unless(points_fit, &at("/points"), &rule);
        }
    }
}
