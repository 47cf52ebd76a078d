//! After a bad review: the shop's staff at once, the buyer a day later unless the case is resolved by then, or they have
//! found more stars for it.

use crate::{
    consent::Topic,
    reason::Reason,
    scenario::{Facts, Kind, LeadsTo, Queue, Scenario, Starts, nothing_more},
};

pub static SCENARIO: Scenario = Scenario {
    name: "review_rescue",
    kind: Kind::Marketing(Topic::Reviews),
    staff_steps: 1,
    queue: Queue::Mail,
    rank: 10,
    steps: 2,
    starts: Starts::Review,
    leads_to: LeadsTo::Shop,
    leaves,
    about: nothing_more,
};

fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    if facts.is_resolved {
        return Some(Reason::Resolved);
    }
    let is_content = facts.rating.is_some_and(|rating| !facts.program().reviews.alerts(rating));
    is_content.then_some(Reason::Improved)
}
