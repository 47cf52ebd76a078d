//! No bytes make the parser panic, whoever signed them.

use proptest::prelude::*;
use rules::facts::OrderFacts;
use serde_json::{Value, json};
use storefront::{event::Event, shopify};

use crate::captured::{CASES, captured, keys, now, parse};

const TOPICS: [&str; 13] = [
    "orders/updated",
    "refunds/create",
    "fulfillments/update",
    "fulfillment_events/create",
    "customers/create",
    "customers/delete",
    "customers_email_marketing_consent/update",
    "products/update",
    "products/delete",
    "customers/redact",
    "customers/data_request",
    "shop/redact",
    "anything/else",
];

fn strange_values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "-?[0-9]{1,25}(\\.[0-9]{0,4})?".prop_map(Value::from),
        prop_oneof!["9999-12-31T23:59:59Z", "-009999-01-01T00:00:00Z", "2026-06-18T24:60:60Z"].prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"id": {}}], null, -1])),
    ]
}

/// The pointers of everything in the value.
fn pointers(value: &Value, here: &str, into: &mut Vec<String>) {
    into.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| pointers(value, &format!("{here}/{name}"), into))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| pointers(value, &format!("{here}/{index}"), into));
        }
        _ => {}
    }
}

/// Amounts that `rules` will multiply and add must stay within their limits.
fn assert_bounded(facts: &OrderFacts) {
    for line in facts.content().map(|content| content.lines.as_slice()).unwrap_or_default() {
        assert!(line.quantity <= 1_000_000 && line.price >= 0 && line.discount >= 0 && line.tax_included >= 0);
        assert!(line.price.checked_mul(i64::from(line.quantity)).is_some_and(|total| total <= rules::money::MAX_MINOR));
    }
    assert!(facts.refunds.values().all(|refund| refund.value.amount >= 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_are_refused_or_ignored(
        topic in prop::sample::select(&TOPICS[..]),
        body in prop::collection::vec(any::<u8>(), 0..512),
    ) {
        let event = shopify::parse(topic, &body, &keys(), now());
        let nothing = event.is_err() || matches!(event, Ok(Event::Ignored { .. }));
        prop_assert!(nothing);
    }

    #[test]
    fn a_captured_payload_with_strange_values_gives_bounded_facts_or_problems(
        case in prop::sample::select(&CASES[..]),
        topic in prop::option::of(prop::sample::select(&TOPICS[..])),
        changes in prop::collection::vec((any::<prop::sample::Index>(), strange_values()), 1..4),
    ) {
        let captured = captured(case);
        let mut body: Value = serde_json::from_str(&captured.body).unwrap();
        for (index, value) in changes {
            let mut all = Vec::new();
            pointers(&body, "", &mut all);
            *body.pointer_mut(&all[index.index(all.len())]).unwrap() = value;
        }
        match parse(topic.unwrap_or(&captured.topic), &body.to_string()) {
            Ok(Event::Order(order)) => assert_bounded(&order.facts),
            Ok(_) => {}
            Err(bad) => prop_assert!((1..=20).contains(&bad.problems.len())),
        }
    }

    #[test]
    fn a_captured_payload_with_strange_bytes_is_never_a_panic(
        case in prop::sample::select(&CASES[..]),
        at in any::<prop::sample::Index>(),
        cut in any::<bool>(),
        byte in any::<u8>(),
    ) {
        let captured = captured(case);
        let mut body = captured.body.into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        if cut {
            body.truncate(at);
        }
        let event = shopify::parse(&captured.topic, &body, &keys(), now());
        prop_assert!(event.is_ok() || event.is_err_and(|bad| !bad.problems.is_empty()));
    }
}
