//! What is malformed is refused with a problem that names the field, and nothing is written.
#![cfg(test)]

mod events;
mod requests;

use serde_json::{Value, json};
use tests::{Answer, Shop, at, captured, payloads::fulfilment};

const NOW: &str = "2026-06-28T12:00:00Z";

fn order() -> Value {
    let mut order = captured("orders-updated").payload();
    order["refunds"] = json!([captured("refunds-create-line").payload()]);
    order["fulfillments"] = json!([fulfilment(&order, 5_440_000_000_001, at("2026-06-19T10:00:00Z"))]);
    order
}

async fn open() -> Shop {
    let shop = Shop::open(NOW).await;
    shop.wire.clear();
    shop
}

fn assert_nothing_was_written(shop: &Shop) {
    assert!(!shop.wire.calls().iter().any(tests::Call::writes), "{:?}", shop.wire.calls());
}

/// The fields that the answer refuses, each with a reason.
#[track_caller]
fn named(answer: Answer) -> Vec<String> {
    let problem = answer.is_problem(400, "invalid-request");
    let errors = problem["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| !error["reason"].as_str().unwrap().is_empty()), "{problem}");
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

/// The answer refuses the request and names exactly these fields.
#[track_caller]
fn refuses(answer: Answer, pointers: &[&str]) {
    assert_eq!(named(answer), pointers);
}

fn with(payload: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = payload.clone();
    *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    changed
}
