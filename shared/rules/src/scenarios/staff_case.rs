//! A case that a person at the shop must look at.

use crate::{
    reason::Reason,
    scenario::{Facts, Kind, LeadsTo, Queue, Scenario, Starts, nothing_more},
};

pub static SCENARIO: Scenario = Scenario {
    name: "staff_case",
    kind: Kind::Staff,
    staff_steps: 1,
    queue: Queue::Mail,
    rank: 0,
    steps: 1,
    starts: Starts::Case,
    leads_to: LeadsTo::Shop,
    leaves: |facts: &Facts<'_>| facts.is_resolved.then_some(Reason::Resolved),
    about: nothing_more,
};
