//! Points that were not deserved are taken back, also from who has spent them.

use serde_json::json;
use tests::at;

use crate::{balance, record, reverse, shop_with_member};

#[tokio::test]
async fn a_reversal_takes_the_points_once_and_the_subject_for_ever() {
    let (shop, id) = shop_with_member().await;
    let body = json!({"type": "survey", "subject": "s"});
    let survey = record(&shop, &id, &body, "k-1").await.is(201);
    for _ in 0..3 {
        assert_eq!(reverse(&shop, &id, &survey).await.is(200)["state"], "reversed");
    }
    assert_eq!(balance(&shop, &id).await, 100);
    let ledger = shop.ledger(&id).await;
    assert_eq!((ledger.len(), &ledger[0]["kind"], &ledger[0]["points"]), (3, &json!("activity_reversal"), &json!(-50)));
    record(&shop, &id, &body, "k-2").await.is_problem(409, "cap-reached");
    assert_eq!(record(&shop, &id, &body, "k-1").await.is(201)["state"], "reversed", "what the key led to");
    assert_eq!(balance(&shop, &id).await, 100);
}

#[tokio::test]
async fn points_that_were_spent_are_owed() {
    let (shop, id) = shop_with_member().await;
    let survey = record(&shop, &id, &json!({"type": "survey", "subject": "s"}), "k-1").await.is(201);
    shop.adjust(&id, -130, "spent").await;
    reverse(&shop, &id, &survey).await.is(200);
    assert_eq!(balance(&shop, &id).await, -30);
    assert_eq!(shop.lots(&id).await["debt"], 30);
    record(&shop, &id, &json!({"type": "training", "subject": "t"}), "k-2").await.is(201);
    assert_eq!(balance(&shop, &id).await, 70, "what comes pays the debt first");
}

#[tokio::test]
async fn points_that_expired_are_not_taken_again() {
    let (shop, id) = shop_with_member().await;
    let old = json!({"type": "survey", "subject": "s", "occurred_at": "2025-06-25T00:00:00Z"});
    let survey = record(&shop, &id, &old, "k-1").await.is(201);
    shop.move_clock(at("2026-07-02T12:00:00Z"));
    assert_eq!(balance(&shop, &id).await, 100);
    reverse(&shop, &id, &survey).await.is(200);
    assert_eq!(balance(&shop, &id).await, 100);
}

#[tokio::test]
async fn a_reversal_opens_no_cap() {
    let (shop, id) = shop_with_member().await;
    let check_in = record(&shop, &id, &json!({"type": "check_in"}), "k-1").await.is(201);
    reverse(&shop, &id, &check_in).await.is(200);
    record(&shop, &id, &json!({"type": "check_in"}), "k-2").await.is_problem(409, "cap-reached");
}
