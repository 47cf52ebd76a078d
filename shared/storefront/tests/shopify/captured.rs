//! The events of `events/`, as API Gateway hands them over.

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use rules::{
    email::Email,
    facts::{Content, Line, OrderFacts},
    ids::EmailKey,
};
use serde_json::Value;
use storefront::{
    email_keys::EmailKeys,
    event::{BadEvent, CustomerEvent, Event, OrderEvent},
    shopify,
};

pub(crate) const CASES: [&str; 25] = [
    "customers-consent-update",
    "customers-create",
    "customers-data-request",
    "customers-delete",
    "customers-redact",
    "customers-update",
    "fulfillment-events-create",
    "fulfillments-create",
    "fulfillments-update",
    "orders-cancelled",
    "orders-create",
    "orders-edited-as-updated",
    "orders-fulfilled",
    "orders-paid",
    "orders-paid-eur-taxes-included",
    "orders-paid-guest",
    "orders-paid-test",
    "orders-paid-with-code",
    "orders-updated",
    "products-create",
    "products-delete",
    "products-update",
    "refunds-create-amount",
    "refunds-create-line",
    "shop-redact",
];

pub(crate) struct Captured {
    pub(crate) event: Value,
    pub(crate) topic: String,
    pub(crate) body: String,
}

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

pub(crate) fn captured(case: &str) -> Captured {
    let text = fs::read_to_string(folder().join(format!("webhooks-shopify-{case}.json"))).unwrap();
    let event: Value = serde_json::from_str(&text).unwrap();
    let topic = event["headers"]["x-shopify-topic"].as_str().unwrap().to_owned();
    let body = event["body"].as_str().unwrap().to_owned();
    Captured { event, topic, body }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn now() -> Timestamp {
    at("2026-07-02T00:00:00Z")
}

pub(crate) fn keys() -> EmailKeys {
    EmailKeys::new(b"dev-email")
}

pub(crate) fn key_of(address: &str) -> EmailKey {
    keys().key(&Email::parse(address).unwrap())
}

pub(crate) fn parse(topic: &str, body: &str) -> Result<Event, BadEvent> {
    shopify::parse(topic, body.as_bytes(), &keys(), now())
}

pub(crate) fn read(case: &str) -> Event {
    let captured = captured(case);
    parse(&captured.topic, &captured.body).unwrap()
}

pub(crate) fn order(case: &str) -> OrderEvent {
    match read(case) {
        Event::Order(order) => order,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn facts(case: &str) -> OrderFacts {
    order(case).facts
}

pub(crate) fn content(case: &str) -> Content {
    facts(case).content.unwrap().value
}

pub(crate) fn line(case: &str, index: usize) -> Line {
    content(case).lines[index].clone()
}

pub(crate) fn customer(case: &str) -> CustomerEvent {
    match read(case) {
        Event::Customer(customer) => customer,
        other => panic!("{other:?}"),
    }
}

/// The captured body with the value at each pointer replaced, or taken away where it is `None`.
pub(crate) fn changed(case: &str, changes: &[(&str, Option<Value>)]) -> String {
    let mut body: Value = serde_json::from_str(&captured(case).body).unwrap();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = body.pointer_mut(parent).unwrap();
        match (parent, value) {
            (Value::Object(fields), Some(value)) => {
                fields.insert(name.to_owned(), value.clone());
            }
            (Value::Object(fields), None) => {
                fields.remove(name).unwrap();
            }
            (parent, value) => parent[name.parse::<usize>().unwrap()] = value.clone().unwrap(),
        }
    }
    body.to_string()
}

/// What the captured event says with those changes.
pub(crate) fn read_changed(case: &str, changes: &[(&str, Option<Value>)]) -> Result<Event, BadEvent> {
    parse(&captured(case).topic, &changed(case, changes))
}

pub(crate) fn order_changed(case: &str, changes: &[(&str, Option<Value>)]) -> OrderEvent {
    match read_changed(case, changes) {
        Ok(Event::Order(order)) => order,
        other => panic!("{other:?}"),
    }
}
