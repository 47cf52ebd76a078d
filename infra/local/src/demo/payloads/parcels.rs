//! Parcels, and what the carrier reports of them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    customers::address,
    lines::line,
    template::{CARRIER_EVENT, FULFILMENT, filled, gid},
};
use crate::demo::{
    order::{Order, Parcel},
    people::Person,
};

/// `fulfillments/create`, `fulfillments/update`, and the same inside an order.
pub(in crate::demo) fn fulfilment(
    person: &Person,
    order: &Order,
    position: usize,
    parcel: &Parcel,
    at: Timestamp,
) -> Value {
    let id = order.parcel_id(position);
    let delivered_at = parcel.delivered_at.filter(|delivered_at| *delivered_at <= at && !parcel.carrier_reports);
    let tracking = format!("9400{:018}", id);
    let url = format!("https://tools.usps.com/go/TrackConfirmAction.action?tLabels={tracking}");
    let lines = order.lines.iter().enumerate().filter(|(position, _)| parcel.lines.contains(position));
    let lines: Vec<Value> = lines.map(|(position, of)| line(order, position, of, person.market, at)).collect();
    filled(
        FULFILMENT.clone(),
        json!({
            "id": id,
            "admin_graphql_api_id": gid("Fulfillment", id),
            "created_at": parcel.shipped_at,
            "updated_at": delivered_at.unwrap_or(parcel.shipped_at),
            "name": format!("#{}.{}", 1_000 + order.number, position + 1),
            "order_id": order.id(),
            "shipment_status": delivered_at.map(|_| "delivered"),
            "tracking_number": tracking,
            "tracking_numbers": [tracking],
            "tracking_url": url,
            "tracking_urls": [url],
            "line_items": lines,
            "email": person.email(),
            "destination": address(person, order.placed_at),
        }),
    )
}

/// `fulfillment_events/create`: delivered.
pub(in crate::demo) fn carrier_event(
    person: &Person,
    order: &Order,
    position: usize,
    delivered_at: Timestamp,
) -> Value {
    let id = 22_110_000_000_000 + order.number * 10 + position as u64;
    let place = person.place_at(order.placed_at);
    filled(
        CARRIER_EVENT.clone(),
        json!({
            "id": id,
            "admin_graphql_api_id": gid("FulfillmentEvent", id),
            "fulfillment_id": order.parcel_id(position),
            "order_id": order.id(),
            "happened_at": delivered_at,
            "created_at": delivered_at,
            "updated_at": delivered_at,
            "estimated_delivery_at": delivered_at,
            "city": place.city,
            "province": place.province.map(|(name, _)| name),
            "country": place.country.0,
            "zip": place.zip,
            "latitude": null,
            "longitude": null,
        }),
    )
}
