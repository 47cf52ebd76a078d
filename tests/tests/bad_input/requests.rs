//! Requests of the API.

use serde_json::json;
use tests::shop::{ADMIN, bearer};

use crate::{assert_nothing_was_written, named, open, order, refuses, with};

const MIB: usize = 1024 * 1024;

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
async fn an_enrolment_names_each_field_that_is_bad() {
    let shop = open().await;
    let cases = [
        (json!({}), vec!["/email"]),
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
        (json!({"email": "ada@example.com", "links": [{"source": "woo:shop"}]}), vec!["/links/0/customer_id"]),
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
        (json!({"points": 5}), vec!["/reason"]),
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
        ("?tier=platinum", "tier"),
        ("?stage=new", "stage"),
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
        ("/activities/review/points", json!(1_000_001)),
        ("/activities/share/caps/1/times", json!(0)),
        ("/activities/share/caps/1/period", json!("day")),
        ("/activities/check_in/caps/1/points", json!(4)),
        ("/campaigns/1/when/days", json!(32)),
    ] {
        let answer = shop.put_program(&with(&program, pointer, value), Some("\"1\"")).await;
        assert_eq!(named(answer), [pointer]);
    }
    let hourly = with(&program, "/campaigns/0/when/rrule", json!("FREQ=HOURLY"));
    refuses(shop.put_program(&hourly, Some("\"1\"")).await, &["/campaigns/0/when/rrule"]);
    let mut unknown = program.clone();
    unknown["colour"] = json!("red");
    refuses(shop.put_program(&unknown, Some("\"1\"")).await, &["/colour"]);
    assert_nothing_was_written(&shop);
}
