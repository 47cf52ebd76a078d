//! Shopify: which topics mean something, and the facts in their payloads; what its app proxy forwards.

pub mod app_proxy;
mod buyers;
mod consent;
mod customers;
pub(crate) mod customers_csv;
mod discounts;
mod exported_lines;
mod fulfilments;
mod lines;
mod orders;
pub(crate) mod orders_csv;
mod privacy;
mod products;
mod refunds;

use jiff::Timestamp;

pub use crate::body_signature::verify;
use crate::{
    email_keys::EmailKeys,
    event::{BadEvent, Event},
    reading::Reading,
};

/// The payloads that are understood.
enum Payload {
    Order,
    Refund,
    Fulfilment,
    FulfilmentEvent,
    Customer { created: bool },
    CustomerDeleted,
    EmailConsent,
    Product,
    ProductDeleted,
    CustomerRedact,
    DataRequest,
    ShopRedact,
}

/// Reads the body of a webhook whose signature holds. The topic is that of `X-Shopify-Topic`; one
/// that means nothing to us is ignored whatever its body is.
///
/// The same refund or fulfilment gives the same facts, to the hash, in its own topic and inside an
/// order. A refund names its currency only in amounts of the `*_set` kind: inside an order the
/// order's currency stands in; in `refunds/create` an amount without any is refused, units are not.
///
/// # Errors
/// Names each field at fault, at most 20 of them.
pub fn parse(topic: &str, body: &[u8], keys: &EmailKeys, now: Timestamp) -> Result<Event, BadEvent> {
    let payload = match payload_of(topic) {
        Ok(payload) => payload,
        Err(reason) => return Ok(Event::Ignored { reason }),
    };
    let reading = Reading::new(now);
    let event = reading.root(body).and_then(|body| match payload {
        Payload::Order => orders::event(&body, keys),
        Payload::Refund => refunds::event(&body),
        Payload::Fulfilment => fulfilments::event(&body),
        Payload::FulfilmentEvent => fulfilments::carrier_event(&body),
        Payload::Customer { created } => customers::event(&body, created),
        Payload::CustomerDeleted => customers::deleted(&body),
        Payload::EmailConsent => consent::event(&body, now),
        Payload::Product => products::event(&body),
        Payload::ProductDeleted => products::deleted(&body, now),
        Payload::CustomerRedact => privacy::customer_redact(&body),
        Payload::DataRequest => privacy::data_request(&body),
        Payload::ShopRedact => privacy::shop_redact(&body),
    });
    reading.finish(event)
}

fn payload_of(topic: &str) -> Result<Payload, &'static str> {
    match topic {
        "orders/create"
        | "orders/updated"
        | "orders/paid"
        | "orders/cancelled"
        | "orders/fulfilled"
        | "orders/partially_fulfilled" => Ok(Payload::Order),
        "orders/edited" => Err("an edit lists only its changes; the order follows in `orders/updated`"),
        "refunds/create" => Ok(Payload::Refund),
        "fulfillments/create" | "fulfillments/update" => Ok(Payload::Fulfilment),
        "fulfillment_events/create" => Ok(Payload::FulfilmentEvent),
        "customers/create" => Ok(Payload::Customer { created: true }),
        "customers/update" | "customers/enable" | "customers/disable" => Ok(Payload::Customer { created: false }),
        "customers/delete" => Ok(Payload::CustomerDeleted),
        "customers_email_marketing_consent/update" => Ok(Payload::EmailConsent),
        "products/create" | "products/update" => Ok(Payload::Product),
        "products/delete" => Ok(Payload::ProductDeleted),
        "customers/redact" => Ok(Payload::CustomerRedact),
        "customers/data_request" => Ok(Payload::DataRequest),
        "shop/redact" => Ok(Payload::ShopRedact),
        _ => Err("nothing follows from this topic"),
    }
}
