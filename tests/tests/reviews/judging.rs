//! The shop publishes, rejects and replies.

use serde_json::{Value, json};
use tests::{
    Answer, Shop,
    shop::{ADMIN, PUBLISHABLE, STOREFRONT, bearer},
};

use crate::{PRODUCT, change_reviews, judge, later, listed, patch, post, review, shop_with_buyer};

#[tokio::test]
async fn a_reply_is_shown_until_it_is_taken_away() {
    let (shop, id) = shop_with_buyer().await;
    let written = review(&shop, &id, PRODUCT, 2).await;
    later(&shop, 60);
    let replied = judge(&shop, &written, json!({"reply": " We are sorry.\r\nA new one is on its way. "})).await;
    assert_eq!(replied["reply"]["text"], "We are sorry.\nA new one is on its way.");
    assert_eq!((&replied["state"], &replied["updated_at"]), (&written["state"], &written["updated_at"]));
    later(&shop, 60);
    assert_eq!(judge(&shop, &written, json!({"reply": "We are sorry.\nA new one is on its way."})).await, replied);
    assert_eq!(judge(&shop, &written, json!({})).await, replied);
    assert_eq!(listed(&shop, PUBLISHABLE, "/v1/reviews").await[0]["reply"], replied["reply"]);
    assert_eq!(judge(&shop, &written, json!({"reply": null})).await["reply"], Value::Null);
}

#[tokio::test]
async fn what_is_rejected_is_seen_by_the_merchant_alone() {
    let (shop, id) = shop_with_buyer().await;
    let written = review(&shop, &id, PRODUCT, 5).await;
    let path = format!("/v1/reviews/{}", written["id"].as_str().unwrap());
    shop.get_as(STOREFRONT, &path).await.is(200);
    assert_eq!(judge(&shop, &written, json!({"state": "rejected"})).await["state"], "rejected");
    shop.get_as(STOREFRONT, &path).await.is_problem(404, "not-found");
    assert_eq!(shop.get(&path).await.is(200)["state"], "rejected");
    assert!(listed(&shop, STOREFRONT, "/v1/reviews").await.is_empty());
    assert!(listed(&shop, STOREFRONT, &format!("/v1/reviews?member_id={id}")).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_judged_so_is_refused_by_its_field() {
    let (shop, id) = shop_with_buyer().await;
    let written = review(&shop, &id, PRODUCT, 5).await;
    let path = format!("/v1/reviews/{}", written["id"].as_str().unwrap());
    for (body, pointer) in [
        (json!({"state": "pending"}), "/state"),
        (json!({"reply": "   \n"}), "/reply"),
        (json!({"reply": "x".repeat(5_001)}), "/reply"),
        (json!({"reply": ["x"]}), "/reply"),
        (json!({"rating": 5}), "/rating"),
    ] {
        let problem = patch(&shop, &path, &body).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    for nobody in ["rev_0", "rev_00000000000000000000000000000000", "x%23y"] {
        patch(&shop, &format!("/v1/reviews/{nobody}"), &json!({})).await.is_problem(404, "not-found");
        shop.get(&format!("/v1/reviews/{nobody}")).await.is_problem(404, "not-found");
    }
}

async fn judge_what_was_read(shop: &Shop, path: &str, body: &Value, etag: &str) -> Answer {
    let bearer = bearer(ADMIN);
    shop.call("PATCH", path, &[bearer.as_header(), ("if-match", etag)], body.to_string()).await
}

#[tokio::test]
async fn who_says_what_they_have_read_publishes_nothing_else() {
    let (shop, id) = shop_with_buyer().await;
    change_reviews(&shop, json!({"publish": "after_approval"})).await;
    let written = post(&shop, &id, &json!({"product_id": PRODUCT, "rating": 5, "text": "A"}), "k-1").await.is(201);
    let path = format!("/v1/reviews/{}", written["id"].as_str().unwrap());
    let read = shop.get(&path).await.header("etag").unwrap().to_owned();
    later(&shop, 5);
    post(&shop, &id, &json!({"product_id": PRODUCT, "rating": 5, "text": "B"}), "k-2").await.is(201);
    let publish = json!({"state": "published"});
    for stale in [read.as_str(), "\"0\"", "W/\"2\"", "x", ""] {
        judge_what_was_read(&shop, &path, &publish, stale).await.is_problem(412, "review-changed");
    }
    assert!(listed(&shop, PUBLISHABLE, "/v1/reviews").await.is_empty());
    let read = shop.get(&path).await;
    let etag = read.header("etag").unwrap().to_owned();
    assert_eq!(read.is(200)["text"], "B");
    let judged = judge_what_was_read(&shop, &path, &publish, &etag).await;
    assert_ne!(judged.header("etag"), Some(etag.as_str()));
    assert_eq!(judged.is(200)["state"], "published");
    judge_what_was_read(&shop, &path, &json!({"reply": "Thank you"}), "*").await.is(200);
}
