//! What the law lets a customer ask of a shop, and what follows the end of a shop's use of us.

use rules::{
    email::Email,
    ids::{CustomerId, Source},
};

use crate::{
    event::{Event, PrivacyDemand, PrivacyEvent},
    person,
    reading::Object,
};

pub(super) fn customer_redact(body: &Object) -> Option<Event> {
    let (shop, customer) = (shop(body), customer(body));
    let (customer_id, email) = customer?;
    event(shop?, PrivacyDemand::Redact { customer_id, email })
}

pub(super) fn data_request(body: &Object) -> Option<Event> {
    let (shop, customer) = (shop(body), customer(body));
    let request = body.need("data_request").object().and_then(|request| request.need("id").id());
    let (customer_id, email) = customer?;
    event(shop?, PrivacyDemand::Data { customer_id, email, request: request? })
}

pub(super) fn shop_redact(body: &Object) -> Option<Event> {
    event(shop(body)?, PrivacyDemand::RedactShop)
}

#[allow(clippy::unnecessary_wraps, reason = "every payload is read into an event or none")]
fn event(shop: Source, demand: PrivacyDemand) -> Option<Event> {
    Some(Event::Privacy(PrivacyEvent { shop, demand }))
}

/// The source that such a shop is.
fn shop(body: &Object) -> Option<Source> {
    let domain = body.need("shop_domain");
    let name = format!("shopify:{}", domain.text()?);
    Source::parse(&name).ok().or_else(|| domain.refuse("is not a domain"))
}

/// With the address, by which a guest of whom no event named the number is found; telephone numbers are not read.
fn customer(body: &Object) -> Option<(CustomerId, Option<Email>)> {
    let customer = body.need("customer").object()?;
    Some((customer.need("id").id()?, person::email(&customer, "email")))
}
