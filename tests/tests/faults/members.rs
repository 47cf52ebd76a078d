//! Members: who they are, what they do and whom they invite.

use serde_json::{Value, json};
use tests::{Buyer, at, payloads::*};

use crate::{Ask, Case, breaks_nowhere, call, enrolled, event, given, keyed, order, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_under_a_key_survives_every_fault() {
    let body = json!({"email": "ada@example.com", "links": [{"source": "woo:shop", "customer_id": "26"}]});
    let enrol = post("/v1/members", body);
    breaks_nowhere(keyed(vec![], enrol, 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_without_a_key_survives_every_fault() {
    let enrol = call("POST", "/v1/members", json!({"email": "ada@example.com"}), None);
    breaks_nowhere(Case { again: &[201, 409], ..keyed(vec![], enrol, 201) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_s_enrolment_survives_every_fault() {
    let guest = Buyer::guest(1);
    let order = paid_order(6_120_000_000_001, &guest, at("2026-06-18T10:00:00Z"), &[("19.99", 2)]);
    let enrol = post("/v1/members", json!({"email": guest.email}));
    let before = vec![Ask::Event("orders/paid", order)];
    breaks_nowhere(keyed(before, enrol, 201)).await;
}

/// Address, link, consent and birthday: all rows that a change writes.
fn change() -> Value {
    json!({"email": "ada@example.com", "name": "Ada King", "birthday": "1990-12-10", "time_zone": "Europe/London",
        "consent": {"marketing": "granted"}, "links": [{"source": "woo:shop", "customer_id": "26"}]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_a_member_under_a_key_survives_every_fault() {
    let change = call("PATCH", "/v1/members/{@0/id}", change(), Some("k-1"));
    breaks_nowhere(keyed(vec![enrolled(1)], change, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adjustment_survives_every_fault() {
    let adjust = post("/v1/members/{@0/id}/adjustments", json!({"points": -25, "reason": "sorry"}));
    breaks_nowhere(keyed(vec![enrolled(1)], adjust, 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_activity_that_is_recorded_survives_every_fault() {
    let record = post("/v1/members/{@0/id}/activities", json!({"type": "check_in"}));
    breaks_nowhere(keyed(vec![enrolled(1)], record, 201)).await;
}

/// What awaits approval: the answer is the second.
fn ugc() -> Ask {
    call("POST", "/v1/members/{@0/id}/activities", json!({"type": "ugc"}), Some("done"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_survives_every_fault() {
    let approve = call("POST", "/v1/members/{@0/id}/activities/{@1/id}/approve", Value::Null, Some("k-1"));
    breaks_nowhere(keyed(vec![enrolled(1), ugc()], approve, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_survives_every_fault() {
    let before = vec![
        enrolled(1),
        ugc(),
        call("POST", "/v1/members/{@0/id}/activities/{@1/id}/approve", Value::Null, Some("approved")),
        call("POST", "/v1/members/{@0/id}/adjustments", json!({"points": -150, "reason": "spent"}), Some("spent")),
    ];
    let reverse = call("DELETE", "/v1/members/{@0/id}/activities/{@1/id}", Value::Null, Some("k-1"));
    breaks_nowhere(keyed(before, reverse, 200)).await;
}

/// A member, their code, and a friend who has an account at the shop.
fn invited() -> Vec<Ask> {
    let friend = Ask::Event("customers/create", customer(&Buyer::with_account(1), at("2026-06-19T10:00:00Z")));
    let find = call("GET", &format!("/v1/members?email={}", email(1)), Value::Null, None);
    vec![enrolled(2), call("GET", "/v1/members/{@0/id}/referral", Value::Null, None), friend, find]
}

fn claim() -> Ask {
    let body = json!({"member_id": "{@3/members/0/id}"});
    call("POST", "/v1/referrals/{@1/code}/claim", body, Some("k-1"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_of_a_member_survives_every_fault() {
    let ask = call("GET", "/v1/members/{@0/id}/referral", Value::Null, None);
    breaks_nowhere(keyed(vec![enrolled(2)], ask, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_claim_of_a_friend_survives_every_fault() {
    breaks_nowhere(keyed(invited(), claim(), 201)).await;
}

/// Two members who both joined, bought and hold points.
fn two() -> Vec<Ask> {
    let hold = |member: &str, key| {
        let body = json!({"points": 100, "order_total": {"amount": "100.00", "currency": "USD"}});
        call("POST", &format!("/v1/members/{{@{member}/id}}/holds"), body, Some(key))
    };
    vec![enrolled(1), enrolled(2), given(40), hold("0", "one"), hold("1", "other"), Ask::Event("orders/paid", order())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_survives_every_fault() {
    let merge = post("/v1/members/{@0/id}/merge", json!({"from": "{@1/id}"}));
    breaks_nowhere(keyed(two(), merge, 200)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_survives_every_fault() {
    let erase = call("DELETE", "/v1/members/{@0/id}", Value::Null, None);
    // what names them goes in one commit; what they wrote goes after it
    breaks_nowhere(Case { at_once: false, ..keyed(two(), erase, 204) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_that_changed_survives_every_fault() {
    let known = customer(&Buyer::with_account(1), at("2026-06-19T10:00:00Z"));
    let later = customer(&Buyer::with_account(1), at("2026-06-20T10:00:00Z"));
    breaks_nowhere(event(vec![Ask::Event("customers/create", known)], "customers/update", later)).await;
}

/// With few stars: review, case and the places of both.
fn bad_review(key: &'static str) -> Ask {
    let body = json!({"product_id": "8410000000000", "rating": 2, "text": "It leaks."});
    call("POST", "/v1/members/{@0/id}/reviews", body, Some(key))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_review_survives_every_fault() {
    breaks_nowhere(keyed(vec![enrolled(1)], bad_review("k-1"), 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_s_word_on_a_review_survives_every_fault() {
    let judge = call("PATCH", "/v1/reviews/{@1/id}", json!({"state": "rejected", "reply": "Sorry."}), None);
    breaks_nowhere(keyed(vec![enrolled(1), bad_review("written")], judge, 200)).await;
}
