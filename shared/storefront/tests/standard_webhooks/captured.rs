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
    standard_webhooks,
};

pub(crate) const CASES: [&str; 18] = [
    "activities-recorded",
    "activity-recorded",
    "cart-updated",
    "consent-updated",
    "customer-updated",
    "order-cancelled",
    "order-delivered",
    "order-paid",
    "order-paid-guest",
    "order-paid-with-code",
    "order-placed",
    "order-refunded-amount",
    "order-refunded-line",
    "order-shipped",
    "order-updated",
    "product-deleted",
    "product-updated",
    "review-created",
];

pub(crate) struct Captured {
    pub(crate) event: Value,
    pub(crate) body: String,
}

impl Captured {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.event["headers"][name].as_str().unwrap()
    }
}

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

pub(crate) fn captured(case: &str) -> Captured {
    let text = fs::read_to_string(folder().join(format!("webhooks-events-{case}.json"))).unwrap();
    let event: Value = serde_json::from_str(&text).unwrap();
    let body = event["body"].as_str().unwrap().to_owned();
    Captured { event, body }
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

pub(crate) fn parse(body: &str) -> Result<Event, BadEvent> {
    standard_webhooks::parse(body.as_bytes(), &keys(), now())
}

pub(crate) fn read(case: &str) -> Event {
    parse(&captured(case).body).unwrap()
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
    let mut body: Value = serde_json::from_str(&captured(case).body).unwrap();
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
    parse(&body.to_string())
}

pub(crate) fn order_changed(case: &str, changes: &[(&str, Option<Value>)]) -> OrderEvent {
    match read_changed(case, changes) {
        Ok(Event::Order(order)) => order,
        other => panic!("{other:?}"),
    }
}
