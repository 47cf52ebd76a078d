//! Parcels, alone and inside orders alike.

use rules::{
    facts::{Fulfilment, Shipment},
    ids::FulfilmentId,
    register::Register,
};

use crate::reading::{Object, is_web_address};

pub(super) fn read(fulfilment: &Object) -> Option<(FulfilmentId, Fulfilment)> {
    let id = fulfilment.need("id").text_id();
    let delivered_at = fulfilment.get("delivered_at").time();
    let shipment = shipment(fulfilment);
    Some((id?, Fulfilment { shipment, delivered_at, said_delivered_at: None }))
}

/// Nothing until it is handed over.
fn shipment(fulfilment: &Object) -> Option<Register<Shipment>> {
    let shipped_at = fulfilment.get("shipped_at").time();
    let updated_at = fulfilment.get("updated_at").time().or(shipped_at);
    let cancelled = fulfilment.get("cancelled").flag().unwrap_or(false);
    let tracking_company = fulfilment.get("tracking_company").text();
    let tracking_number = fulfilment.get("tracking_number").text();
    let tracking_url = fulfilment.get("tracking_url").text_in_form(is_web_address, "a web address");
    let estimated_delivery_at = fulfilment.get("estimated_delivery_at").expected_time();
    let shipped_at = shipped_at?;
    let shipment =
        Shipment { shipped_at, cancelled, tracking_company, tracking_number, tracking_url, estimated_delivery_at };
    Register::new(updated_at?, shipment).ok()
}
