//! WooCommerce: which topics mean something, and the facts in their payloads (its REST API, version 3:
//! <https://woocommerce.github.io/woocommerce-rest-api-docs/>).
//!
//! What it tells differently from others, and how that is read:
//!
//! - `paid_at` is `date_paid_gmt`; an order is shipped, as one parcel, at `date_completed_gmt`. No
//!   delivery is told.
//! - An order's state is no event but a field that changes back and forth, so it is part of the
//!   content, of which the newest holds: the buyer keeps nothing of an order that is cancelled, failed,
//!   refunded or in the trash. Only a paid order that is cancelled or trashed is cancelled for good,
//!   because WooCommerce cancels unpaid ones by itself and takes their payment all the same when it
//!   comes late.
//! - A refund is an amount with tax and shipping, and has no lines and no date: see `refunds`.
//! - Nothing verifies an address: whoever has an account is known by its number.

mod customers;
pub(crate) mod customers_csv;
mod lines;
mod orders;
mod products;
mod refunds;

use jiff::Timestamp;

pub use crate::body_signature::verify;
use crate::{
    email_keys::EmailKeys,
    event::{BadEvent, Event},
    reading::{Object, Reading},
};

/// The payloads that are understood.
enum Payload {
    Order,
    OrderDeleted,
    Customer { created: bool },
    CustomerDeleted,
    Product,
    ProductDeleted,
}

/// Whether the body is the greeting that WooCommerce sends when a webhook is saved: the form
/// `webhook_id=123`, neither JSON nor signed. It proves nothing, and nothing follows from it, but that
/// WooCommerce takes the address for dead unless it is answered 200.
pub fn is_ping(body: &[u8]) -> bool {
    let number = body.strip_prefix(b"webhook_id=");
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// Reads the body of a webhook whose signature holds. The topic is that of `X-WC-Webhook-Topic`; one
/// that means nothing to us is ignored whatever its body is.
///
/// A deleted order, customer or product is named by a body that has nothing but its number, so that no other
/// payload, sent again under that topic, which is not signed, deletes anything. It tells no time: the
/// order is cancelled and the product deleted `now`.
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
        Payload::OrderDeleted => orders::deleted(&body, now),
        Payload::Customer { created } => customers::event(&body, created),
        Payload::CustomerDeleted => customers::deleted(&body),
        Payload::Product => products::event(&body),
        Payload::ProductDeleted => products::deleted(&body, now),
    });
    reading.finish(event)
}

/// An order as the REST API lists it, which is what a webhook of it tells too.
pub(crate) fn order(order: &Object, keys: &EmailKeys) -> Option<Event> {
    orders::event(order, keys)
}

fn payload_of(topic: &str) -> Result<Payload, &'static str> {
    match topic {
        "order.created" | "order.updated" | "order.restored" => Ok(Payload::Order),
        "order.deleted" => Ok(Payload::OrderDeleted),
        "customer.created" => Ok(Payload::Customer { created: true }),
        "customer.updated" => Ok(Payload::Customer { created: false }),
        "customer.deleted" => Ok(Payload::CustomerDeleted),
        "product.created" | "product.updated" | "product.restored" => Ok(Payload::Product),
        "product.deleted" => Ok(Payload::ProductDeleted),
        _ => Err("nothing follows from this topic"),
    }
}
