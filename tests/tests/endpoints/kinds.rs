//! What merchants are told of.

use serde_json::{Value, json};
use tests::{Buyer, at, payloads::*};

use crate::{events, run, shop_telling};

#[tokio::test]
async fn points_are_told_of_on_the_day_on_which_they_become_available_and_once() {
    let (shop, receiver, _) = shop_telling(&["points.available"]).await;
    let order = paid_order(6_120_000_000_001, &Buyer::with_account(1), shop.now(), &[("30.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.move_clock(at("2026-07-19T23:59:00Z"));
    run(&shop).await;
    assert_eq!(events(&shop).await, Vec::<Value>::new());
    for time in ["2026-07-20T00:00:01Z", "2026-07-20T00:01:01Z", "2026-07-21T00:00:01Z"] {
        shop.move_clock(at(time));
        run(&shop).await;
    }
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    let data = &received[0].body()["data"];
    assert_eq!((&data["points"], &data["available"]), (&json!(30), &json!(30)));
    assert_eq!(received[0].body()["timestamp"], "2026-07-20T00:00:01Z");
}

#[tokio::test]
async fn a_change_of_consent_is_told_of() {
    let (shop, receiver, _) = shop_telling(&["consent.changed"]).await;
    shop.send("customers/create", &customer(&Buyer::with_account(1), at("2026-06-19T10:00:00Z"))).await.is(200);
    run(&shop).await;
    let body = receiver.received()[0].body();
    assert_eq!(body["data"]["marketing"]["from"], "unknown");
    assert!(!body.to_string().contains("example.com"));
}

#[tokio::test]
async fn a_redemption_and_its_coupon_are_told_of() {
    let (shop, receiver, _) = shop_telling(&["redemption.created", "coupon.issued"]).await;
    let id = shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201)["id"].clone();
    let id = id.as_str().unwrap();
    shop.adjust(id, 1_000, "k-1").await;
    let path = format!("/v1/members/{id}/redemptions");
    let redeemed = shop.post(&path, &json!({"reward_id": "coupon_5"}), Some("k-2")).await.is(201);
    assert_eq!(run(&shop).await, (2, 0));
    let mut told: Vec<Value> = receiver.received().iter().map(|one| one.body()).collect();
    told.sort_by_key(|body| body["type"].to_string());
    assert_eq!((&told[0]["type"], &told[1]["type"]), (&json!("coupon.issued"), &json!("redemption.created")));
    assert_eq!(told[0]["data"]["code"], redeemed["coupon"]["code"]);
    let data = &told[1]["data"];
    let expected = (&redeemed["id"], &json!("coupon_5"), &json!(500), &json!(id));
    assert_eq!((&data["redemption_id"], &data["reward_id"], &data["points"], &data["member_id"]), expected);
}
