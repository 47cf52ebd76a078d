//! What members take: who they are, what they do and whom they invite.

use serde_json::json;
use tests::{
    Buyer, Shop, at,
    payloads::*,
    shop::{ADMIN, bearer},
};

use crate::{NOW, cost, cost_of, cost_of_post, shop_with_member};

#[tokio::test]
async fn a_new_customer_account_is_five_rows_and_an_entry() {
    let shop = Shop::open(NOW).await;
    let created = customer(&Buyer::with_account(1), at("2026-06-19T10:00:00Z"));
    let took = cost_of(&shop, "customers/create", &created).await;
    assert_eq!(took, cost(&[&["BatchGetItem"], &["Query"], &["TransactWriteItems"]], 3.0, 12.0));
    let took = cost_of(&shop, "customers/create", &created).await;
    assert_eq!(took, cost(&[&["BatchGetItem"], &["Query"], &["BatchGetItem"]], 5.0, 0.0));
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
async fn an_activity_reads_in_one_trip_and_its_proof_in_one_more() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/activities");
    let took = cost_of_post(&shop, &path, &json!({"type": "check_in"}), Some("k-1")).await;
    assert!(took.trips <= 2 && took.write_units <= 10.0, "{took:?}");
    let review = json!({"type": "review", "subject": "8410000000000"});
    let took = cost_of_post(&shop, &path, &review, Some("k-2")).await;
    assert!(took.trips <= 3 && took.write_units <= 14.0, "with the order that it rests on: {took:?}");
    let took = cost_of_post(&shop, &path, &json!({"type": "share"}), Some("k-3")).await;
    assert!(took.trips <= 3 && took.read_units <= 4.0 && took.write_units <= 10.0, "the order is known: {took:?}");
    let took = cost_of_post(&shop, &path, &review, Some("k-2")).await;
    assert!(took.trips <= 2 && took.write_units == 0.0, "{took:?}");
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
async fn a_review_reads_in_two_trips_and_writes_once_and_a_bad_one_opens_a_case() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/reviews");
    for (product, stars, writes) in [("8410000000000", 5, 18.0), ("8410000000001", 1, 23.0)] {
        let body = json!({"product_id": product, "rating": stars});
        let took = cost_of_post(&shop, &path, &body, Some(product)).await;
        assert!(took.trips <= 4 && took.write_units <= writes, "{took:?}");
        let again = cost_of_post(&shop, &path, &body, Some(product)).await;
        assert!(again.write_units == 0.0, "{again:?}");
    }
}
