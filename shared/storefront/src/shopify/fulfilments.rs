//! Parcels: fulfilments, in their own topics and inside orders alike, and what carriers report.

use std::collections::BTreeMap;

use rules::{
    facts::{Fulfilment, OrderFacts, Shipment},
    ids::FulfilmentId,
    register::Register,
};

use crate::{
    event::{Event, OrderEvent},
    reading::{Object, is_web_address},
};

pub(super) fn event(fulfilment: &Object) -> Option<Event> {
    let order_id = fulfilment.need("order_id").id();
    let fulfilments = BTreeMap::from_iter(read(fulfilment));
    let facts = OrderFacts { fulfilments, ..OrderFacts::default() };
    Some(Event::Order(OrderEvent { id: order_id?, facts, buyer: None }))
}

pub(super) fn read(fulfilment: &Object) -> Option<(FulfilmentId, Fulfilment)> {
    let id = fulfilment.need("id").id();
    let updated_at = fulfilment.need("updated_at").time();
    let shipment = shipment(fulfilment);
    let delivered = fulfilment.get("shipment_status").text().as_deref() == Some("delivered");
    let (updated_at, shipment) = (updated_at?, shipment?);
    let shipment = Some(Register::new(updated_at, shipment).ok()?).filter(|_| is_handed_over(fulfilment));
    let said_delivered_at = delivered.then_some(updated_at);
    Some((id?, Fulfilment { shipment, said_delivered_at, delivered_at: None }))
}

/// The warehouse may still be at work on it.
fn is_handed_over(fulfilment: &Object) -> bool {
    !matches!(fulfilment.get("status").text().as_deref(), Some("pending" | "open"))
}

fn shipment(fulfilment: &Object) -> Option<Shipment> {
    let shipped_at = fulfilment.need("created_at").time();
    let status = fulfilment.get("status").text();
    let tracking_company = fulfilment.get("tracking_company").text();
    let tracking_number = fulfilment.get("tracking_number").text();
    let tracking_url = fulfilment.get("tracking_url").text().filter(|url| is_web_address(url));
    Some(Shipment {
        shipped_at: shipped_at?,
        cancelled: matches!(status.as_deref(), Some("cancelled" | "error" | "failure")),
        tracking_company,
        tracking_number,
        tracking_url,
        estimated_delivery_at: None,
    })
}

/// An estimate alone is dropped: it dates no shipment.
pub(super) fn carrier_event(report: &Object) -> Option<Event> {
    let order_id = report.need("order_id").id();
    let fulfilment_id = report.need("fulfillment_id").id();
    let status = report.need("status").text();
    let happened_at = report.need("happened_at").time();
    if status? != "delivered" {
        return Some(Event::Ignored { reason: "a parcel on its way changes nothing until it is delivered" });
    }
    let delivered = Fulfilment { delivered_at: Some(happened_at?), ..Fulfilment::default() };
    let fulfilments = BTreeMap::from([(fulfilment_id?, delivered)]);
    let facts = OrderFacts { fulfilments, ..OrderFacts::default() };
    Some(Event::Order(OrderEvent { id: order_id?, facts, buyer: None }))
}
