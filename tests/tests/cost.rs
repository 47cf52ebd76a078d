//! What each use case takes of the database, by what it says that it consumed. The numbers are exact,
//! so that a change is noticed; the budget is that of the design.
#![cfg(test)]

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Buyer, Cost, Shop, at,
    exports::orders_csv,
    member_token,
    payloads::*,
    shop::{ADMIN, SOURCE, bearer},
    tokens::forwarded,
};

const NOW: &str = "2026-06-20T12:00:00Z";
const FIVE_LINES: [(&str, u32); 5] = [("19.99", 2), ("5.00", 1), ("12.50", 3), ("7.25", 1), ("31.00", 1)];
const BUDGET_OF_AN_ORDER: f64 = 12.0;
const MORE_FOR_THE_FIRST: f64 = 8.0;

/// The calls by their operations, those of one round trip together.
fn cost(trips: &[&[&str]], read_units: f64, write_units: f64) -> Cost {
    let calls = trips.iter().flat_map(|trip| trip.iter()).map(|operation| (*operation).to_owned()).collect();
    Cost { calls, trips: trips.len(), read_units, write_units }
}

async fn cost_of(shop: &Shop, topic: &str, payload: &Value) -> Cost {
    shop.wire.clear();
    shop.send(topic, payload).await.is(200);
    shop.wire.cost()
}

async fn cost_of_get(shop: &Shop, path: &str) -> Cost {
    shop.wire.clear();
    shop.get(path).await.is(200);
    shop.wire.cost()
}

async fn cost_of_post(shop: &Shop, path: &str, body: &Value, key: Option<&str>) -> Cost {
    shop.wire.clear();
    shop.post(path, body, key).await.is(201);
    shop.wire.cost()
}

fn order(id: u64) -> Value {
    with_discounts(paid_order(id, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &FIVE_LINES))
}

fn with_discounts(mut order: Value) -> Value {
    for line in order["line_items"].as_array_mut().unwrap() {
        line["discount_allocations"] = json!([{"amount": "1.25", "discount_application_index": 0}]);
    }
    order
}

/// A shop with a member who has bought before.
async fn shop_with_member() -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    let earlier = paid_order(6_120_000_000_000, &Buyer::with_account(1), at("2026-05-17T10:00:00Z"), &FIVE_LINES);
    shop.send("orders/paid", &earlier).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    (shop, id)
}

#[tokio::test]
async fn a_known_member_s_order_reads_in_two_trips_and_writes_once() {
    let (shop, _) = shop_with_member().await;
    let took = cost_of(&shop, "orders/paid", &order(6_120_000_000_001)).await;
    // the profile comes with the account: a birthday is asked for when an order is priced
    let two_reads_one_write: &[&[&str]] = &[&["BatchGetItem", "Query"], &["BatchGetItem"], &["TransactWriteItems"]];
    // this order makes them silver: a row of history, and a place in the due index
    assert_eq!(took, cost(two_reads_one_write, 6.0, 11.0));
    let took = cost_of(&shop, "orders/paid", &order(6_120_000_000_002)).await;
    assert_eq!(took, cost(two_reads_one_write, 6.0, 8.0));
}

#[tokio::test]
async fn a_regular_customer_s_orders_stay_within_the_budget_all_year() {
    let (shop, _) = shop_with_member().await;
    let mut now = shop.now();
    for number in 1..=13 {
        now += SignedDuration::from_hours(24 * 28);
        shop.move_clock(now);
        let order = paid_order(6_130_000_000_000 + number, &Buyer::with_account(1), now, &FIVE_LINES);
        let order = with_discounts(order);
        let took = cost_of(&shop, "orders/paid", &order).await;
        assert!((took.trips, took.calls.len()) == (3, 4), "{took:?}");
        assert!(took.write_units <= BUDGET_OF_AN_ORDER, "month {number}: {took:?}");
        let delivery = delivery(&order, 5_440_000_000_000 + number, now);
        assert_eq!(cost_of(&shop, "fulfillment_events/create", &delivery).await.write_units, 6.0, "month {number}");
    }
}

#[tokio::test]
async fn a_member_s_first_order_costs_at_most_eight_units_more() {
    let shop = Shop::open(NOW).await;
    let took = cost_of(&shop, "orders/paid", &order(6_120_000_000_001)).await;
    assert_eq!(took, cost(&[&["BatchGetItem", "Query"], &["TransactWriteItems"]], 4.0, 14.0));
    assert!(took.write_units <= BUDGET_OF_AN_ORDER + MORE_FOR_THE_FIRST);
}

#[tokio::test]
async fn an_instance_that_has_just_started_costs_no_more() {
    let (shop, _) = shop_with_member().await;
    let took = cost_of(&shop.another_instance(), "orders/paid", &order(6_120_000_000_001)).await;
    assert_eq!(took.calls, ["BatchGetItem", "Query", "BatchGetItem", "TransactWriteItems"]);
}

#[tokio::test]
async fn a_repeated_delivery_writes_nothing() {
    let (shop, _) = shop_with_member().await;
    let order = order(6_120_000_000_001);
    let refund = refund(&order, 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(0, 1)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("refunds/create", &refund).await.is(200);
    let again: &[&[&str]] = &[&["BatchGetItem", "Query"]];
    assert_eq!(cost_of(&shop, "orders/paid", &order).await, cost(again, 4.0, 0.0));
    assert_eq!(cost_of(&shop, "refunds/create", &refund).await, cost(again, 2.0, 0.0));
    let older = later(&order, at("2026-06-18T09:00:00Z"));
    assert_eq!(cost_of(&shop, "orders/create", &older).await, cost(again, 4.0, 0.0));
}

#[tokio::test]
async fn a_refund_and_a_delivery_write_order_account_and_entry() {
    let (shop, _) = shop_with_member().await;
    let order = order(6_120_000_000_001);
    shop.send("orders/paid", &order).await.is(200);
    let calls: &[&[&str]] = &[&["BatchGetItem", "Query"], &["GetItem"], &["TransactWriteItems"]];
    let refund = refund(&order, 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(0, 1)]);
    assert_eq!(cost_of(&shop, "refunds/create", &refund).await, cost(calls, 3.0, 6.0));
    // with the refund, five lines are over 1 KB
    let delivery = delivery(&order, 5_440_000_000_001, at("2026-06-19T10:00:00Z"));
    assert_eq!(cost_of(&shop, "fulfillment_events/create", &delivery).await, cost(calls, 3.0, 8.0));
}

#[tokio::test]
async fn what_moves_no_points_writes_the_order_alone() {
    let (shop, _) = shop_with_member().await;
    let order = order(6_120_000_000_001);
    let calls: &[&[&str]] = &[&["BatchGetItem", "Query"], &["TransactWriteItems"]];
    let refund = refund(&order, 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(0, 1)]);
    assert_eq!(cost_of(&shop, "refunds/create", &refund).await, cost(calls, 2.0, 2.0));
    shop.send("orders/paid", &order).await.is(200);
    let calls: &[&[&str]] = &[&["BatchGetItem", "Query"], &["GetItem"], &["TransactWriteItems"]];
    let shipped = fulfilment(&order, 5_440_000_000_001, at("2026-06-19T10:00:00Z"));
    assert_eq!(cost_of(&shop, "fulfillments/create", &shipped).await, cost(calls, 3.0, 4.0));
}

#[tokio::test]
async fn a_new_customer_account_is_four_rows_and_an_entry() {
    let shop = Shop::open(NOW).await;
    let created = customer(&Buyer::with_account(1), at("2026-06-19T10:00:00Z"));
    let took = cost_of(&shop, "customers/create", &created).await;
    assert_eq!(took, cost(&[&["BatchGetItem"], &["Query"], &["TransactWriteItems"]], 3.0, 10.0));
    let took = cost_of(&shop, "customers/create", &created).await;
    assert_eq!(took, cost(&[&["BatchGetItem"], &["Query"], &["BatchGetItem"]], 5.0, 0.0));
}

#[tokio::test]
async fn a_wrong_signature_a_bad_payload_and_an_unknown_topic_make_no_call() {
    let shop = Shop::open(NOW).await;
    let order = order(6_120_000_000_001).to_string();
    let wrong = [("x-shopify-hmac-sha256", "AAAA"), ("x-shopify-topic", "orders/paid")];
    shop.call("POST", "/webhooks/shopify", &wrong, &order).await.is(401);
    shop.send_bytes("orders/paid", b"{").await.is(400);
    shop.send_bytes("carts/create", order.as_bytes()).await.is(200);
    shop.call("GET", "/v1/program", &[], "").await.is(401);
    assert_eq!(shop.wire.cost(), cost(&[], 0.0, 0.0));
}

#[tokio::test]
async fn an_enrolment_writes_once_and_its_key_is_one_row_more() {
    let shop = Shop::open(NOW).await;
    let (ada, bob) = (json!({"email": "ada@example.com"}), json!({"email": "bob@example.com"}));
    let took = cost_of_post(&shop, "/v1/members", &ada, None).await;
    let calls: &[&[&str]] = &[&["BatchGetItem"], &["Query"], &["TransactWriteItems"], &["BatchGetItem", "Query"]];
    assert_eq!(took, cost(calls, 5.0, 8.0));
    let took = cost_of_post(&shop, "/v1/members", &bob, Some("k-1")).await;
    assert_eq!((took.calls[0].as_str(), took.read_units, took.write_units), ("GetItem", 6.0, 10.0));
    let took = cost_of_post(&shop, "/v1/members", &bob, Some("k-1")).await;
    assert_eq!(took, cost(&[&["GetItem"], &["BatchGetItem", "Query"]], 4.0, 0.0));
}

#[tokio::test]
async fn an_adjustment_writes_account_entry_and_key_and_its_replay_nothing() {
    let (shop, id) = shop_with_member().await;
    let (path, body) = (format!("/v1/members/{id}/adjustments"), json!({"points": 5, "reason": "sorry"}));
    let took = cost_of_post(&shop, &path, &body, Some("k-1")).await;
    assert_eq!(took, cost(&[&["GetItem"], &["GetItem"], &["Query"], &["TransactWriteItems"]], 3.0, 6.0));
    let took = cost_of_post(&shop, &path, &body, Some("k-1")).await;
    assert_eq!(took, cost(&[&["GetItem"], &["GetItem"]], 2.0, 0.0));
}

#[tokio::test]
async fn an_imported_order_costs_what_its_webhook_costs_and_again_it_writes_nothing() {
    let (shop, _) = shop_with_member().await;
    let order = order(6_120_000_000_001);
    let import = json!({"source": SOURCE, "kind": "orders", "format": "shopify_csv", "data": orders_csv([&order])});
    shop.wire.clear();
    shop.post("/v1/imports", &import, None).await.is(200);
    let calls: &[&[&str]] = &[&["BatchGetItem", "Query"], &["BatchGetItem"], &["TransactWriteItems"]];
    assert_eq!(shop.wire.cost(), cost(calls, 5.0, 11.0));
    shop.wire.clear();
    shop.post("/v1/imports", &import, None).await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[&["BatchGetItem", "Query"]], 3.0, 0.0));
}

#[tokio::test]
async fn an_activity_reads_in_one_trip_and_its_proof_in_one_more() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/activities");
    let took = cost_of_post(&shop, &path, &json!({"type": "check_in"}), Some("k-1")).await;
    assert!(took.trips <= 2 && took.write_units <= 10.0, "{took:?}");
    let review = json!({"type": "review", "subject": "8410000000000"});
    let took = cost_of_post(&shop, &path, &review, Some("k-2")).await;
    assert!(took.trips <= 3 && took.write_units <= 14.0, "with the order that it rests on: {took:?}");
    let took = cost_of_post(&shop, &path, &json!({"type": "share"}), Some("k-3")).await;
    assert!(took.trips <= 2 && took.write_units <= 10.0, "{took:?}");
    let took = cost_of_post(&shop, &path, &review, Some("k-2")).await;
    assert!(took.trips <= 2 && took.write_units == 0.0, "{took:?}");
}

#[tokio::test]
async fn reading_a_member_takes_one_trip() {
    let (shop, id) = shop_with_member().await;
    let took = cost_of_get(&shop, &format!("/v1/members/{id}")).await;
    assert_eq!(took, cost(&[&["BatchGetItem", "Query"]], 3.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/ledger")).await;
    assert_eq!(took, cost(&[&["GetItem", "Query", "Query"]], 3.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/lots")).await;
    assert_eq!(took, cost(&[&["GetItem", "Query"]], 2.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/tiers")).await;
    assert_eq!(took.calls, ["GetItem", "Query"]);
    let took = cost_of_get(&shop, "/v1/members?email=buyer-1@example.com").await;
    assert_eq!(took, cost(&[&["BatchGetItem"], &["BatchGetItem", "Query"]], 4.0, 0.0));
}

#[tokio::test]
async fn looking_back_reads_only_the_entries_since() {
    let (shop, id) = shop_with_member().await;
    let then = shop.now();
    for number in 0..60 {
        shop.move_clock(then + SignedDuration::from_mins(1 + number));
        shop.adjust(&id, 1, &format!("k-{number}")).await;
    }
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/lots?as_of={}", shop.now())).await;
    assert_eq!(took, cost(&[&["GetItem", "Query"]], 2.0, 0.0));
    let path = format!("/v1/members/{id}/lots?as_of={}", then + SignedDuration::from_mins(50));
    assert_eq!(cost_of_get(&shop, &path).await.calls, ["GetItem", "Query", "Query"]);
}

#[tokio::test]
async fn a_quote_reads_the_account_and_newer_rules_in_one_trip_and_writes_nothing() {
    let (shop, id) = shop_with_member().await;
    let line = json!({"quantity": 1, "price": {"amount": "5.00", "currency": "USD"}});
    let mut cart = json!({"currency": "USD", "lines": [line]});
    for (member, calls, read_units) in [(None, vec!["Query"], 1.0), (Some(&id), vec!["BatchGetItem", "Query"], 3.0)] {
        cart["member_id"] = json!(member);
        shop.wire.clear();
        shop.post("/v1/quotes", &cart, None).await.is(200);
        assert_eq!(shop.wire.cost(), cost(&[&calls], read_units, 0.0));
    }
}

#[tokio::test]
async fn explaining_takes_the_entry_with_its_account_and_then_the_order() {
    let (shop, id) = shop_with_member().await;
    let took = cost_of_get(&shop, &format!("/v1/orders/{SOURCE}/6120000000000/explain")).await;
    assert_eq!(took, cost(&[&["GetItem", "Query"]], 2.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/ledger/led_000000000001/explain")).await;
    assert_eq!(took, cost(&[&["GetItem", "GetItem"], &["GetItem", "Query"]], 4.0, 0.0));
}

#[tokio::test]
async fn reading_oneself_takes_one_trip_and_two_units() {
    let (shop, id) = shop_with_member().await;
    let one_trip: &[&str] = &["GetItem", "GetItem", "Query"];
    let by_id = member_token(&id, shop.now());
    shop.wire.clear();
    shop.get_as(&by_id, "/v1/me").await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[one_trip], 2.0, 0.0));
    // as a storefront's customer, one lookup more
    let by_customer = member_token(&format!("{SOURCE}:{}", customer_id(1)), shop.now());
    shop.wire.clear();
    shop.get_as(&by_customer, "/v1/me").await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[&["BatchGetItem"], one_trip], 3.0, 0.0));
    shop.wire.clear();
    shop.call("GET", &forwarded(&customer_id(1).to_string(), shop.now()), &[], "").await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[&["BatchGetItem"], one_trip], 3.0, 0.0));
}

#[tokio::test]
async fn a_token_is_minted_by_one_read_and_its_key_is_one_row() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/tokens");
    let took = cost_of_post(&shop, &path, &json!({}), None).await;
    assert_eq!(took, cost(&[&["GetItem"]], 1.0, 0.0));
    let took = cost_of_post(&shop, &path, &json!({}), Some("k-1")).await;
    assert_eq!(took, cost(&[&["GetItem"], &["GetItem"], &["TransactWriteItems"]], 2.0, 2.0));
}

#[tokio::test]
async fn a_redemption_reads_in_one_trip_and_writes_ten_units() {
    let (shop, id) = shop_with_member().await;
    shop.adjust(&id, 2_000, "opening").await;
    let (path, body) = (format!("/v1/members/{id}/redemptions"), json!({"reward_id": "coupon_5"}));
    let took = cost_of_post(&shop, &path, &body, Some("k-1")).await;
    // account, entry, redemption with its coupon, code and key
    assert_eq!(took, cost(&[&["GetItem", "GetItem", "Query"], &["TransactWriteItems"]], 3.0, 10.0));
    let took = cost_of_post(&shop, &path, &body, Some("k-1")).await;
    assert_eq!((took.trips, took.write_units), (2, 0.0));
    let redemption = shop.redeem(&id, "coupon_5", "k-2").await.is(201);
    shop.wire.clear();
    let cancelled = format!("{path}/{}", redemption["id"].as_str().unwrap());
    shop.call("DELETE", &cancelled, &[bearer(ADMIN).as_header()], "").await.is(200);
    let calls: &[&[&str]] = &[&["GetItem", "Query"], &["BatchGetItem"], &["TransactWriteItems"]];
    assert_eq!(shop.wire.cost(), cost(calls, 3.0, 6.0));
}

#[tokio::test]
async fn an_order_with_a_coupon_reads_in_two_trips_and_writes_two_units_more() {
    let (shop, id) = shop_with_member().await;
    shop.adjust(&id, 2_000, "opening").await;
    let redemption = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    shop.send("orders/paid", &order(6_120_000_000_001)).await.is(200);
    let without = cost_of(&shop, "orders/paid", &order(6_120_000_000_002)).await;
    let mut order = paid_order(6_120_000_000_003, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &[("19.99", 1)]);
    order["discount_codes"] = json!([{"code": redemption["coupon"]["code"], "amount": "5.00", "type": "fixed_amount"}]);
    let took = cost_of(&shop, "orders/paid", &order).await;
    // the code's row with the order, the redemption's with the account
    assert_eq!((took.trips, took.read_units), (without.trips, without.read_units + 2.0));
    assert_eq!(took.write_units, without.write_units + 2.0);
    let delivered = delivery(&order, 5_440_000_000_001, at("2026-06-19T10:00:00Z"));
    assert_eq!(cost_of(&shop, "fulfillment_events/create", &delivered).await.write_units, 6.0);
}
