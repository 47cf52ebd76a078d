//! Points that expire soon, once for each day on which some do.

use jiff::civil::Date;

use crate::{
    consent::Topic,
    points::Points,
    reason::Reason,
    scenario::{About, Facts, Kind, LeadsTo, Queue, Scenario, Starts},
};

pub(crate) const NAME: &str = "points_expiring";

pub(super) static SCENARIO: Scenario = Scenario {
    name: NAME,
    kind: Kind::Marketing(Topic::Loyalty),
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 15,
    steps: 3,
    starts: Starts::Account,
    leads_to: LeadsTo::Shop,
    leaves,
    about: |facts| About { points: Some(points(facts)), on: day(facts), ..About::default() },
};

fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    points(facts).is_zero().then_some(Reason::Spent)
}

/// Its subject is the day.
fn day(facts: &Facts<'_>) -> Option<Date> {
    facts.message.subject.parse().ok()
}

fn points(facts: &Facts<'_>) -> Points {
    let today = facts.program().zone.date(facts.now);
    day(facts).filter(|on| *on >= today).map_or(Points::ZERO, |on| facts.account.points_expiring_on(on))
}
