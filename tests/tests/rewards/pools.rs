//! Codes that the merchant uploads.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Shop};

use crate::{available, cancel, change_program, code_of, enrolled, path_of, shop_with, validate};

/// A shop whose reward `tote` takes its codes from a pool, as does `mug`.
async fn shop_with_pools(points: i64) -> (Shop, String) {
    let (shop, ada) = shop_with(points).await;
    change_program(&shop, |program| {
        for id in ["tote", "mug"] {
            program["rewards"].as_array_mut().unwrap().push(json!({"id": id, "title": id, "kind": "free_product",
                "points": 100, "codes": "pool", "valid_days": 30, "product_id": "8410000000007"}));
        }
    })
    .await;
    (shop, ada)
}

async fn upload(shop: &Shop, reward: &str, codes: &[String]) -> Answer {
    shop.post(&format!("/v1/rewards/{reward}/codes"), &json!({"codes": codes}), None).await
}

fn codes(of: std::ops::Range<u32>) -> Vec<String> {
    of.map(|number| format!("TOTE-{number:04}")).collect()
}

async fn codes_left(shop: &Shop) -> Value {
    let rewards = shop.get("/v1/rewards").await.is(200)["rewards"].clone();
    rewards.as_array().unwrap().iter().find(|reward| reward["id"] == "tote").unwrap()["codes_left"].clone()
}

#[tokio::test]
async fn each_code_is_given_once_and_then_none_is_left() {
    let (shop, ada) = shop_with_pools(1_000).await;
    assert_eq!(codes_left(&shop).await, false);
    shop.redeem(&ada, "tote", "k-0").await.is_problem(409, "no-codes-left");
    assert_eq!(upload(&shop, "tote", &codes(0..3)).await.is(200), json!({"added": 3, "duplicates": []}));
    assert_eq!(codes_left(&shop).await, true);
    let mut given = Vec::new();
    for number in 1..=3 {
        let redemption = shop.redeem(&ada, "tote", &format!("k-{number}")).await.is(201);
        assert_eq!(redemption["coupon"]["value"], json!({"kind": "free_product", "product_id": "8410000000007"}));
        given.push(code_of(&redemption).to_owned());
    }
    given.sort();
    assert_eq!(given, codes(0..3));
    assert_eq!(codes_left(&shop).await, false);
    shop.redeem(&ada, "tote", "k-4").await.is_problem(409, "no-codes-left");
    assert_eq!(available(&shop, &ada).await, 700, "nothing was taken");
}

#[tokio::test]
async fn a_thousand_codes_go_in_at_once_and_the_same_again_changes_nothing() {
    let (shop, _) = shop_with_pools(100).await;
    assert_eq!(upload(&shop, "tote", &codes(0..1_000)).await.is(200)["added"], 1_000);
    let rows = shop.rows().await;
    let again = upload(&shop, "tote", &codes(0..1_000)).await.is(200);
    assert_eq!((&again["added"], again["duplicates"].as_array().unwrap().len()), (&json!(0), 1_000));
    assert_eq!(shop.rows().await, rows);
    let answer = upload(&shop, "tote", &codes(0..1_001)).await.is_problem(400, "invalid-request");
    assert_eq!(answer["errors"][0]["pointer"], "/codes");
}

#[tokio::test]
async fn duplicates_are_told_and_no_code_is_ever_given_twice() {
    let (shop, ada) = shop_with_pools(1_000).await;
    let twice = ["A-1", "a-1", "B-1"].map(String::from);
    assert_eq!(upload(&shop, "tote", &twice).await.is(200), json!({"added": 2, "duplicates": ["A-1"]}));
    assert_eq!(upload(&shop, "mug", &twice[..2]).await.is(200)["added"], 0, "in the pool of another reward");
    for number in 0..2 {
        shop.redeem(&ada, "tote", &format!("k-{number}")).await.is(201);
    }
    assert_eq!(upload(&shop, "tote", &twice).await.is(200)["added"], 0, "issued before");
    assert_eq!(codes_left(&shop).await, false);
}

#[tokio::test]
async fn bad_codes_are_named_and_other_rewards_take_none() {
    let (shop, _) = shop_with_pools(100).await;
    let bad = ["OK-1", "", "no spaces"].map(String::from);
    let told = upload(&shop, "tote", &bad).await.is_problem(400, "invalid-request");
    let pointers: Vec<&Value> = told["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/codes/1", "/codes/2"]);
    upload(&shop, "tote", &[]).await.is_problem(400, "invalid-request");
    upload(&shop, "coupon_5", &codes(0..1)).await.is_problem(409, "not-a-pool");
    upload(&shop, "unknown", &codes(0..1)).await.is_problem(404, "not-found");
    assert_eq!(codes_left(&shop).await, false);
}

#[tokio::test]
async fn a_code_in_a_pool_is_unknown_until_it_is_given() {
    let (shop, ada) = shop_with_pools(1_000).await;
    upload(&shop, "tote", &codes(0..1)).await.is(200);
    assert_eq!(validate(&shop, "TOTE-0000", json!({})).await["reason"], "unknown");
    shop.redeem(&ada, "tote", "k-1").await.is(201);
    assert_eq!(validate(&shop, "tote-0000", json!({})).await["valid"], true);
}

#[tokio::test]
async fn the_shop_honours_its_own_codes_so_only_the_merchant_takes_one_back() {
    let (shop, ada) = shop_with_pools(1_000).await;
    upload(&shop, "tote", &codes(0..2)).await.is(200);
    let redemption = shop.redeem(&ada, "tote", "k-1").await.is(201);
    cancel(&shop, &ada, &redemption).await.is_problem(403, "forbidden");
    assert_eq!(available(&shop, &ada).await, 900);
    let bearer = tests::shop::bearer("dev-admin");
    let cancelled = shop.call("DELETE", &path_of(&ada, &redemption), &[bearer.as_header()], "").await.is(200);
    assert_eq!((&cancelled["state"], available(&shop, &ada).await), (&json!("cancelled"), 1_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_members_who_want_thirty_codes_at_once_get_each_one_once() {
    let (shop, _) = shop_with_pools(100).await;
    upload(&shop, "tote", &codes(0..30)).await.is(200);
    let mut members = Vec::new();
    for number in 100..140 {
        members.push(enrolled(&shop, number).await);
    }
    let instances: Vec<Shop> = (0..3).map(|_| shop.another_instance()).collect();
    let wanted = members.iter().zip(instances.iter().cycle());
    let answers = join_all(wanted.map(|(member, shop)| shop.redeem(member, "tote", member))).await;
    let mut given: Vec<String> = Vec::new();
    for answer in answers {
        match answer.status {
            201 => given.push(code_of(&answer.body).to_owned()),
            _ => drop(answer.is_problem(409, "no-codes-left")),
        }
    }
    given.sort();
    assert_eq!(given, codes(0..30));
}
