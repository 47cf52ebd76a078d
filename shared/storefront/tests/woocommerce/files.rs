use std::fs;

use serde_json::json;
use storefront::{event::Event, woocommerce};

use crate::captured::{CASES, captured, folder};

#[test]
fn every_file_is_tested() {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut cases: Vec<String> = names
        .filter_map(|name| Some(name.strip_prefix("webhooks-woocommerce-")?.strip_suffix(".json")?.to_owned()))
        .filter(|case| case != "ping")
        .collect();
    cases.sort();
    assert_eq!(cases, CASES);
}

#[test]
fn every_file_is_an_event_of_the_gateway() {
    for case in CASES.into_iter().chain(["ping"]) {
        let event = captured(case).event;
        assert_eq!(event["version"], "2.0", "{case}");
        assert_eq!(event["routeKey"], "POST /webhooks/woocommerce", "{case}");
        assert_eq!(event["rawPath"], "/webhooks/woocommerce", "{case}");
        assert_eq!(event["requestContext"]["http"]["method"], "POST", "{case}");
        assert_eq!(event["isBase64Encoded"], json!(false), "{case}");
        assert_eq!(event["headers"]["content-length"], captured(case).body.len().to_string(), "{case}");
    }
}

#[test]
fn every_signature_is_that_of_the_development_secret() {
    for case in CASES {
        let captured = captured(case);
        let signature = captured.event["headers"]["x-wc-webhook-signature"].as_str().unwrap();
        assert!(woocommerce::verify(&["dev-woocommerce"], captured.body.as_bytes(), signature), "{case}");
        assert!(!woocommerce::verify(&["another"], captured.body.as_bytes(), signature), "{case}");
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
fn the_greeting_is_known_by_its_form() {
    let ping = captured("ping");
    assert_eq!(ping.event["headers"]["content-type"], "application/x-www-form-urlencoded");
    assert!(woocommerce::is_ping(ping.body.as_bytes()));
    for body in ["", "webhook_id=", "webhook_id=1x", "webhook_id=1&a=2", "webhook_id=-1", "a=1", r#"{"webhook_id":1}"#]
    {
        assert!(!woocommerce::is_ping(body.as_bytes()), "{body}");
    }
}

#[test]
fn nothing_follows_from_an_unknown_topic() {
    for topic in ["product.viewed", "coupon.created", "action.woocommerce_add_to_cart", "", "Order"] {
        let event = woocommerce::parse(topic, b"\xff", &crate::captured::keys(), crate::captured::now());
        assert!(matches!(event, Ok(Event::Ignored { .. })), "{topic}");
    }
}
