//! What the events of orders take.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Buyer, Shop, at, exports::orders_csv, payloads::*, shop::SOURCE};

use crate::{
    BUDGET_OF_AN_ORDER, FIVE_LINES, MORE_FOR_THE_FIRST, NOW, cost, cost_of, order, shop_with_member, with_discounts,
};

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
    assert_eq!(took, cost(&[&["BatchGetItem", "Query"], &["TransactWriteItems"]], 4.0, 16.0));
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
