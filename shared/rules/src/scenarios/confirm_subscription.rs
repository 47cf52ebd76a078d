//! The link by which a consent is confirmed from the mailbox.

use crate::{
    consent::ConsentState,
    reason::Reason,
    scenario::{Facts, Kind, LeadsTo, Queue, Scenario, Starts, nothing_more},
};

pub static SCENARIO: Scenario = Scenario {
    name: "confirm_subscription",
    kind: Kind::Transactional,
    staff_steps: 0,
    queue: Queue::Lifecycle,
    rank: 0,
    steps: 1,
    starts: Starts::Consent,
    leads_to: LeadsTo::Confirmation,
    leaves,
    about: nothing_more,
};

fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    let state = facts.profile.map(|profile| profile.consent.marketing);
    (state != Some(ConsentState::Pending)).then_some(Reason::NothingToSay)
}
