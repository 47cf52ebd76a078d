//! WooCommerce and storefronts of any other make, from their signed events to points.
#![cfg(test)]

use jiff::SignedDuration;
use serde_json::json;
use tests::{Shop, at, captured::event};

async fn shop() -> Shop {
    Shop::open("2026-06-30T12:00:00Z").await
}

#[tokio::test]
async fn a_woocommerce_order_earns_once_and_loses_what_is_refunded() {
    let shop = shop().await;
    assert_eq!(shop.send_woocommerce("customer-created").await.is(200)["result"], "posted");
    shop.send_woocommerce("order-created").await.is(200);
    assert_eq!(shop.send_woocommerce("order-paid").await.is(200)["result"], "posted");
    assert_eq!(shop.send_woocommerce("order-paid").await.is(200)["result"], "known");
    let explained = shop.get("/v1/orders/woocommerce:local/727/explain").await.is(200);
    assert_eq!((&explained["points"], &explained["nothing"]), (&json!(81), &json!(null)), "{explained}");
    for refund in ["order-refunded-in-part", "order-refunded-again", "order-refunded"] {
        shop.send_woocommerce(refund).await.is(200);
    }
    let explained = shop.get("/v1/orders/woocommerce:local/727/explain").await.is(200);
    assert_eq!(explained["points"], 0);
}

#[tokio::test]
async fn woocommerces_ping_is_answered_and_does_nothing() {
    let shop = shop().await;
    shop.wire.clear();
    let answer = shop.call("POST", "/webhooks/woocommerce", &[], &event("woocommerce-ping").body).await.is(200);
    assert_eq!(answer["result"], "ignored");
    assert_eq!(shop.wire.calls().len(), 0);
}

#[tokio::test]
async fn an_order_of_any_storefront_earns_by_standard_webhooks() {
    let shop = Shop::open("2026-06-10T12:00:00Z").await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["earning"]["exchange_rates"] = json!({"EUR": "1.10"});
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    shop.move_clock(at("2026-06-30T12:00:00Z"));
    for name in ["order-delivered", "order-refunded-line", "order-paid", "order-paid"] {
        shop.send_standard(&event(&format!("events-{name}")).body, shop.now()).await.is(200);
    }
    let explained = shop.get("/v1/orders/storefront:local/A-20417/explain").await.is(200);
    // (48.80 - 4.40 - 7.40) + (15.00 - 2.50) = 49.50 EUR x 1.10 x 2 (member day) = 108.90, of which two
    // of the three units of line 3 (27 points) are kept
    assert_eq!(explained["points"], 81 + 18, "{explained}");
    assert_eq!(explained["facts"]["delivered_at"], "2026-06-22T15:58:00Z");
}

#[tokio::test]
async fn a_wrong_or_late_signature_is_refused_before_any_call() {
    let shop = shop().await;
    let body = event("events-order-paid").body;
    shop.wire.clear();
    for minutes in [-6, 6] {
        let sent_at = shop.now() + SignedDuration::from_mins(minutes);
        let problem = shop.send_standard(&body, sent_at).await.is_problem(401, "unauthorized");
        assert!(problem["detail"].as_str().unwrap().contains("5 minutes"), "{problem}");
    }
    let signed =
        |signature| [("webhook-id", "m"), ("webhook-timestamp", "1782820800"), ("webhook-signature", signature)];
    assert_eq!(shop.now(), at("2026-06-30T12:00:00Z"));
    for signature in ["v1,AAAA", "", "v2,x"] {
        shop.call("POST", "/webhooks/events", &signed(signature), &body).await.is_problem(401, "unauthorized");
    }
    shop.call("POST", "/webhooks/events", &[], &body).await.is_problem(401, "unauthorized");
    let woo = event("woocommerce-order-paid").body;
    let forged = [("x-wc-webhook-signature", "AAAA"), ("x-wc-webhook-topic", "order.updated")];
    shop.call("POST", "/webhooks/woocommerce", &forged, &woo).await.is_problem(401, "unauthorized");
    shop.call("POST", "/webhooks/woocommerce", &[], &woo).await.is_problem(401, "unauthorized");
    assert_eq!(shop.wire.calls().len(), 0);
}
