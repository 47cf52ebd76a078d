//! What points buy: holds, rewards and the orders that use them.

use serde_json::{Value, json};
use tests::{Buyer, at, payloads::*};

use crate::{Ask, NOW, breaks_nowhere, call, enrolled, event, given, keyed};

fn hold(key: &'static str) -> Ask {
    let body = json!({"points": 300, "order_total": {"amount": "100.00", "currency": "USD"}});
    call("POST", "/v1/members/{@0/id}/holds", body, Some(key))
}

/// Their answers are 0 and 1.
fn rich() -> Vec<Ask> {
    vec![enrolled(1), given(900)]
}

/// Of the member who was enrolled first, with the code of an earlier answer.
fn order_with(code: &str, off: &str) -> Value {
    let mut order = paid_order(6_120_000_000_002, &Buyer::without_account(1), at(NOW), &[("100.00", 1)]);
    order["discount_codes"] = json!([{"code": code, "amount": off, "type": "fixed_amount"}]);
    order
}

/// With a hold, whose answer is 2.
fn holding() -> Vec<Ask> {
    [rich(), vec![hold("held")]].concat()
}

fn capturing() -> Value {
    order_with("{@2/code}", "2.40")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_survives_every_fault() {
    breaks_nowhere(keyed(rich(), hold("k-1"), 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_survives_every_fault() {
    let release = call("DELETE", "/v1/members/{@0/id}/holds/{@2/id}", Value::Null, None);
    breaks_nowhere(keyed(holding(), release, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_capture_by_a_paid_order_survives_every_fault() {
    breaks_nowhere(event(holding(), "orders/paid", capturing())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cancellation_of_an_order_that_captured_survives_every_fault() {
    let order = capturing();
    let before = [holding(), vec![Ask::Event("orders/paid", order.clone())]].concat();
    breaks_nowhere(event(before, "orders/cancelled", cancelled(&order, at("2026-06-20T11:59:00Z")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_capture_after_the_points_were_taken_survives_every_fault() {
    let take =
        call("POST", "/v1/members/{@0/id}/adjustments", json!({"points": -900, "reason": "taken"}), Some("taken"));
    breaks_nowhere(event([holding(), vec![take]].concat(), "orders/paid", capturing())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_capture_after_a_refund_of_the_order_that_earned_survives_every_fault() {
    let buyer = Buyer::with_account(1);
    let earning = paid_order(6_120_000_000_001, &buyer, at("2026-04-01T10:00:00Z"), &[("300.00", 1)]);
    let find = call("GET", &format!("/v1/members?email={}", email(1)), Value::Null, None);
    let hold = json!({"points": 300, "order_total": {"amount": "100.00", "currency": "USD"}});
    let hold = call("POST", "/v1/members/{@1/members/0/id}/holds", hold, Some("held"));
    let refunded = refund(&earning, 930_000_000_001, at("2026-06-20T11:00:00Z"), &[(0, 1)]);
    let before = vec![Ask::Event("orders/paid", earning), find, hold, Ask::Event("refunds/create", refunded)];
    breaks_nowhere(event(before, "orders/paid", capturing())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_names_a_hold_which_nothing_covers_survives_every_fault() {
    let release = call("DELETE", "/v1/members/{@0/id}/holds/{@2/id}", Value::Null, None);
    let take =
        call("POST", "/v1/members/{@0/id}/adjustments", json!({"points": -900, "reason": "taken"}), Some("taken"));
    breaks_nowhere(event([holding(), vec![release, take]].concat(), "orders/paid", capturing())).await;
}

fn redeem(reward: &str, key: &'static str) -> Ask {
    call("POST", "/v1/members/{@0/id}/redemptions", json!({"reward_id": reward}), Some(key))
}

/// With a coupon, whose answer is 2.
fn redeemed() -> Vec<Ask> {
    [rich(), vec![redeem("coupon_5", "redeemed")]].concat()
}

fn using() -> Value {
    order_with("{@2/coupon/code}", "5.00")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redemption_survives_every_fault() {
    breaks_nowhere(keyed(rich(), redeem("coupon_5", "k-1"), 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_a_pool_survives_every_fault() {
    let offer = |program: &mut Value| {
        let tote = json!({"id": "tote", "title": "Tote", "kind": "free_product", "points": 100, "codes": "pool",
            "valid_days": 30, "product_id": "8410000000007"});
        program["rewards"].as_array_mut().unwrap().push(tote);
    };
    let pool = vec![Ask::Program(offer), call("POST", "/v1/rewards/tote/codes", json!({"codes": ["TOTE-1"]}), None)];
    breaks_nowhere(keyed([rich(), pool].concat(), redeem("tote", "k-1"), 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cancellation_of_a_redemption_survives_every_fault() {
    let cancel = call("DELETE", "/v1/members/{@0/id}/redemptions/{@2/id}", Value::Null, None);
    breaks_nowhere(keyed(redeemed(), cancel, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_has_done_for_a_redemption_survives_every_fault() {
    let rich = vec![enrolled(1), given(2_000), redeem("consultation", "redeemed")];
    let path = "/v1/members/{@0/id}/redemptions/{@2/id}";
    breaks_nowhere(keyed(rich, call("PATCH", path, json!({"state": "fulfilled"}), None), 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_with_a_coupon_survives_every_fault() {
    breaks_nowhere(event(redeemed(), "orders/paid", using())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cancellation_of_an_order_with_a_coupon_survives_every_fault() {
    let before = [redeemed(), vec![Ask::Event("orders/paid", using())]].concat();
    breaks_nowhere(event(before, "orders/cancelled", cancelled(&using(), at("2026-06-20T11:59:00Z")))).await;
}
