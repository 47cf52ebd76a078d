//! Points are for who has bought and kept the product, once.

use serde_json::json;
use tests::{
    Buyer, at,
    payloads::{cancelled, customer, customer_id, refund},
    shop::SOURCE,
};

use crate::{NOW, ORDER, PRODUCT, SECOND, balance, buyer, later, order, post, review, shop_with_buyer};

#[tokio::test]
async fn a_review_of_what_was_bought_earns_and_says_so() {
    let (shop, id) = shop_with_buyer().await;
    let body = json!({"product_id": PRODUCT, "rating": 5, "title": "Pours well", "text": "Light.\n\nAnd quick.",
        "order": {"source": SOURCE, "id": ORDER.to_string()}});
    let review = post(&shop, &id, &body, "k-1").await.is(201);
    assert_eq!((&review["incentivised"], &review["verified_purchase"]), (&json!(true), &json!(true)), "{review}");
    assert_eq!(
        (&review["state"], &review["source"], &review["rating"]),
        (&json!("published"), &json!("api"), &json!(5))
    );
    assert_eq!((&review["title"], &review["text"]), (&body["title"], &body["text"]));
    assert_eq!((&review["member_id"], &review["order"]), (&json!(id), &body["order"]));
    assert_eq!(balance(&shop, &id).await, 50);
    assert_eq!(post(&shop, &id, &body, "k-1").await.is(201), review);
    post(&shop, &id, &json!({"product_id": PRODUCT, "rating": 4}), "k-1")
        .await
        .is_problem(422, "idempotency-key-reused");
    assert_eq!(balance(&shop, &id).await, 50);
}

#[tokio::test]
async fn each_product_earns_once_however_often_it_is_reviewed() {
    let (shop, id) = shop_with_buyer().await;
    for stars in [5, 4, 5] {
        review(&shop, &id, PRODUCT, stars).await;
        later(&shop, 5);
    }
    assert_eq!(balance(&shop, &id).await, 50);
    review(&shop, &id, SECOND, 5).await;
    assert_eq!(balance(&shop, &id).await, 100);
    let activity = json!({"type": "review", "subject": PRODUCT});
    let path = format!("/v1/members/{id}/activities");
    shop.post(&path, &activity, Some("k-1")).await.is_problem(409, "cap-reached");
}

#[tokio::test]
async fn what_was_never_bought_is_reviewed_without_points() {
    let (shop, id) = shop_with_buyer().await;
    let review = review(&shop, &id, "NEVER-BOUGHT", 5).await;
    assert_eq!((&review["incentivised"], &review["verified_purchase"]), (&json!(false), &json!(false)));
    let other = customer(&Buyer::with_account(2), at(NOW));
    shop.send("customers/create", &other).await.is(200);
    let other = shop.id_of_customer(customer_id(2)).await;
    let before = balance(&shop, &other).await;
    crate::review(&shop, &other, PRODUCT, 5).await;
    assert_eq!((balance(&shop, &id).await, balance(&shop, &other).await), (0, before));
}

#[tokio::test]
async fn what_was_sent_back_earns_nothing() {
    let (shop, id) = shop_with_buyer().await;
    shop.send("orders/cancelled", &cancelled(&order(1), at(NOW))).await.is(200);
    let review = review(&shop, &id, PRODUCT, 5).await;
    assert_eq!((&review["incentivised"], &review["verified_purchase"]), (&json!(false), &json!(false)));
    assert_eq!(balance(&shop, &id).await, 0);
}

#[tokio::test]
async fn a_return_takes_the_points_back_and_leaves_the_review() {
    let (shop, id) = shop_with_buyer().await;
    let review = review(&shop, &id, PRODUCT, 4).await;
    assert_eq!(balance(&shop, &id).await, 50);
    let all = refund(&order(1), 930_000_000_001, at(NOW), &[(0, 1), (1, 1)]);
    shop.send("refunds/create", &all).await.is(200);
    assert_eq!(balance(&shop, &id).await, 0);
    let kept = shop.get(&format!("/v1/reviews/{}", review["id"].as_str().unwrap())).await.is(200);
    assert_eq!(kept, review);
    later(&shop, 5);
    let again = crate::review(&shop, &id, PRODUCT, 5).await;
    assert_eq!((&again["incentivised"], balance(&shop, &id).await), (&json!(true), 0));
}

#[tokio::test]
async fn who_was_merged_earns_nothing_twice() {
    let (shop, id) = shop_with_buyer().await;
    let other = buyer(&shop, 2).await;
    review(&shop, &id, PRODUCT, 5).await;
    shop.merge(&id, &other).await;
    later(&shop, 5);
    review(&shop, &other, PRODUCT, 4).await;
    review(&shop, &id, PRODUCT, 4).await;
    assert_eq!(balance(&shop, &other).await, 50);
}

#[tokio::test]
async fn what_awaits_approval_is_promised_and_the_review_is_there() {
    let (shop, id) = shop_with_buyer().await;
    let read = shop.get("/v1/program").await;
    let etag = read.header("etag").unwrap().to_owned();
    let mut program = read.is(200);
    program["activities"]["review"]["approval"] = json!(true);
    shop.put_program(&program, Some(&etag)).await.is(200);
    let review = review(&shop, &id, PRODUCT, 5).await;
    assert_eq!((&review["state"], &review["incentivised"]), (&json!("published"), &json!(true)));
    assert_eq!(balance(&shop, &id).await, 0);
}

#[tokio::test]
async fn an_order_that_is_named_must_be_theirs_and_have_the_product() {
    let (shop, id) = shop_with_buyer().await;
    buyer(&shop, 2).await;
    let about = |order: u64, product: &str| json!({"product_id": product, "rating": 5, "order": {"source": SOURCE, "id": order.to_string()}});
    post(&shop, &id, &about(ORDER + 1, PRODUCT), "k-1").await.is_problem(404, "not-found");
    post(&shop, &id, &about(ORDER + 9, PRODUCT), "k-2").await.is_problem(404, "not-found");
    post(&shop, &id, &about(ORDER, "8410000000009"), "k-3").await.is_problem(409, "not-in-order");
    post(&shop, "mem_nobody", &about(ORDER, PRODUCT), "k-4").await.is_problem(404, "not-found");
    assert_eq!(balance(&shop, &id).await, 0);
}
