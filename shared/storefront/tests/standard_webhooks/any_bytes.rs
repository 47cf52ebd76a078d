//! No bytes make the parser or the verification panic, whoever signed them.

use jiff::Timestamp;
use proptest::prelude::*;
use rules::{facts::OrderFacts, money::MAX_MINOR};
use serde_json::{Value, json};
use storefront::{
    event::Event,
    standard_webhooks::{Verdict, parse, sign, verify},
};

use crate::captured::{self, CASES, captured, keys, now};

const TYPES: [&str; 9] = [
    "order.placed",
    "order.paid",
    "order.refunded",
    "order.cancelled",
    "order.shipped",
    "order.delivered",
    "customer.updated",
    "consent.updated",
    "anything.else",
];

fn strange_values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "-?[0-9]{1,25}(\\.[0-9]{0,4})?".prop_map(Value::from),
        prop_oneof!["9999-12-31T23:59:59Z", "-009999-01-01T00:00:00Z", "2026-06-18T24:60:60Z"].prop_map(Value::from),
        prop_oneof!["gift_card", "tip", "JPY", "KWD", "withdrawn"].prop_map(Value::from),
        (0..u32::MAX).prop_map(|amount| json!({"amount": amount.to_string(), "currency": "EUR"})),
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
        assert!(line.price.checked_mul(i64::from(line.quantity)).is_some_and(|total| total <= MAX_MINOR));
    }
    assert!(facts.refunds.values().all(|refund| refund.value.amount >= 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_are_refused(body in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(parse(&body, &keys(), now()).is_err());
    }

    #[test]
    fn arbitrary_headers_and_secrets_are_not_genuine(
        secret in ".{0,40}",
        id in ".{0,20}",
        sent_at in prop_oneof![Just("1782950400".to_owned()), ".{0,12}", "[0-9]{1,25}"],
        signatures in prop_oneof![".{0,60}", "(v1,[A-Za-z0-9+/]{43}= ){0,3}"],
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let verdict = verify(&[&secret, "whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM="], &id, &sent_at, &signatures, &body, now());
        prop_assert_ne!(verdict, Verdict::Genuine);
    }

    #[test]
    fn what_a_secret_signed_is_genuine_to_it_for_five_minutes(
        secret in "whsec_([A-Za-z0-9+/]{4}){1,20}",
        id in "[A-Za-z0-9_-]{1,40}",
        sent_at in 0..4_000_000_000_i64,
        after in -300..=300_i64,
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let at = |secs| Timestamp::from_second(secs).unwrap();
        let signature = sign(&secret, &id, at(sent_at), &body).unwrap();
        let verdict = |now: i64| verify(&[&secret], &id, &sent_at.to_string(), &signature, &body, at(now));
        prop_assert_eq!(verdict(sent_at + after), Verdict::Genuine);
        prop_assert_eq!(verdict(sent_at + 301), Verdict::WrongTime);
    }

    #[test]
    fn a_captured_payload_with_strange_values_gives_bounded_facts_or_problems(
        case in prop::sample::select(&CASES[..]),
        name in prop::option::of(prop::sample::select(&TYPES[..])),
        changes in prop::collection::vec((any::<prop::sample::Index>(), strange_values()), 1..4),
    ) {
        let mut body: Value = serde_json::from_str(&captured(case).body).unwrap();
        if let Some(name) = name {
            body["type"] = json!(name);
        }
        for (index, value) in changes {
            let mut all = Vec::new();
            pointers(&body, "", &mut all);
            *body.pointer_mut(&all[index.index(all.len())]).unwrap() = value;
        }
        match captured::parse(&body.to_string()) {
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
        let mut body = captured(case).body.into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        if cut {
            body.truncate(at);
        }
        let event = parse(&body, &keys(), now());
        prop_assert!(event.is_ok() || event.is_err_and(|bad| !bad.problems.is_empty()));
    }
}
