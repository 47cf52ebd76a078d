//! Standard Webhooks (<https://www.standardwebhooks.com>): how a shop that is neither Shopify nor
//! WooCommerce tells us of its orders and customers. These docs are the reference of the bodies.
//!
//! # Every body
//!
//! ```json
//! {"type": "order.paid", "timestamp": "2026-06-18T10:00:07Z", "data": {}}
//! ```
//!
//! - `type`: one of those below.
//! - `timestamp`: when it happened, not when it is sent, so that an event that is sent again is the
//!   very same body. `data` is what was true at that time: of two events that tell of the same order or
//!   customer, the later `timestamp` holds, whichever arrives first.
//! - `data`: depends on the type.
//!
//! Ids are texts of 1 to 128 letters, digits and `._~-:/=+`. Times are RFC 3339 with their offset, not
//! before the year 2000 and at most 24 hours ahead. Money is `{"amount": "40.98", "currency": "USD"}`,
//! never negative. A field may be null instead of missing; one that is not named here is ignored; one
//! of the wrong type or form makes the whole body malformed.
//!
//! # Types
//!
//! | type | `data` |
//! | --- | --- |
//! | `order.placed`, `order.updated` | an order, whole |
//! | `order.paid` | an order, whole, with its `paid_at` |
//! | `order.refunded` | `{"order_id", "refund"}` |
//! | `order.cancelled` | `{"order_id", "cancelled_at"}` |
//! | `order.shipped` | `{"order_id", "fulfilment"}`, with its `shipped_at` |
//! | `order.delivered` | `{"order_id", "fulfilment"}`, with its `delivered_at` |
//! | `customer.updated` | a customer, with an `id` |
//! | `consent.updated` | `{"customer_id", "consent"}` |
//! | `product.updated` | a product |
//! | `activity.recorded` | an activity, or `{"activities"}`: a list of at most 100 |
//! | `review.created` | a review |
//! | `cart.updated`, `product.viewed`, `subscription.*` | anything: they are taken and ignored |
//!
//! Events may be sent in any order, and more than once. A refund, a cancellation, a shipment or a
//! delivery that comes before its order waits for it. What an order's later body leaves out of
//! `refunds` and `fulfilments`, or of `paid_at` and `cancelled_at`, is not taken back; of everything
//! else, its codes among it, the latest body holds.
//!
//! # Order
//!
//! | field | |
//! | --- | --- |
//! | `id` | needed |
//! | `currency` | needed: ISO 4217, that of all its money |
//! | `created_at` | needed |
//! | `paid_at` | when all of it was paid; it earns from then on. The earliest that any body says holds |
//! | `cancelled_at` | when it was cancelled, for good. The earliest holds |
//! | `test` | true: it earns nothing |
//! | `customer` | who bought; without one it waits until a later body names them |
//! | `lines` | needed: a list of lines, at most 500 |
//! | `discount_codes` | the codes that the checkout took: a list of `{"code", "amount"}`, of which 20 are looked at; `amount` is the money that the code took off, unknown if it is missing. A code that is none of ours is the shop's own |
//! | `hold` | the `id` of the hold that the order uses, where no code says so; `metadata.regulars_hold` means the same |
//! | `refunds`, `fulfilments` | lists of those below, at most 500 each |
//!
//! A **line** is what was sold, without shipping and fees, which earn nothing:
//!
//! | field | |
//! | --- | --- |
//! | `id` | needed: within the order, the same for ever |
//! | `product_id` | |
//! | `kind` | `product` (the default), `gift_card` or `tip`; the last two earn nothing |
//! | `quantity` | needed: whole units; those that were refunded count, those that were edited away do not |
//! | `price` | needed: money, of one unit |
//! | `discount` | money, of the whole line, its part of the order's discounts included |
//! | `tax_included` | money, of the whole line: the tax that is in what is left of the price after the discount; leave it out if prices come without tax |
//!
//! # Refund
//!
//! | field | |
//! | --- | --- |
//! | `id` | needed |
//! | `refunded_at` | needed |
//! | `updated_at` | when it was last changed, if it was: of two bodies with the same `id` the later holds |
//! | `lines` | units that came back: a list of `{"line_id", "quantity"}` |
//! | `amount` | money that came back for no unit, without tax and shipping, in the order's currency |
//!
//! It has `lines`, `amount` or both.
//!
//! # Fulfilment
//!
//! One parcel. An order is delivered when each of its parcels that was shipped is.
//!
//! | field | |
//! | --- | --- |
//! | `id` | needed |
//! | `shipped_at` | when it was handed over; without it the fields below say nothing |
//! | `updated_at` | when what is below was last changed, if it was |
//! | `cancelled` | true: it never went, or never will |
//! | `tracking_company`, `tracking_number` | text |
//! | `tracking_url` | `https://` or `http://` |
//! | `estimated_delivery_at` | at most a year ahead |
//! | `delivered_at` | when it reached the buyer; the latest that any body says holds |
//!
//! # Customer
//!
//! | field | |
//! | --- | --- |
//! | `id` | the shop's own; a guest has none |
//! | `email` | |
//! | `email_verified` | true: the shop has proof that the address is theirs. Only then does an account join the member whose address it is |
//! | `has_account` | whether they can sign in; if left out, whoever has an `id` can |
//! | `name`, `locale` (`de-AT`), `country` (`AT`) | |
//! | `consent` | `{"marketing", "marketing_at"}`: `granted`, `pending`, `withdrawn` or `unknown`, and when it was said, which goes before `timestamp`: the latest statement holds. `confirmed`: true once they confirmed it from their mailbox; elsewise a grant waits for that where the program asks for it. `topics` and `topics_at`: which of `reviews`, `replenishment`, `loyalty` and `offers` are switched on (true) or off (false), and when |
//!
//! # Activity
//!
//! What a member did besides buying. The program says what it earns, within its caps; each of a list is
//! taken for itself.
//!
//! | field | |
//! | --- | --- |
//! | `id` | needed: the shop's own of this very deed. It earns once, for ever, however often it is told |
//! | `customer_id` | needed: a customer who was told of before |
//! | `type` | needed: the name that the program has for it; another is taken and ignored |
//! | `subject` | what it is about, where that matters: a product, a survey, never a person; up to 200 visible ASCII characters, of which case and doubled blanks make no difference |
//! | `occurred_at` | needed: points expire by it; caps count when the event arrives |
//!
//! # Review
//!
//! Records the activity `review` about its product and, if it has a `rating`, the review itself, whether or
//! not it earns anything. A member has one review of a product: what they say of it later replaces what they
//! said before. Proof of purchase is looked for when it arrives.
//!
//! | field | |
//! | --- | --- |
//! | `id`, `customer_id` | needed: as of an activity |
//! | `product_id` | needed: that of the lines of orders |
//! | `created_at` | needed: when it was written, or last changed |
//! | `rating` | 1 to 5 |
//! | `title`, `text` | text, never markup; what is over 120 and 5,000 characters is cut |
//! | `author` | the name to show it under, empty for none; if left out, `Jane D.` of the member's name |
//!
//! # Product
//!
//! | field | |
//! | --- | --- |
//! | `id` | needed: the `product_id` of lines |
//! | `deleted` | true: it is sold no more, and only `id` is read; what is told of it later lists it again |
//! | `title` | needed unless it is deleted; markup in it is text |
//! | `url`, `image_url` | `https://`; other addresses are left out |
//! | `price` | money |
//! | `category`, `vendor` | text |
//! | `tags` | a list of texts, of which the first 30 are kept |
//!
//! Texts are kept on one line, of at most 255 characters.

mod activities;
mod consent;
mod customers;
mod fulfilments;
mod lines;
mod orders;
mod products;
mod refunds;
mod signature;

use jiff::Timestamp;

use crate::{
    email_keys::EmailKeys,
    event::{BadEvent, Event},
    reading::{Object, Reading},
};
pub use signature::{BadSecret, Verdict, secret_of, sign, verify};

/// What `data` may be.
#[derive(Clone, Copy)]
enum Payload {
    Order {
        paid: bool,
    },
    Refunded,
    Cancelled,
    Shipped,
    Delivered,
    Customer,
    Consent,
    Product,
    Activities,
    Review,
    /// It is taken, and nothing follows from it.
    Ignored(&'static str),
}

/// A name that ends in `*` is of all that begin so.
const TYPES: [(&str, Payload); 15] = [
    ("order.placed", Payload::Order { paid: false }),
    ("order.updated", Payload::Order { paid: false }),
    ("order.paid", Payload::Order { paid: true }),
    ("order.refunded", Payload::Refunded),
    ("order.cancelled", Payload::Cancelled),
    ("order.shipped", Payload::Shipped),
    ("order.delivered", Payload::Delivered),
    ("customer.updated", Payload::Customer),
    ("consent.updated", Payload::Consent),
    ("product.updated", Payload::Product),
    ("activity.recorded", Payload::Activities),
    ("review.created", Payload::Review),
    ("cart.updated", Payload::Ignored("no points follow from `cart.updated`")),
    ("product.viewed", Payload::Ignored("no points follow from `product.viewed`")),
    ("subscription.*", Payload::Ignored("no points follow from `subscription.*`")),
];

/// Every type of event that is known, those that are ignored among them; `*` stands for any ending.
pub fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// Reads the body of a webhook that is genuine. A type that means nothing to us is ignored whatever
/// else the body says.
///
/// # Errors
/// Names each field at fault, at most 20 of them.
pub fn parse(body: &[u8], keys: &EmailKeys, now: Timestamp) -> Result<Event, BadEvent> {
    let reading = Reading::new(now);
    let event = reading.root(body).and_then(|envelope| event(&envelope, keys));
    reading.finish(event)
}

fn event(envelope: &Object, keys: &EmailKeys) -> Option<Event> {
    let payload = payload_of(&envelope.need("type").text()?);
    if let Payload::Ignored(reason) = payload {
        return Some(Event::Ignored { reason });
    }
    let told_at = envelope.need("timestamp").time();
    let data = envelope.need("data").object()?;
    match payload {
        Payload::Order { paid } => orders::event(&data, paid, told_at, keys),
        Payload::Refunded => orders::refunded(&data),
        Payload::Cancelled => orders::cancelled(&data),
        Payload::Shipped => orders::parcel(&data, "shipped_at"),
        Payload::Delivered => orders::parcel(&data, "delivered_at"),
        Payload::Customer => customers::event(&data, told_at),
        Payload::Consent => consent::event(&data),
        Payload::Product => products::event(&data, told_at),
        Payload::Activities => activities::event(&data),
        Payload::Review => activities::review(&data),
        Payload::Ignored(reason) => Some(Event::Ignored { reason }),
    }
}

/// An order of a file: what the shop's own events tell of it, whenever, holds before it.
pub(crate) fn exported(order: &Object, keys: &EmailKeys) -> Option<Event> {
    orders::exported(order, keys)
}

fn payload_of(event_type: &str) -> Payload {
    let means = |name: &str| name.strip_suffix('*').map_or(name == event_type, |stem| event_type.starts_with(stem));
    let known = TYPES.iter().find(|(name, _)| means(name));
    known.map_or(Payload::Ignored("nothing follows from this type"), |(_, payload)| *payload)
}
