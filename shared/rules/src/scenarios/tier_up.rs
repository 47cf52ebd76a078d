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
    queue: Queue::Mail,
    rank: 25,
    steps: 1,
    starts: Starts::Tier,
    leads_to: LeadsTo::Shop,
    leaves,
    about,
};

fn about(facts: &Facts<'_>) -> About {
    let standing = &facts.account.standing;
    About { tier: Some(standing.tier.clone()), on: standing.last_day(&facts.program().zone), ..About::default() }
}

/// Its subject is the tier, after the number of the change: a refund may have taken it back, and another order have
/// brought it again, with mail of its own.
fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    let named = facts.message.subject.split_once('#');
    let is_the_last = |(change, tier): (&str, &str)| {
        tier == facts.account.standing.tier.as_str() && change == facts.account.tier_changes.to_string()
    };
    (!named.is_some_and(is_the_last)).then_some(Reason::NothingToSay)
}
