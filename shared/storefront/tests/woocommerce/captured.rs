//! The events of `events/`, as API Gateway hands them over.

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use rules::{
    email::Email,
    facts::{Content, OrderFacts},
    ids::EmailKey,
};
use serde_json::Value;
use storefront::{
    email_keys::EmailKeys,
    event::{BadEvent, CustomerEvent, Event, OrderEvent},
    woocommerce,
};

/// Each has its topic; the greeting has none.
pub(crate) const CASES: [&str; 17] = [
    "customer-created",
    "customer-deleted",
    "customer-updated",
    "order-cancelled",
    "order-completed",
    "order-created",
    "order-deleted",
    "order-paid",
    "order-paid-guest-eur",
    "order-paid-with-code",
    "order-refunded",
    "order-refunded-again",
    "order-refunded-in-part",
    "product-created",
    "product-deleted",
    "product-restored",
    "product-updated",
];

/// The life of one order.
pub(crate) const LIFE: [&str; 6] = [
    "order-created",
    "order-paid",
    "order-completed",
    "order-refunded-in-part",
    "order-refunded-again",
    "order-refunded",
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
    let text = fs::read_to_string(folder().join(format!("webhooks-woocommerce-{case}.json"))).unwrap();
    let event: Value = serde_json::from_str(&text).unwrap();
    let topic = event["headers"]["x-wc-webhook-topic"].as_str().unwrap_or_default().to_owned();
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
    woocommerce::parse(topic, body.as_bytes(), &keys(), now())
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

pub(crate) fn customer(case: &str) -> CustomerEvent {
    match read(case) {
        Event::Customer(customer) => customer,
        other => panic!("{other:?}"),
    }
}

/// What the captured event says with the value at each pointer replaced, or taken away where it is `None`.
pub(crate) fn read_changed(case: &str, changes: &[(&str, Option<Value>)]) -> Result<Event, BadEvent> {
    let captured = captured(case);
    let mut body: Value = serde_json::from_str(&captured.body).unwrap();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match (body.pointer_mut(parent).unwrap(), value) {
            (Value::Object(fields), Some(value)) => {
                fields.insert(name.to_owned(), value.clone());
            }
            (Value::Object(fields), None) => {
                fields.remove(name).unwrap();
            }
            (parent, value) => parent[name.parse::<usize>().unwrap()] = value.clone().unwrap(),
        }
    }
    parse(&captured.topic, &body.to_string())
}

pub(crate) fn order_changed(case: &str, changes: &[(&str, Option<Value>)]) -> OrderEvent {
    match read_changed(case, changes) {
        Ok(Event::Order(order)) => order,
        other => panic!("{other:?}"),
    }
}
