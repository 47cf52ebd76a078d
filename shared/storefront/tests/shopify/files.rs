use std::fs;

use serde_json::json;
use storefront::shopify;

use crate::captured::{CASES, captured, folder};

#[test]
fn every_file_is_tested() {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut cases: Vec<String> = names
        .filter_map(|name| Some(name.strip_prefix("webhooks-shopify-")?.strip_suffix(".json")?.to_owned()))
        .collect();
    cases.sort();
    assert_eq!(cases, CASES);
}

#[test]
fn every_file_is_an_event_of_the_gateway() {
    for case in CASES {
        let event = captured(case).event;
        assert_eq!(event["version"], "2.0", "{case}");
        assert_eq!(event["routeKey"], "POST /webhooks/shopify", "{case}");
        assert_eq!(event["rawPath"], "/webhooks/shopify", "{case}");
        assert_eq!(event["requestContext"]["http"]["method"], "POST", "{case}");
        assert_eq!(event["isBase64Encoded"], json!(false), "{case}");
        let headers = &event["headers"];
        assert_eq!(headers["content-length"], captured(case).body.len().to_string(), "{case}");
        for header in ["api-version", "shop-domain", "triggered-at", "webhook-id"] {
            assert!(headers[format!("x-shopify-{header}")].is_string(), "{case}: {header}");
        }
    }
}

#[test]
fn every_signature_is_that_of_the_development_secret() {
    for case in CASES {
        let captured = captured(case);
        let signature = captured.event["headers"]["x-shopify-hmac-sha256"].as_str().unwrap();
        assert!(shopify::verify(&["dev-shopify"], captured.body.as_bytes(), signature), "{case}");
        assert!(!shopify::verify(&["another"], captured.body.as_bytes(), signature), "{case}");
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
