//! Customers, in their own topics and inside orders.

use std::collections::BTreeMap;

use rules::profile::ProfileFacts;

use super::consent;
use crate::{
    event::{CustomerEvent, Event},
    person,
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
    let email = person::email(customer, "email");
    let verified = customer.get("verified_email").flag().unwrap_or(false);
    let has_account = customer.get("state").text().as_deref() == Some("enabled");
    let stated_by = customer.get("updated_at").time();
    ProfileFacts {
        email_verified: verified && email.is_some(),
        email,
        has_account,
        name: person::name(customer),
        locale: None,
        marketing: consent::statement(customer, stated_by),
        topics: BTreeMap::new(),
        country,
    }
}

pub(super) fn country(address: &Object) -> Option<String> {
    person::country(address, "country_code")
}
