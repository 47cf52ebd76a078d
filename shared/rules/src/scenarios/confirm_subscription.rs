//! The link by which a consent is confirmed from the mailbox.

use jiff::Timestamp;

use crate::{
    consent::ConsentState,
    reason::Reason,
    scenario::{Facts, Kind, LeadsTo, Queue, Scenario, Starts, nothing_more},
};

pub static SCENARIO: Scenario = Scenario {
    name: "confirm_subscription",
    kind: Kind::Transactional,
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 0,
    steps: 1,
    starts: Starts::Consent,
    leads_to: LeadsTo::Confirmation,
    leaves,
    about: nothing_more,
};

/// What a message asks about: the statement of that instant.
pub fn subject(stated_at: Timestamp) -> String {
    stated_at.as_microsecond().to_string()
}

/// Who has been asked about a later statement gets that mail alone.
fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    let waits = facts.profile.is_some_and(|profile| {
        let is_latest = profile.asked_about.is_none_or(|asked| subject(asked) == facts.message.subject);
        profile.consent.marketing == ConsentState::Pending && is_latest
    });
    (!waits).then_some(Reason::NothingToSay)
}
