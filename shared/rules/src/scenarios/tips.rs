//! What more can be done with what was bought, a month later, by the product's guides.

use crate::{
    consent::Topic,
    reason::Reason,
    scenario::{Facts, Kind, LeadsTo, Queue, Scenario, Start, Starts, gone_back, nothing_more},
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "tips",
    kind: Kind::Marketing(Topic::Loyalty),
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 60,
    steps: 1,
    starts: Starts::Order(|order, _, _| order.facts.delivered_at().map(Start::of_order).into_iter().collect()),
    leads_to: LeadsTo::Shop,
    leaves,
    about: nothing_more,
};

fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    gone_back(facts).or((!facts.has_guides).then_some(Reason::NothingToSay))
}
