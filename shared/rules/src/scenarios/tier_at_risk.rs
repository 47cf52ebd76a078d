//! A tier that will not be kept as things stand, before the end of its period.

use crate::{
    consent::Topic,
    ids::TierId,
    reason::Reason,
    scenario::{About, Facts, Kind, LeadsTo, Queue, Scenario, Starts},
};

pub(crate) const NAME: &str = "tier_at_risk";

pub(super) static SCENARIO: Scenario = Scenario {
    name: NAME,
    kind: Kind::Marketing(Topic::Loyalty),
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 20,
    steps: 2,
    starts: Starts::Account,
    leads_to: LeadsTo::Shop,
    leaves,
    about,
};

/// Its subject is the last day of the period.
fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    let last_day = facts.account.standing.last_day(&facts.program().zone);
    let is_this_period = last_day.is_some_and(|day| day.to_string() == facts.message.subject);
    (!is_this_period || lower_tier(facts).is_none()).then_some(Reason::Kept)
}

fn about(facts: &Facts<'_>) -> About {
    let account = facts.account;
    About {
        on: account.standing.last_day(&facts.program().zone),
        tier: Some(account.standing.tier.clone()),
        lower_tier: lower_tier(facts),
        missing: account.membership().missing_to_keep(facts.program(), &account.standing).ok().flatten(),
        ..About::default()
    }
}

fn lower_tier(facts: &Facts<'_>) -> Option<TierId> {
    facts.account.lower_tier(facts.programs, facts.now).ok().flatten()
}
