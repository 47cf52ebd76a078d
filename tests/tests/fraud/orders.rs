//! Orders that pretend: amounts, currencies, dates, refunds and repetitions.

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, PAID, order, shop_with_buyer, worth};

/// The order with one field of its first line replaced.
fn with_line(mut order: Value, field: &str, value: Value) -> Value {
    order["line_items"][0][field] = value;
    order
}

#[tokio::test]
async fn a_negative_quantity_is_refused() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let forged = with_line(order(1, &buyer, "100.00"), "quantity", json!(-5));
    shop.send("orders/paid", &forged).await.is(400);
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn a_quantity_beyond_counting_is_refused() {
    let (shop, buyer, id) = shop_with_buyer().await;
    for quantity in [json!(u64::MAX), json!(i64::MAX), json!(1e300), json!(u32::MAX)] {
        let forged = with_line(order(1, &buyer, "9999999999.99"), "quantity", quantity);
        shop.send("orders/paid", &forged).await.is(400);
    }
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn a_discount_above_the_price_earns_nothing_and_takes_nothing() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let more = json!([{"amount": "500.00", "discount_application_index": 0}]);
    shop.send("orders/paid", &with_line(order(1, &buyer, "100.00"), "discount_allocations", more)).await.is(200);
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn a_weak_currency_is_not_counted_as_a_strong_one() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut pesos = order(1, &buyer, "100000");
    pesos["currency"] = json!("MXN");
    shop.send("orders/paid", &pesos).await.is(200);
    assert_eq!(worth(&shop, &id).await, 0, "there is no rate");
}

#[tokio::test]
async fn switching_the_currency_after_payment_gains_nothing() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let honest = order(1, &buyer, "10.00");
    shop.send("orders/paid", &honest).await.is(200);
    let mut switched = with_line(later(&honest, at("2026-06-11T10:00:00Z")), "price", json!("100000"));
    switched["currency"] = json!("MXN");
    shop.send("orders/updated", &switched).await.is(200);
    assert!(worth(&shop, &id).await <= 10);
}

#[tokio::test]
async fn a_test_order_earns_nothing() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut test = order(1, &buyer, "1000.00");
    test["test"] = json!(true);
    shop.send("orders/paid", &test).await.is(200);
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn a_payment_of_tomorrow_is_refused() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut early = order(1, &buyer, "1000.00");
    early["processed_at"] = json!("2026-06-21T12:00:01Z");
    shop.send("orders/paid", &early).await.is(400);
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn one_order_under_a_hundred_delivery_ids_is_one_order() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let body = order(1, &buyer, "10.00").to_string();
    let signature = tests::shop::signature(body.as_bytes());
    for delivery in 0..100 {
        let delivery = format!("delivery-{delivery}");
        let headers = [
            ("x-shopify-hmac-sha256", signature.as_str()),
            ("x-shopify-topic", if delivery.ends_with('1') { "orders/create" } else { "orders/paid" }),
            (
                "x-shopify-shop-domain",
                if delivery.ends_with('2') { "another.myshopify.com" } else { tests::shop::DOMAIN },
            ),
            ("x-shopify-webhook-id", delivery.as_str()),
        ];
        shop.call("POST", "/webhooks/shopify", &headers, &body).await.is(200);
    }
    assert_eq!(worth(&shop, &id).await, 10);
}

#[tokio::test]
async fn a_forged_signature_is_refused_before_anything_is_read() {
    let (shop, buyer, id) = shop_with_buyer().await;
    shop.wire.clear();
    let body = order(1, &buyer, "10.00").to_string();
    let headers = [("x-shopify-hmac-sha256", "AAAA"), ("x-shopify-topic", "orders/paid")];
    shop.call("POST", "/webhooks/shopify", &headers, &body).await.is(401);
    assert!(shop.wire.cost().calls.is_empty());
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn a_refund_of_what_was_spent_is_owed() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let bought = order(1, &buyer, "100.00");
    shop.send("orders/paid", &bought).await.is(200);
    shop.move_clock(at("2026-07-20T12:00:00Z"));
    shop.adjust(&id, -100, "spent").await;
    shop.send("refunds/create", &refund(&bought, 1, at("2026-07-20T10:00:00Z"), &[(0, 1)])).await.is(200);
    assert_eq!(worth(&shop, &id).await, -100, "the hundred that bought something");
}

#[tokio::test]
async fn units_and_amounts_of_one_order_are_not_refunded_to_less_than_nothing_nor_back_to_more() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let bought = order(1, &buyer, "100.00");
    shop.send("orders/paid", &bought).await.is(200);
    for number in 1..=5 {
        shop.send("refunds/create", &refund(&bought, number, at("2026-06-11T10:00:00Z"), &[(0, 1)])).await.is(200);
        let amount = amount_refund(&bought, 10 + number, at("2026-06-11T10:00:00Z"), "100.00");
        shop.send("refunds/create", &amount).await.is(200);
        shop.send("orders/paid", &bought).await.is(200);
        assert_eq!(worth(&shop, &id).await, 0);
    }
}

#[tokio::test]
async fn a_refund_after_the_points_expired_gives_nothing_back() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let bought = order(1, &buyer, "100.00");
    shop.send("orders/paid", &bought).await.is(200);
    shop.move_clock(at("2027-08-01T12:00:00Z"));
    assert_eq!(worth(&shop, &id).await, 0);
    shop.send("refunds/create", &refund(&bought, 1, at("2027-07-31T10:00:00Z"), &[(0, 1)])).await.is(200);
    assert_eq!(worth(&shop, &id).await, 0);
    shop.send("orders/updated", &later(&bought, at("2027-07-31T11:00:00Z"))).await.is(200);
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn cancelling_and_paying_again_earns_nothing() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let bought = order(1, &buyer, "100.00");
    for round in 0..5 {
        let at = at(&format!("2026-06-1{}T10:00:00Z", round + 1));
        shop.send("orders/cancelled", &cancelled(&bought, at)).await.is(200);
        shop.send("orders/paid", &later(&bought, at)).await.is(200);
    }
    assert_eq!(worth(&shop, &id).await, 0);
}

#[tokio::test]
async fn handing_an_order_from_one_account_to_the_next_is_counted_for_the_last_alone() {
    let shop = Shop::open(NOW).await;
    let bought = order(1, &Buyer::with_account(1), "100.00");
    let mut ids = Vec::new();
    for number in 1..=4 {
        let mut handed = later(&bought, at(&format!("2026-06-1{number}T10:00:00Z")));
        let buyer = Buyer::with_account(number);
        handed["email"] = json!(buyer.email);
        handed["customer"] = customer(&buyer, at(PAID));
        shop.send("orders/updated", &handed).await.is(200);
        ids.push(shop.id_of_customer(customer_id(number)).await);
    }
    let mut all = Vec::new();
    for id in &ids {
        all.push(worth(&shop, id).await);
    }
    assert_eq!(all, [0, 0, 0, 100]);
}
