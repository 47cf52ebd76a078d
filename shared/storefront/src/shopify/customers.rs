//! Customers, in their own topics and inside orders.

use rules::{email::Email, profile::ProfileFacts};

use super::consent;
use crate::{
    event::{CustomerEvent, Event},
    reading::Object,
};

pub(super) fn event(customer: &Object, created: bool) -> Option<Event> {
    let customer_id = customer.need("id").id();
    let updated_at = customer.need("updated_at").time();
    let profile = profile(customer, None);
    Some(Event::Customer(CustomerEvent { customer_id: customer_id?, created, profile, updated_at: updated_at? }))
}

pub(super) fn deleted(customer: &Object) -> Option<Event> {
    Some(Event::CustomerDeleted { customer_id: customer.need("id").id()? })
}

/// `order_country` is where the order goes; without one it is the customer's own.
pub(super) fn profile(customer: &Object, order_country: Option<String>) -> ProfileFacts {
    let home = customer.object("default_address").as_ref().and_then(country);
    let country = order_country.or(home);
    let email = email(customer, "email");
    let verified = customer.get("verified_email").flag().unwrap_or(false);
    let has_account = customer.get("state").text().as_deref() == Some("enabled");
    let stated_by = customer.get("updated_at").time();
    ProfileFacts {
        email_verified: verified && email.is_some(),
        email,
        has_account,
        name: name(customer),
        locale: None,
        marketing: consent::statement(customer, consent::needs_confirmation(country.as_deref()), stated_by),
        country,
    }
}

/// What no mail server would take is no address; it does not make an order malformed.
pub(super) fn email(holder: &Object, field: &str) -> Option<Email> {
    holder.get(field).text().and_then(|text| Email::parse(&text).ok())
}

/// First and last name of a customer or an address.
pub(super) fn name(holder: &Object) -> Option<String> {
    let parts = [holder.get("first_name").text(), holder.get("last_name").text()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if name.is_empty() { None } else { Some(name) }
}

pub(super) fn country(address: &Object) -> Option<String> {
    let is_code = |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    address.get("country_code").text().filter(is_code)
}
