//! That a parcel is on its way, with its tracking number. Off unless the shop wants it: most send their own.

use crate::{
    order::Order,
    scenario::{Kind, LeadsTo, Queue, Scenario, Start, Starts, gone_back, nothing_more},
};

pub(super) static SCENARIO: Scenario = Scenario {
    name: "shipped",
    kind: Kind::Transactional,
    staff_steps: 0,
    queue: Queue::Mail,
    rank: 2,
    steps: 1,
    starts: Starts::Order(|order, _, _| parcels(order)),
    leads_to: LeadsTo::Shop,
    leaves: gone_back,
    about: nothing_more,
};

/// Each parcel is a mail of its own.
fn parcels(order: &Order) -> Vec<Start> {
    let shipped = order.facts.fulfilments.iter().filter_map(|(id, fulfilment)| {
        let shipment = &fulfilment.shipment.as_ref()?.value;
        (!shipment.cancelled).then(|| Start { part: id.to_string(), at: shipment.shipped_at })
    });
    shipped.collect()
}
