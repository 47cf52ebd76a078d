//! What a person has to approve first.

use serde_json::json;
use tests::{at, shop::STOREFRONT};

use crate::{approve, balance, judge, record, reverse, shop_with_member};

#[tokio::test]
async fn nothing_is_posted_until_it_is_approved_and_then_once() {
    let (shop, id) = shop_with_member().await;
    let ugc = record(&shop, &id, &json!({"type": "ugc"}), "k-1").await.is(201);
    assert_eq!(ugc["state"], "pending_approval");
    assert_eq!((balance(&shop, &id).await, shop.ledger(&id).await.len()), (100, 1));
    judge(&shop, STOREFRONT, "POST", &id, &ugc, "/approve").await.is_problem(403, "forbidden");
    judge(&shop, STOREFRONT, "DELETE", &id, &ugc, "").await.is_problem(403, "forbidden");
    shop.move_clock(at("2026-06-25T12:00:00Z"));
    for _ in 0..3 {
        assert_eq!(approve(&shop, &id, &ugc).await.is(200)["state"], "posted");
    }
    assert_eq!(balance(&shop, &id).await, 200);
    let path = format!("/v1/members/{id}/activities/{}/approve", ugc["id"].as_str().unwrap());
    shop.post(&path, &json!(null), None).await.is_problem(400, "idempotency-key-missing");
    shop.post(&path, &json!(null), Some("another")).await.is(200);
    assert_eq!(balance(&shop, &id).await, 200);
}

#[tokio::test]
async fn what_is_declined_gives_nothing_and_keeps_its_place_under_the_cap() {
    let (shop, id) = shop_with_member().await;
    let ugc = record(&shop, &id, &json!({"type": "ugc"}), "k-1").await.is(201);
    record(&shop, &id, &json!({"type": "ugc"}), "k-2").await.is_problem(409, "cap-reached");
    assert_eq!(reverse(&shop, &id, &ugc).await.is(200)["state"], "reversed");
    assert_eq!((balance(&shop, &id).await, shop.ledger(&id).await.len()), (100, 1));
    approve(&shop, &id, &ugc).await.is_problem(409, "activity-reversed");
    record(&shop, &id, &json!({"type": "ugc"}), "k-3").await.is_problem(409, "cap-reached");
    shop.move_clock(at("2026-07-01T00:00:00Z"));
    record(&shop, &id, &json!({"type": "ugc"}), "k-4").await.is(201);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_judged() {
    let (shop, id) = shop_with_member().await;
    let missing = json!({"id": "act_0"});
    approve(&shop, &id, &missing).await.is_problem(404, "not-found");
    reverse(&shop, &id, &missing).await.is_problem(404, "not-found");
    let ugc = record(&shop, &id, &json!({"type": "ugc"}), "k-1").await.is(201);
    let bob = shop.post("/v1/members", &json!({"email": "bob@example.com"}), None).await.is(201);
    approve(&shop, bob["id"].as_str().unwrap(), &ugc).await.is_problem(404, "not-found");
}
