//! What they think of what has arrived: asked once it was used for some days, and once more.

use jiff::Timestamp;

use crate::{
    consent::Topic,
    mail_settings::MailSettings,
    offset::Offset,
    order::Order,
    points::Points,
    program::Program,
    reason::Reason,
    scenario::{About, Facts, Kind, LeadsTo, Queue, Scenario, Start, Starts, gone_back},
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "review_invitation",
    kind: Kind::Marketing(Topic::Reviews),
    staff_steps: 0,
    queue: Queue::Reviews,
    rank: 50,
    steps: 2,
    starts: Starts::Order(|order, mail, program| {
        arrived_at(order, mail, program).map(Start::of_order).into_iter().collect()
    }),
    leads_to: LeadsTo::Review,
    leaves,
    about: |facts| About { points: points(facts), ..About::default() },
};

/// When it was delivered or, where nobody tells, when the last parcel should have been.
fn arrived_at(order: &Order, mail: &MailSettings, program: &Program) -> Option<Timestamp> {
    let shipped = order.facts.fulfilments.values().filter_map(|fulfilment| fulfilment.shipment.as_ref());
    let shipped = shipped.map(|shipment| &shipment.value).filter(|shipment| !shipment.cancelled);
    let transit = Offset::days(i32::from(mail.transit_days));
    let expected = || Some(transit.from(shipped.map(|shipment| shipment.shipped_at).max()?, &program.zone));
    order.facts.delivered_at().or_else(expected)
}

fn leaves(facts: &Facts<'_>) -> Option<Reason> {
    gone_back(facts).or(facts.has_reviewed.then_some(Reason::Reviewed))
}

/// What a review earns.
fn points(facts: &Facts<'_>) -> Option<Points> {
    facts.program().activities.get("review").map(|activity| activity.points).filter(|points| points.is_positive())
}
