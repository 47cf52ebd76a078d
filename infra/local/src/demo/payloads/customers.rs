//! Customers and their addresses.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::template::{CONSENT, CUSTOMER, DELETED, ORDER, filled, gid, part};
use crate::demo::people::Person;

/// `customers/create`
pub(in crate::demo) fn created(person: &Person) -> Value {
    let since = person.customer_since().unwrap_or(person.since);
    updated(person, since)
}

/// `customers/update`
pub(in crate::demo) fn updated(person: &Person, at: Timestamp) -> Value {
    let id = person.customer_id();
    let address = filled(part(&CUSTOMER, "/default_address"), address_fields(person, at));
    let address = filled(address, json!({ "id": 1_800_000_000_000 + id, "customer_id": id }));
    filled(
        CUSTOMER.clone(),
        json!({
            "id": id,
            "created_at": person.customer_since(),
            "updated_at": at,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "state": if person.has_account(at) { "enabled" } else { "disabled" },
            "verified_email": person.has_account(at),
            "email_marketing_consent": consent_at(person, at),
            "email": person.email(),
            "currency": person.market.currency,
            "admin_graphql_api_id": gid("Customer", id),
            "addresses": [address],
            "default_address": address,
        }),
    )
}

/// The customer inside an order, which has one address.
pub(super) fn inside_order(person: &Person, at: Timestamp) -> Value {
    let mut customer = updated(person, at);
    if let Some(customer) = customer.as_object_mut() {
        customer.remove("addresses");
    }
    customer
}

/// `customers_email_marketing_consent/update`
pub(in crate::demo) fn consent(person: &Person, at: Timestamp) -> Value {
    let consent = filled(part(&CONSENT, "/email_marketing_consent"), consent_at(person, at));
    filled(
        CONSENT.clone(),
        json!({
            "customer_id": person.customer_id(),
            "email_address": person.email(),
            "email_marketing_consent": consent,
        }),
    )
}

/// `customers/delete`
pub(in crate::demo) fn deleted(person: &Person) -> Value {
    let id = person.customer_id();
    filled(DELETED.clone(), json!({ "id": id, "admin_graphql_api_id": gid("Customer", id) }))
}

pub(super) fn address(person: &Person, at: Timestamp) -> Value {
    let address = filled(part(&ORDER, "/shipping_address"), address_fields(person, at));
    filled(address, json!({ "latitude": null, "longitude": null }))
}

fn address_fields(person: &Person, at: Timestamp) -> Value {
    let place = person.place_at(at);
    json!({
        "first_name": person.first_name,
        "last_name": person.last_name,
        "name": format!("{} {}", person.first_name, person.last_name),
        "address1": format!("{} {}", person.number % 90 + 1, place.street),
        "address2": null,
        "phone": null,
        "city": place.city,
        "zip": place.zip,
        "province": place.province.map(|(name, _)| name),
        "province_code": place.province.map(|(_, code)| code),
        "country": place.country.0,
        "country_code": place.country.1,
    })
}

fn consent_at(person: &Person, at: Timestamp) -> Value {
    let unsubscribed_at = person.unsubscribed_at.filter(|since| *since <= at);
    let (state, since) = match (person.subscribed, unsubscribed_at) {
        (_, Some(since)) => ("unsubscribed", Some(since)),
        (true, None) => ("subscribed", person.customer_since()),
        (false, None) => ("not_subscribed", None),
    };
    json!({ "state": state, "opt_in_level": "single_opt_in", "consent_updated_at": since })
}
