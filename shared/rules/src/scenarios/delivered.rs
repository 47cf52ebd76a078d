//! That everything of an order has arrived. Off unless the shop wants it: most send their own.

use crate::scenario::{Kind, LeadsTo, Queue, Scenario, Start, Starts, gone_back, nothing_more};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "delivered",
    kind: Kind::Transactional,
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 3,
    steps: 1,
    starts: Starts::Order(|order, _, _| order.facts.delivered_at().map(Start::of_order).into_iter().collect()),
    leads_to: LeadsTo::Shop,
    leaves: gone_back,
    about: nothing_more,
};
