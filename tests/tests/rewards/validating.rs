//! What a shop is told of a code.

use serde_json::{Value, json};
use tests::{Buyer, at, payloads::*};

use crate::{available, change_program, code_of, orders::with_codes, shop_with, validate};

fn total(amount: &str, currency: &str) -> Value {
    json!({"order_total": {"amount": amount, "currency": currency}})
}

#[tokio::test]
async fn a_valid_code_is_told_with_its_value_and_reward_whatever_its_case() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let rows = shop.rows().await;
    let code = code_of(&redemption);
    for code in [code.to_owned(), code.to_lowercase()] {
        let reward = json!({"id": "coupon_5", "title": "5.00 off an order over 10.00", "kind": "amount_off"});
        let expected = json!({"valid": true, "reason": null, "coupon": redemption["coupon"], "reward": reward});
        assert_eq!(validate(&shop, &code, total("10.00", "USD")).await, expected);
        assert_eq!(shop.post(&format!("/v1/coupons/{code}/validate"), &json!({}), None).await.is(200), expected);
    }
    assert_eq!(shop.rows().await, rows, "asking changes nothing");
}

#[tokio::test]
async fn an_order_that_does_not_fit_is_told_why() {
    let (shop, ada) = shop_with(2_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let percent = shop.redeem(&ada, "percent_10", "k-2").await.is(201);
    let code = code_of(&redemption);
    assert_eq!(validate(&shop, code, total("9.99", "USD")).await["reason"], "below_min_order");
    assert_eq!(validate(&shop, code, total("20.00", "EUR")).await["reason"], "other_currency");
    assert_eq!(validate(&shop, code_of(&percent), total("20.00", "EUR")).await["valid"], true);
    change_program(&shop, |program| program["earning"]["exchange_rates"] = json!({"EUR": "1.10"})).await;
    assert_eq!(validate(&shop, code, total("9.09", "EUR")).await["reason"], "below_min_order");
    assert_eq!(validate(&shop, code, total("9.10", "EUR")).await["valid"], true);
}

#[tokio::test]
async fn guesses_are_all_answered_the_same() {
    let (shop, _) = shop_with(1_000).await;
    let unknown = json!({"valid": false, "reason": "unknown", "coupon": null, "reward": null});
    for code in ["0000000000000000", "SUMMER10", "%20", "a%23b", "%F0%9F%92%A9", &"A".repeat(65), "..%2F.."] {
        assert_eq!(validate(&shop, code, json!({})).await, unknown, "{code}");
    }
    let bad = shop.post("/v1/coupons/SUMMER10/validate", &json!({"total": 1}), None).await;
    bad.is_problem(400, "invalid-request");
}

#[tokio::test]
async fn a_used_code_is_not_valid() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let order = paid_order(1, &Buyer::guest(2), at("2026-06-20T11:00:00Z"), &[("30.00", 1)]);
    shop.send("orders/paid", &with_codes(order, &[code_of(&redemption)])).await.is(200);
    let told = validate(&shop, code_of(&redemption), json!({})).await;
    assert_eq!((&told["valid"], &told["reason"]), (&json!(false), &json!("used")));
    assert_eq!(available(&shop, &ada).await, 500);
}
