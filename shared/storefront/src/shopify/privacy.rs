//! What the law lets a customer ask of a shop, and what follows the end of a shop's use of us.

use rules::ids::{CustomerId, Source};

use crate::{
    event::{Event, PrivacyDemand, PrivacyEvent},
    reading::Object,
};

pub(super) fn customer_redact(body: &Object) -> Option<Event> {
    let (shop, customer_id) = (shop(body), customer_id(body));
    event(shop?, PrivacyDemand::Redact { customer_id: customer_id? })
}

pub(super) fn data_request(body: &Object) -> Option<Event> {
    let (shop, customer_id) = (shop(body), customer_id(body));
    let request = body.need("data_request").object().and_then(|request| request.need("id").id());
    event(shop?, PrivacyDemand::Data { customer_id: customer_id?, request: request? })
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

/// The customer's address and telephone number are not read.
fn customer_id(body: &Object) -> Option<CustomerId> {
    body.need("customer").object()?.need("id").id()
}
