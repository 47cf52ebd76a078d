//! What is malformed is refused with a problem that names the field, and nothing is written.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{
    Answer, Shop, at, captured,
    payloads::*,
    shop::{ADMIN, bearer, signature},
};

const NOW: &str = "2026-06-28T12:00:00Z";
const MIB: usize = 1024 * 1024;

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

/// The payload is refused for that field with each of the values.
async fn field_is_refused(shop: &Shop, topic: &str, payload: &Value, pointer: &str, values: &[Value]) {
    for value in values {
        let answer = shop.send(topic, &with(payload, pointer, value.clone())).await;
        assert_eq!(named(answer), [pointer], "{topic} {pointer} {value}");
    }
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn the_order_is_taken_as_long_as_nothing_is_wrong_with_it() {
    let shop = open().await;
    assert_eq!(shop.send("orders/updated", &order()).await.is(200)["result"], "posted");
}

#[tokio::test]
async fn what_is_no_json_object_is_refused_whole() {
    let shop = open().await;
    let deep = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
    let bodies: [&[u8]; 12] = [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b"\"order\"",
        b"17",
        b"{\"id\":1}{\"id\":2}",
        b"{\"id\":01}",
        b"\xff\xfe{}",
        b"{\"id\":\"\\ud800\"}\x00",
        deep.as_bytes(),
    ];
    for topic in ["orders/paid", "refunds/create", "fulfillments/create", "customers/create"] {
        for body in bodies {
            refuses(shop.send_bytes(topic, body).await, &[""]);
        }
    }
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn quantities_must_be_whole_and_not_negative() {
    let (shop, order) = (open().await, order());
    let bad = [json!(-1), json!(1.5), json!("2"), json!(4_294_967_296_u64), json!(1_000_001), json!({}), json!(true)];
    for pointer in ["/line_items/0/quantity", "/line_items/1/current_quantity"] {
        field_is_refused(&shop, "orders/updated", &order, pointer, &bad).await;
    }
    field_is_refused(&shop, "orders/updated", &order, "/line_items/0/quantity", &[Value::Null]).await;
    field_is_refused(&shop, "orders/updated", &order, "/refunds/0/refund_line_items/0/quantity", &bad).await;
    field_is_refused(&shop, "refunds/create", &order["refunds"][0], "/refund_line_items/0/quantity", &bad).await;
}

#[tokio::test]
async fn prices_must_be_amounts_that_are_not_negative_and_fit() {
    let (shop, order) = (open().await, order());
    let bad = ["-1.00", "1e3", "", "abc", "1.005", "99999999999999999999", "10000000000.01"].map(Value::from);
    let bad: Vec<Value> = bad.into_iter().chain([json!(-3), json!({}), json!([])]).collect();
    for pointer in
        ["/line_items/0/price", "/line_items/0/discount_allocations/0/amount", "/line_items/0/tax_lines/0/price"]
    {
        field_is_refused(&shop, "orders/updated", &order, pointer, &bad).await;
    }
    // 2 of them are more than any order may be worth
    field_is_refused(&shop, "orders/updated", &order, "/line_items/0/price", &[json!("9000000000.00"), Value::Null])
        .await;
}

#[tokio::test]
async fn an_order_of_many_dear_lines_does_not_overflow() {
    let (shop, mut order) = (open().await, order());
    let line = with(&order["line_items"][0], "/price", json!("4999999999.99"));
    order["line_items"] = (0..500_u64).map(|index| with(&line, "/id", json!(15_320_456_789_000 + index))).collect();
    order["refunds"] = json!([]);
    shop.send("orders/updated", &order).await.is(200);
    order["line_items"].as_array_mut().unwrap().push(line);
    refuses(shop.send("orders/updated", &order).await, &["/line_items"]);
}

#[tokio::test]
async fn currencies_must_be_known() {
    let (shop, order) = (open().await, order());
    let bad = [json!("XXQ"), json!(""), json!("usd"), json!("US DOLLARS"), json!(840), Value::Null];
    for value in bad {
        let answer = shop.send("orders/updated", &with(&order, "/currency", value)).await;
        let problem = answer.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], "/currency", "{problem}");
    }
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn dates_must_be_instants_from_2000_to_tomorrow() {
    let (shop, order) = (open().await, order());
    let bad = ["yesterday", "", "2026-06-18", "2026-06-18T10:00:00", "2026-13-01T00:00:00Z", "1999-12-31T23:59:59Z"];
    let ahead = ["2026-06-29T12:00:01Z", "9999-12-31T23:59:59Z", "+010000-01-01T00:00:00Z", "-000001-01-01T00:00:00Z"];
    let bad: Vec<Value> =
        bad.into_iter().chain(ahead).map(Value::from).chain([json!(1_781_000_000), json!({})]).collect();
    for pointer in [
        "/created_at",
        "/updated_at",
        "/processed_at",
        "/refunds/0/created_at",
        "/fulfillments/0/created_at",
        "/fulfillments/0/updated_at",
    ] {
        field_is_refused(&shop, "orders/updated", &order, pointer, &bad).await;
    }
    let cancelled = with(&order, "/cancelled_at", json!("2026-06-20T11:00:00Z"));
    field_is_refused(&shop, "orders/cancelled", &cancelled, "/cancelled_at", &bad[..8]).await;
    let delivery = delivery(&order, 5_440_000_000_001, at("2026-06-19T10:00:00Z"));
    field_is_refused(&shop, "fulfillment_events/create", &delivery, "/happened_at", &bad).await;
    let in_time = with(&order, "/updated_at", json!("2026-06-29T12:00:00Z"));
    shop.send("orders/updated", &in_time).await.is(200);
}

#[tokio::test]
async fn ids_lists_and_flags_must_be_what_they_are() {
    let (shop, order) = (open().await, order());
    let ids = [json!("abc"), json!(-5), json!(0), json!(1.5), json!("123456789012345678901"), json!([]), json!("a#b")];
    for pointer in ["/id", "/line_items/0/id", "/customer/id", "/line_items/0/product_id", "/fulfillments/0/id"] {
        field_is_refused(&shop, "orders/updated", &order, pointer, &ids).await;
    }
    for pointer in ["/line_items", "/refunds", "/fulfillments"] {
        field_is_refused(&shop, "orders/updated", &order, pointer, &[json!({}), json!("none"), json!(1)]).await;
    }
    for pointer in ["/test", "/taxes_included", "/line_items/0/gift_card", "/customer/verified_email"] {
        field_is_refused(&shop, "orders/updated", &order, pointer, &[json!("yes"), json!(1), json!([])]).await;
    }
    field_is_refused(&shop, "orders/updated", &order, "/customer", &[json!("mia"), json!([]), json!(7)]).await;
    let twice = with(&order, "/line_items/1/id", order["line_items"][0]["id"].clone());
    refuses(shop.send("orders/updated", &twice).await, &["/line_items"]);
    field_is_refused(&shop, "refunds/create", &order["refunds"][0], "/order_id", &ids).await;
}

#[tokio::test]
async fn every_field_at_fault_is_named_at_once() {
    let (shop, order) = (open().await, order());
    let bad = with(&with(&with(&order, "/id", json!(-1)), "/test", json!(0)), "/line_items/1/quantity", json!(-2));
    let problem = shop.send("orders/updated", &bad).await.is_problem(400, "invalid-request");
    let mut named: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, ["/id", "/line_items/1/quantity", "/test"]);
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_too_large() {
    let shop = open().await;
    let mut body = order().to_string();
    body.push_str(&" ".repeat(MIB - body.len()));
    assert_eq!(shop.send_bytes("orders/updated", body.as_bytes()).await.is(200)["result"], "posted");
    shop.wire.clear();
    body.push(' ');
    shop.send_bytes("orders/updated", body.as_bytes()).await.is_problem(413, "too-large");
    let bearer = bearer(ADMIN);
    let headers = [bearer.as_header(), ("if-match", "\"1\""), ("idempotency-key", "k-1")];
    for (method, path) in [("POST", "/v1/members"), ("PUT", "/v1/program"), ("POST", "/v1/members/m/adjustments")] {
        shop.call(method, path, &headers, &body).await.is_problem(413, "too-large");
    }
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn signatures_and_topics_are_needed() {
    let shop = open().await;
    let body = order().to_string();
    let right = signature(body.as_bytes());
    let topic = ("x-shopify-topic", "orders/updated");
    let wrong = signature(b"another body");
    let signatures = ["", "=", "not base64", &wrong, &right[..43], &right.to_lowercase()];
    for signature in signatures {
        let headers = [("x-shopify-hmac-sha256", signature), topic];
        shop.call("POST", "/webhooks/shopify", &headers, &body).await.is_problem(401, "unauthorized");
    }
    shop.call("POST", "/webhooks/shopify", &[topic], &body).await.is_problem(401, "unauthorized");
    let signed = ("x-shopify-hmac-sha256", right.as_str());
    shop.call("POST", "/webhooks/shopify", &[signed, topic], format!("{body} ")).await.is_problem(401, "unauthorized");
    refuses(shop.call("POST", "/webhooks/shopify", &[signed], &body).await, &["X-Shopify-Topic"]);
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn a_topic_that_means_nothing_is_ignored_whatever_it_brings() {
    let shop = open().await;
    for topic in ["carts/create", "orders/delete", "orders/edited", "", "ORDERS/PAID", "shop/redact"] {
        for body in ["{}", "not json", ""] {
            let received = shop.send_bytes(topic, body.as_bytes()).await.is(200);
            assert_eq!(received["result"], "ignored", "{topic}");
            assert!(received["reason"].is_string(), "{topic}");
        }
    }
    assert!(shop.wire.calls().is_empty());
}

#[tokio::test]
async fn an_enrolment_names_each_field_that_is_bad() {
    let shop = open().await;
    let cases = [
        (json!({}), vec![""]),
        (json!([]), vec![""]),
        (json!({"email": 5}), vec!["/email"]),
        (json!({"email": null}), vec!["/email"]),
        (json!({"email": "ada"}), vec!["/email"]),
        (json!({"email": "ada@example.com", "nickname": "a"}), vec!["/nickname"]),
        (json!({"email": "ada@example.com", "birthday": "1990-02-30"}), vec!["/birthday"]),
        (json!({"email": "ada@example.com", "birthday": "1899-12-31"}), vec!["/birthday"]),
        (json!({"email": "ada@example.com", "birthday": "2026-06-29"}), vec!["/birthday"]),
        (json!({"email": "ada@example.com", "country": "Austria"}), vec!["/country"]),
        (json!({"email": "ada@example.com", "country": "at"}), vec!["/country"]),
        (json!({"email": "ada@example.com", "time_zone": "Mars/Olympus"}), vec!["/time_zone"]),
        (json!({"email": "ada@example.com", "locale": "german"}), vec!["/locale"]),
        (json!({"email": "ada@example.com", "name": " "}), vec!["/name"]),
        (json!({"email": "ada@example.com", "name": "a\u{0}b"}), vec!["/name"]),
        (json!({"email": "ada@example.com", "consent": {"marketing": "maybe"}}), vec!["/consent/marketing"]),
        (json!({"email": "ada@example.com", "consent": {"sms": "granted"}}), vec!["/consent/sms"]),
        (json!({"email": "ada@example.com", "links": {}}), vec!["/links"]),
        (
            json!({"email": "ada@example.com", "links": [{"source": "a b", "customer_id": ""}]}),
            vec!["/links/0/source", "/links/0/customer_id"],
        ),
        (json!({"email": "ada@example.com", "links": [{"source": "woo:shop"}]}), vec!["/links/0"]),
        (
            json!({"email": "a", "country": "x", "birthday": "x", "time_zone": "x"}),
            vec!["/email", "/time_zone", "/country", "/birthday"],
        ),
    ];
    for (body, pointers) in cases {
        assert_eq!(named(shop.post("/v1/members", &body, None).await), pointers, "{body}");
    }
    let headers = [bearer(ADMIN)];
    for body in ["", "{", "{\"email\":\"ada@example.com\"} {}", "\u{feff}{}"] {
        refuses(shop.call("POST", "/v1/members", &[headers[0].as_header()], body).await, &[""]);
    }
    assert_nothing_was_written(&shop);
}

#[tokio::test]
async fn an_adjustment_names_each_field_that_is_bad() {
    let shop = open().await;
    shop.send("orders/updated", &order()).await.is(200);
    let path = format!("/v1/members/{}/adjustments", shop.only_member().await);
    shop.wire.clear();
    let long = "x".repeat(201);
    let cases = [
        (json!({"points": 0, "reason": "sorry"}), vec!["/points"]),
        (json!({"points": 1_000_000_001, "reason": "sorry"}), vec!["/points"]),
        (json!({"points": -1_000_000_001, "reason": "sorry"}), vec!["/points"]),
        (json!({"points": "5", "reason": "sorry"}), vec!["/points"]),
        (json!({"points": 1.5, "reason": "sorry"}), vec!["/points"]),
        (json!({"points": 5, "reason": ""}), vec!["/reason"]),
        (json!({"points": 5, "reason": "  "}), vec!["/reason"]),
        (json!({"points": 5, "reason": long}), vec!["/reason"]),
        (json!({"points": 5, "reason": null}), vec!["/reason"]),
        (json!({"points": 0, "reason": ""}), vec!["/points", "/reason"]),
        (json!({"points": 5, "reason": "sorry", "tier": "gold"}), vec!["/tier"]),
        (json!({"points": 5}), vec![""]),
    ];
    for (body, pointers) in cases {
        assert_eq!(named(shop.post(&path, &body, Some("k-1")).await), pointers, "{body}");
    }
    let good = json!({"points": 5, "reason": "sorry"});
    shop.post(&path, &good, None).await.is_problem(400, "idempotency-key-missing");
    for key in ["", "a b", "ü", &long.repeat(2)] {
        refuses(shop.post(&path, &good, Some(key)).await, &["Idempotency-Key"]);
    }
    assert!(shop.wire.calls().is_empty());
    for nobody in ["mem_1", "x", "%00", "mem_%23"] {
        let answer = shop.post(&format!("/v1/members/{nobody}/adjustments"), &good, Some("k-1")).await;
        answer.is_problem(404, "not-found");
    }
    assert_nothing_was_written(&shop);
}

#[tokio::test]
async fn a_key_goes_with_one_request_only() {
    let shop = open().await;
    let ada = json!({"email": "ada@example.com"});
    let id = shop.post("/v1/members", &ada, Some("k-1")).await.is(201)["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/members/{id}/adjustments");
    shop.adjust(&id, 5, "k-2").await;
    shop.wire.clear();
    let other = json!({"email": "bob@example.com"});
    shop.post("/v1/members", &other, Some("k-1")).await.is_problem(422, "idempotency-key-reused");
    let other = json!({"points": 6, "reason": "by hand"});
    shop.post(&path, &other, Some("k-2")).await.is_problem(422, "idempotency-key-reused");
    shop.post(&path, &other, Some("k-1")).await.is_problem(422, "idempotency-key-reused");
    assert_nothing_was_written(&shop);
}

#[tokio::test]
async fn queries_name_the_parameter_that_is_bad() {
    let shop = open().await;
    shop.send("orders/updated", &order()).await.is(200);
    let member = format!("/v1/members/{}", shop.only_member().await);
    for (query, parameter) in [
        ("ledger?limit=0", "limit"),
        ("ledger?limit=101", "limit"),
        ("ledger?limit=ten", "limit"),
        ("ledger?limit=-1", "limit"),
        ("ledger?cursor=xyz", "cursor"),
        ("ledger?cursor=before-", "cursor"),
        ("ledger?cursor=", "cursor"),
        ("ledger?page=2", "page"),
        ("lots?as_of=yesterday", "as_of"),
        ("lots?as_of=2026-06-28T12:00:01Z", "as_of"),
        ("lots?as_of=", "as_of"),
        ("lots?at=2026-06-20T12:00:00Z", "at"),
    ] {
        assert_eq!(named(shop.get(&format!("{member}/{query}")).await), [parameter], "{query}");
    }
    for (query, parameter) in [
        ("", "email"),
        ("?email=ada", "email"),
        ("?email=ada@example.com&source=woo:shop&customer_id=1", "email"),
        ("?source=woo:shop", "email"),
        ("?source=a%20b&customer_id=1", "source"),
        ("?source=woo:shop&customer_id=a%20b", "customer_id"),
        ("?tier=gold", "tier"),
    ] {
        assert_eq!(named(shop.get(&format!("/v1/members{query}")).await), [parameter], "{query}");
    }
}

#[tokio::test]
async fn unknown_ids_in_the_path_are_not_found() {
    let shop = open().await;
    shop.send("orders/updated", &order()).await.is(200);
    let known = shop.only_member().await;
    for id in ["mem_00000000000000000000000000000000", "x", "a%20b", "%F0%9F%92%A5", "a%23b"] {
        for rest in ["", "/ledger", "/lots", "/tiers", "/ledger/led_000000000001/explain"] {
            shop.get(&format!("/v1/members/{id}{rest}")).await.is_problem(404, "not-found");
        }
        shop.get(&format!("/v1/orders/{id}/1/explain")).await.is_problem(404, "not-found");
        shop.get(&format!("/v1/orders/shopify:x/{id}/explain")).await.is_problem(404, "not-found");
    }
    for entry in ["led_000000000099", "led_1", "led_", "x", "led_-00000000001", "led_+00000000001"] {
        shop.get(&format!("/v1/members/{known}/ledger/{entry}/explain")).await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_program_names_each_field_that_is_bad() {
    let shop = open().await;
    let program = shop.get("/v1/program").await.is(200);
    shop.wire.clear();
    for (pointer, value) in [
        ("/currency", json!("XXQ")),
        ("/zone", json!("Mars/Olympus")),
        ("/earning/points_per_unit", json!("-1")),
        ("/earning/points_per_unit", json!(1)),
        ("/earning/points_per_unit", json!("10001")),
        ("/earning/exchange_rates", json!([])),
        ("/tiers/levels", json!([])),
        ("/tiers/basis", json!("likes")),
        ("/tiers/grace_days", json!(367)),
        ("/tiers/levels/1/threshold", json!("0")),
        ("/tiers/levels/2/id", json!("silver")),
        ("/tiers/levels/1/multiplier", json!("0")),
        ("/campaigns/0/multiplier", json!("101")),
        ("/pending/after_delivery_days", json!(400)),
        ("/pending/after_delivery_days", json!(-1)),
        ("/expiry/months", json!(0)),
        ("/negative", json!("forgive")),
        ("/starts_on", json!("someday")),
        ("/activities/enrol/points", json!(-1)),
    ] {
        let answer = shop.put_program(&with(&program, pointer, value), Some("\"1\"")).await;
        assert_eq!(named(answer), [pointer]);
    }
    let hourly = with(&program, "/campaigns/0/when/rrule", json!("FREQ=HOURLY"));
    refuses(shop.put_program(&hourly, Some("\"1\"")).await, &["/campaigns/0/when"]);
    let mut unknown = program.clone();
    unknown["colour"] = json!("red");
    refuses(shop.put_program(&unknown, Some("\"1\"")).await, &["/colour"]);
    assert_nothing_was_written(&shop);
}
