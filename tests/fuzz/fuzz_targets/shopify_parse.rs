//! Reads a topic up to the first line end and a body after it.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use storefront::{email_keys::EmailKeys, shopify};

/// 2026-07-02T00:00:00Z
const NOW: Timestamp = Timestamp::constant(1_782_950_400, 0);

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (topic, body) = input.split_at(end);
    let Ok(topic) = str::from_utf8(topic) else { return };
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let keys = EmailKeys::new(b"dev-email");
    let event = shopify::parse(topic, body, &keys, NOW);
    if let Err(bad) = &event {
        assert!((1..=20).contains(&bad.problems.len()), "{bad:?}");
    }
    assert_eq!(event, shopify::parse(topic, body, &keys, NOW), "what the same bytes say is the same");
    shopify::verify(&["dev-shopify", topic], body, topic);
});
