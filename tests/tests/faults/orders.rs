//! Orders and what becomes of them.

use serde_json::Value;
use tests::{Buyer, Shop, at, payloads::*};

use crate::{ALL, Ask, FAULTS, NOW, breaks_nowhere, buyer, event, order};

fn earlier_order() -> Value {
    paid_order(6_120_000_000_000, &buyer(), at("2026-05-01T10:00:00Z"), &[("230.00", 1)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_member_s_order_survives_every_fault() {
    breaks_nowhere(event(vec![], "orders/paid", order())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_member_s_order_survives_every_fault() {
    let before = vec![Ask::Event("orders/paid", earlier_order())];
    breaks_nowhere(event(before, "orders/paid", order())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_survives_every_fault() {
    let refund = refund(&order(), 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(1, 1)]);
    breaks_nowhere(event(vec![Ask::Event("orders/paid", order())], "refunds/create", refund)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_before_its_order_survives_every_fault() {
    let refund = refund(&order(), 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(1, 1)]);
    breaks_nowhere(event(vec![], "refunds/create", refund)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_survives_every_fault() {
    let delivery = delivery(&order(), 5_440_000_000_001, at("2026-06-19T10:00:00Z"));
    breaks_nowhere(event(vec![Ask::Event("orders/paid", order())], "fulfillment_events/create", delivery)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_customer_account_survives_every_fault() {
    breaks_nowhere(event(vec![], "customers/create", customer(&buyer(), at("2026-06-19T10:00:00Z")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_changes_hands_survives_every_fault() {
    let mut reassigned = later(&order(), at("2026-06-19T10:00:00Z"));
    reassigned["customer"] = customer(&Buyer::with_account(2), at("2026-06-19T10:00:00Z"));
    let others = customer(&Buyer::with_account(2), at("2026-06-01T10:00:00Z"));
    let before = vec![Ask::Event("orders/paid", order()), Ask::Event("customers/create", others)];
    breaks_nowhere(event(before, "orders/updated", reassigned)).await;
}

#[tokio::test]
async fn a_new_deployment_s_first_event_survives_every_fault() {
    for fault in FAULTS {
        for (call, calls) in (0..6).flat_map(|call| [(call, 1), (call, ALL)]) {
            let shop = Shop::open_without_program(NOW).await;
            shop.wire.break_calls(fault, call, calls);
            shop.send("orders/paid", &order()).await;
            shop.wire.clear();
            shop.deliver("orders/paid", &order()).await;
            let rows = shop.rows().await;
            assert_eq!(rows.keys().filter(|key| key.starts_with("PROGRAM")).count(), 1, "{fault:?} {call} {calls}");
            assert_eq!(rows.keys().filter(|key| key.contains(" / LED#")).count(), 1, "{fault:?} {call} {calls}");
        }
    }
}
