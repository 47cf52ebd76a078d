//! Who must have bought something, and what.

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, PRODUCT, balance, order, record, shop_with_buyer, shop_with_member};

fn review(subject: &str) -> Value {
    json!({"type": "review", "subject": subject})
}

#[tokio::test]
async fn a_review_needs_a_purchase_of_that_product() {
    let (shop, id) = shop_with_buyer().await;
    record(&shop, &id, &review("8410000000009"), "k-1").await.is_problem(409, "proof-missing");
    record(&shop, &id, &review(PRODUCT), "k-2").await.is(201);
    record(&shop, &id, &review(PRODUCT), "k-3").await.is_problem(409, "cap-reached");
    assert_eq!(balance(&shop, &id).await, 50);
}

#[tokio::test]
async fn who_bought_nothing_proves_nothing() {
    let (shop, id) = shop_with_member().await;
    record(&shop, &id, &review(PRODUCT), "k-1").await.is_problem(409, "proof-missing");
    record(&shop, &id, &json!({"type": "share"}), "k-2").await.is_problem(409, "proof-missing");
    // another member's purchase is theirs
    shop.send("orders/paid", &order()).await.is(200);
    record(&shop, &id, &review(PRODUCT), "k-3").await.is_problem(409, "proof-missing");
}

#[tokio::test]
async fn what_was_sent_back_cancelled_or_a_test_proves_nothing() {
    let all_units = refund(&order(), 930_000_000_001, at(NOW), &[(0, 1)]);
    let all_money = amount_refund(&order(), 930_000_000_002, at(NOW), "30.00");
    let mut test = order();
    test["test"] = json!(true);
    for (topic, payload) in [
        ("refunds/create", all_units),
        ("refunds/create", all_money),
        ("orders/cancelled", cancelled(&order(), at(NOW))),
        ("orders/updated", later(&test, at(NOW))),
    ] {
        let (shop, id) = shop_with_buyer().await;
        shop.send(topic, &payload).await.is(200);
        record(&shop, &id, &review(PRODUCT), "k-1").await.is_problem(409, "proof-missing");
        record(&shop, &id, &json!({"type": "share"}), "k-2").await.is_problem(409, "proof-missing");
    }
}

#[tokio::test]
async fn a_review_outlives_the_return_of_a_part_but_not_of_all() {
    let mut two = order();
    two["line_items"][0]["quantity"] = json!(2);
    two["line_items"][0]["current_quantity"] = json!(2);
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &two).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    let told = record(&shop, &id, &review(PRODUCT), "k-1").await.is(201);
    shop.send("refunds/create", &refund(&two, 930_000_000_001, at(NOW), &[(0, 1)])).await.is(200);
    assert_eq!(balance(&shop, &id).await, 50);
    for _ in 0..2 {
        shop.send("refunds/create", &refund(&two, 930_000_000_002, at(NOW), &[(0, 1)])).await.is(200);
        assert_eq!(balance(&shop, &id).await, 0);
    }
    let shown = shop.get(&format!("/v1/members/{id}/activities")).await.is(200);
    assert_eq!((&shown["activities"][0]["id"], &shown["activities"][0]["state"]), (&told["id"], &json!("reversed")));
}

#[tokio::test]
async fn a_review_of_a_merged_member_rests_on_their_order_still() {
    let (shop, id) = shop_with_buyer().await;
    record(&shop, &id, &review(PRODUCT), "k-1").await.is(201);
    let other = shop.post("/v1/members", &json!({"email": "ada@example.org"}), None).await.is(201);
    let other = other["id"].as_str().unwrap();
    shop.merge(&id, other).await;
    shop.send("orders/cancelled", &cancelled(&order(), at(NOW))).await.is(200);
    assert_eq!(balance(&shop, other).await, 100);
}

#[tokio::test]
async fn an_order_of_years_ago_is_an_order() {
    let (shop, id) = shop_with_buyer().await;
    shop.move_clock(at("2029-06-20T12:00:00Z"));
    shop.send("orders/paid", &paid_order(1, &Buyer::with_account(1), at("2029-06-20T10:00:00Z"), &[("1.00", 1)]))
        .await
        .is(200);
    shop.send(
        "orders/cancelled",
        &cancelled(
            &paid_order(1, &Buyer::with_account(1), at("2029-06-20T10:00:00Z"), &[("1.00", 1)]),
            at("2029-06-20T11:00:00Z"),
        ),
    )
    .await
    .is(200);
    record(&shop, &id, &json!({"type": "share"}), "k-1").await.is(201);
}
