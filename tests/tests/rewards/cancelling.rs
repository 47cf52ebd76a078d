//! Redemptions that are cancelled: the points go back, and nothing is gained by it.

use serde_json::{Value, json};
use tests::{Shop, at};

use crate::{available, cancel, code_of, path_of, shop_with, validate};

async fn lots(shop: &Shop, member: &str) -> Vec<(i64, String)> {
    let lots = shop.lots(member).await["lots"].as_array().unwrap().clone();
    let lot = |lot: &Value| (lot["points"].as_i64().unwrap(), lot["expires_on"].as_str().unwrap().to_owned());
    lots.iter().map(lot).collect()
}

#[tokio::test]
async fn points_go_back_once_where_they_came_from() {
    let (shop, ada) = shop_with(1_000).await;
    let before = lots(&shop, &ada).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let cancelled = cancel(&shop, &ada, &redemption).await.is(200);
    assert_eq!((&cancelled["state"], &cancelled["coupon"]["state"]), (&json!("cancelled"), &json!("cancelled")));
    assert_eq!(cancel(&shop, &ada, &redemption).await.is(200), cancelled, "a second time changes nothing");
    assert_eq!((available(&shop, &ada).await, lots(&shop, &ada).await), (1_000, before));
    let entry = shop.ledger(&ada).await.remove(0);
    assert_eq!((&entry["kind"], &entry["points"]), (&json!("redemption_return"), &json!(500)));
    let told = validate(&shop, code_of(&redemption), json!({})).await;
    assert_eq!((&told["valid"], &told["reason"]), (&json!(false), &json!("cancelled")));
}

#[tokio::test]
async fn what_expired_meanwhile_comes_back_for_the_days_of_grace() {
    let (shop, ada) = shop_with(1_000).await;
    shop.move_clock(at("2027-06-29T12:00:00Z"));
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    shop.move_clock(at("2027-07-10T12:00:00Z"));
    cancel(&shop, &ada, &redemption).await.is(200);
    assert_eq!(lots(&shop, &ada).await, [(500, "2027-08-09".to_owned())]);
}

#[tokio::test]
async fn the_points_of_a_coupon_that_expired_are_gone() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    shop.move_clock(at("2026-09-18T11:59:59Z"));
    assert_eq!(validate(&shop, code_of(&redemption), json!({})).await["valid"], true);
    shop.move_clock(at("2026-09-18T12:00:00Z"));
    assert_eq!(validate(&shop, code_of(&redemption), json!({})).await["reason"], "expired");
    cancel(&shop, &ada, &redemption).await.is_problem(409, "coupon-expired");
    let shown = shop.get(&path_of(&ada, &redemption)).await.is(200);
    assert_eq!((&shown["state"], &shown["coupon"]["state"]), (&json!("expired"), &json!("expired")));
    assert_eq!(available(&shop, &ada).await, 500);
}

#[tokio::test]
async fn redeeming_and_cancelling_in_a_loop_gains_no_point() {
    let (shop, ada) = shop_with(1_000).await;
    for number in 0..20 {
        let redemption = shop.redeem(&ada, "coupon_10", &format!("k-{number}")).await.is(201);
        cancel(&shop, &ada, &redemption).await.is(200);
        cancel(&shop, &ada, &redemption).await.is(200);
        assert_eq!(shop.redeem(&ada, "coupon_10", &format!("k-{number}")).await.is(201)["state"], "cancelled");
    }
    assert_eq!(available(&shop, &ada).await, 1_000);
}

#[tokio::test]
async fn a_debt_takes_what_comes_back_first() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_10", "k-1").await.is(201);
    shop.adjust(&ada, -400, "k-2").await;
    cancel(&shop, &ada, &redemption).await.is(200);
    let points = shop.member(&ada).await["points"].clone();
    assert_eq!((&points["available"], &points["debt"]), (&json!(600), &json!(0)));
}

#[tokio::test]
async fn nobody_cancels_another_s_redemption() {
    let (shop, ada) = shop_with(1_000).await;
    let bob = crate::enrolled(&shop, 2).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    cancel(&shop, &bob, &redemption).await.is_problem(404, "not-found");
    assert_eq!((available(&shop, &ada).await, available(&shop, &bob).await), (500, 100));
}
