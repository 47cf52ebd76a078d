//! An order as a mail shows it.

use mail::{letter::OrderView, web_link::WebLink};
use rules::{facts::Shipment, message::Message, order::Order, zone::Zone};

/// What the mail may tell of it: its own days are the shop's, that of its arrival the reader's.
pub(crate) fn order_view(order: &Order, message: &Message, shop: &Zone, reader: &Zone) -> Option<OrderView> {
    let content = order.facts.content()?;
    let shipment = shipment(order, message);
    let arrived_at = order.facts.delivered_at();
    // what has arrived is expected no more
    let expected_at = shipment.and_then(|shipment| shipment.estimated_delivery_at).filter(|_| arrived_at.is_none());
    Some(OrderView {
        number: content.number.clone().unwrap_or_else(|| order.key.id.to_string()),
        placed_on: shop.date(content.created_at),
        total: None,
        tracking_number: shipment.and_then(|shipment| shipment.tracking_number.clone()),
        tracking_url: shipment.and_then(|s| s.tracking_url.as_deref()).and_then(|url| WebLink::parse(url).ok()),
        tracking_company: shipment.and_then(|shipment| shipment.tracking_company.clone()),
        estimated_on: expected_at.map(|at| shop.date(at)),
        delivered_on: arrived_at.map(|at| reader.date(at)),
    })
}

/// The parcel that the message is about, else the newest.
fn shipment<'o>(order: &'o Order, message: &Message) -> Option<&'o Shipment> {
    let part = message.subject.splitn(3, '#').nth(2);
    let mut shipments: Vec<(&str, &Shipment)> = order
        .facts
        .fulfilments
        .iter()
        .filter_map(|(id, fulfilment)| Some((id.as_str(), &fulfilment.shipment.as_ref()?.value)))
        .filter(|(_, shipment)| !shipment.cancelled)
        .collect();
    shipments.sort_by_key(|(_, shipment)| shipment.shipped_at);
    let named = shipments.iter().find(|(id, _)| Some(*id) == part);
    named.or(shipments.last()).map(|(_, shipment)| *shipment)
}
