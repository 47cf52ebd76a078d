//! A higher tier, and what it brings.

use crate::{
    consent::Topic,
    reason::Reason,
    scenario::{About, Facts, Kind, LeadsTo, Queue, Scenario, Starts},
};

pub static SCENARIO: Scenario = Scenario {
    name: "tier_up",
    kind: Kind::Marketing(Topic::Loyalty),
    staff_steps: 0,
    queue: Queue::Lifecycle,
    rank: 25,
    steps: 1,
    starts: Starts::Tier,
    leads_to: LeadsTo::Shop,
    leaves,
    about: |facts| About { tier: Some(facts.account.standing.tier.clone()), ..About::default() },
};

/// Its subject is the tier, after the number of the change: a refund may have taken it back.
fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    let tier = facts.message.subject.split_once('#').map(|(_, tier)| tier);
    (tier != Some(facts.account.standing.tier.as_str())).then_some(Reason::NothingToSay)
}
