//! How to care for what has arrived, a week later.

use crate::{
    consent::Topic,
    scenario::{Kind, LeadsTo, Queue, Scenario, Start, Starts, gone_back, nothing_more},
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "care",
    kind: Kind::Marketing(Topic::Loyalty),
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 40,
    steps: 1,
    starts: Starts::Order(|order, _, _| order.facts.delivered_at().map(Start::of_order).into_iter().collect()),
    leads_to: LeadsTo::Shop,
    leaves: gone_back,
    about: nothing_more,
};
