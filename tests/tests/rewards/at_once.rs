//! Many redemptions of one balance at once.

use std::time::Instant;

use futures::future::join_all;
use serde_json::json;
use tests::Shop;

use crate::{available, shop_with};

const ATTEMPTS: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_redemptions_of_a_balance_worth_seven_exactly_seven_succeed() {
    let (shop, ada) = shop_with(2_250).await;
    let instances: Vec<Shop> = (0..3).map(|_| shop.another_instance()).collect();
    let started = Instant::now();
    let attempts = (0..ATTEMPTS).zip(instances.iter().cycle()).map(|(number, shop)| {
        let (shop, ada) = (shop.clone(), ada.clone());
        tokio::spawn(async move { shop.redeem(&ada, "free_shipping", &format!("k-{number}")).await })
    });
    let answers: Vec<_> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();
    println!("{ATTEMPTS} attempts took {:?}", started.elapsed());
    let redeemed = answers.iter().filter(|answer| answer.status == 201).count();
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.is_problem(409, "insufficient-points");
    }
    assert_eq!((redeemed, available(&shop, &ada).await), (7, 150));
    let ledger = shop.ledger(&ada).await;
    let spent: i64 =
        ledger.iter().filter(|entry| entry["kind"] == "redemption").map(|e| e["points"].as_i64().unwrap()).sum();
    assert_eq!((ledger[0]["balance_after"].clone(), spent), (json!(150), -2_100));
    let coupons = shop.get(&format!("/v1/members/{ada}/coupons")).await.is(200);
    assert_eq!(coupons["coupons"].as_array().unwrap().len(), 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_many_times_at_once_it_gives_its_points_back_once() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let instances: Vec<Shop> = (0..10).map(|_| shop.another_instance()).collect();
    let cancelled = join_all(instances.iter().map(|shop| crate::cancel(shop, &ada, &redemption))).await;
    for answer in cancelled {
        assert_eq!(answer.is(200)["state"], "cancelled");
    }
    assert_eq!(available(&shop, &ada).await, 1_000);
}
