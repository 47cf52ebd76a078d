//! Signed events of a shop.

use serde_json::{Value, json};
use tests::{Shop, at, payloads::*, shop::signature};

use crate::{named, open, order, refuses, with};

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
    for topic in ["carts/create", "orders/delete", "orders/edited", "", "ORDERS/PAID", "themes/publish"] {
        for body in ["{}", "not json", ""] {
            let received = shop.send_bytes(topic, body.as_bytes()).await.is(200);
            assert_eq!(received["result"], "ignored", "{topic}");
            assert!(received["reason"].is_string(), "{topic}");
        }
    }
    assert!(shop.wire.calls().is_empty());
}
