//! Who has just agreed to hear from the shop: what it is, what the program gives, how it works.

use crate::{
    consent::Topic,
    reason::Reason,
    scenario::{About, Facts, Kind, LeadsTo, Queue, Scenario, Starts},
};

pub static SCENARIO: Scenario = Scenario {
    name: "welcome",
    kind: Kind::Marketing(Topic::Loyalty),
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 30,
    steps: 3,
    starts: Starts::Consent,
    leads_to: LeadsTo::Shop,
    leaves,
    about: |facts| About { tier: Some(facts.account.standing.tier.clone()), ..About::default() },
};

/// The first one greets whoever comes; the others are for who has not bought since.
fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    let planned_at = facts.message.planned_at;
    let has_bought_since = facts.account.purchases.iter().any(|(at, counted)| counted.orders > 0 && at >= planned_at);
    (facts.message.step > 1 && has_bought_since).then_some(Reason::Ordered)
}
