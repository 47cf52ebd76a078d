use std::fs;

use jiff::Timestamp;
use serde_json::json;
use storefront::{
    event::Event,
    standard_webhooks::{Verdict, sign, verify},
};

use crate::captured::{CASES, captured, folder, parse, read};

const SECRET: &str = "whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM=";
const ANOTHER: &str = "whsec_YW5vdGhlci1zZWNyZXQtYW5vdGhlci1zZWNyZXQ=";

#[test]
fn every_file_is_tested() {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut cases: Vec<String> = names
        .filter_map(|name| Some(name.strip_prefix("webhooks-events-")?.strip_suffix(".json")?.to_owned()))
        .collect();
    cases.sort();
    assert_eq!(cases, CASES);
}

#[test]
fn every_file_is_an_event_of_the_gateway() {
    for case in CASES {
        let captured = captured(case);
        assert_eq!(captured.event["version"], "2.0", "{case}");
        assert_eq!(captured.event["routeKey"], "POST /webhooks/events", "{case}");
        assert_eq!(captured.event["rawPath"], "/webhooks/events", "{case}");
        assert_eq!(captured.event["requestContext"]["http"]["method"], "POST", "{case}");
        assert_eq!(captured.event["isBase64Encoded"], json!(false), "{case}");
        assert_eq!(captured.header("content-length"), captured.body.len().to_string(), "{case}");
    }
}

#[test]
fn every_signature_is_that_of_the_development_secret_at_its_own_time() {
    for case in CASES {
        let captured = captured(case);
        let (id, sent_at) = (captured.header("webhook-id"), captured.header("webhook-timestamp"));
        let signature = captured.header("webhook-signature");
        let then = Timestamp::from_second(sent_at.parse().unwrap()).unwrap();
        let verdict = |secret, now| verify(&[secret], id, sent_at, signature, captured.body.as_bytes(), now);
        assert_eq!(verdict(SECRET, then), Verdict::Genuine, "{case}");
        assert_eq!(verdict(ANOTHER, then), Verdict::WrongSignature, "{case}");
        assert_eq!(verdict(SECRET, crate::captured::at("2026-07-03T00:00:00Z")), Verdict::WrongTime, "{case}");
        assert_eq!(sign(SECRET, id, then, captured.body.as_bytes()).as_deref(), Ok(signature), "{case}");
    }
}

#[test]
fn every_address_is_invented() {
    for case in CASES {
        let body = captured(case).body;
        for word in body.split(['"', ' ']).filter(|word| word.contains('@')) {
            assert!(word.ends_with("@example.com"), "{case}: {word}");
        }
    }
}

#[test]
fn types_without_facts_are_ignored_by_name_whatever_else_they_say() {
    assert_eq!(read("cart-updated"), Event::Ignored { reason: "no points follow from `cart.updated`" });
    for name in ["product.viewed", "subscription.renewed", "subscription.cancelled"] {
        let Ok(Event::Ignored { reason }) = parse(&json!({"type": name, "data": 1}).to_string()) else {
            panic!("{name}");
        };
        assert!(reason.contains(name.split_once('.').unwrap().0), "{name}: {reason}");
    }
    for name in ["order.payed", "Order.paid", "subscription"] {
        let event = parse(&json!({"type": name}).to_string());
        assert_eq!(event, Ok(Event::Ignored { reason: "nothing follows from this type" }), "{name}");
    }
}
