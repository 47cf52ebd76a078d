//! Each kind of reward, and each refusal.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*, shop::PUBLISHABLE, shop::bearer};

use crate::{NOW, ask, available, change_program, code_of, enrolled, path_of, shop_with};

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

#[tokio::test]
async fn a_coupon_costs_its_points_and_is_shown_with_its_value() {
    let (shop, ada) = shop_with(1_200).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let code = code_of(&redemption).to_owned();
    assert!(code.len() == 16 && code.bytes().all(|byte| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte)), "{code}");
    let coupon = json!({
        "code": code, "origin": "reward", "state": "issued",
        "value": {"kind": "amount_off", "amount": "5.00", "currency": "USD"},
        "min_order": usd("10.00"), "expires_at": "2026-09-18T12:00:00Z",
        "used_at": null, "used_by": null, "also_named_by": [],
    });
    assert_eq!(
        redemption,
        json!({"id": redemption["id"], "reward_id": "coupon_5", "points": 500, "redeemed_at": NOW,
            "coupon": coupon, "state": "issued", "program_version": 1})
    );
    assert_eq!(available(&shop, &ada).await, 700);
    let entry = shop.ledger(&ada).await.remove(0);
    assert_eq!((&entry["kind"], &entry["points"]), (&json!("redemption"), &json!(-500)));
    assert_eq!(entry["reason"], "redeemed for: 5.00 off an order over 10.00");
    assert_eq!(shop.get(&path_of(&ada, &redemption)).await.is(200), redemption);
    let coupons = shop.get(&format!("/v1/members/{ada}/coupons")).await.is(200);
    assert_eq!(coupons, json!({"coupons": [coupon], "next_cursor": null}));
}

#[tokio::test]
async fn every_reward_of_the_default_program_can_be_had() {
    let (shop, ada) = shop_with(10_000).await;
    for (reward, points, value) in [
        ("coupon_10", 900, json!({"kind": "amount_off", "amount": "10.00", "currency": "USD"})),
        ("percent_10", 700, json!({"kind": "percent_off", "percent": "10"})),
        ("free_shipping", 300, json!({"kind": "free_shipping", "up_to": usd("8.00")})),
        ("gift_sample", 1_000, json!({"kind": "free_product", "product_id": null})),
    ] {
        let before = available(&shop, &ada).await;
        let redemption = shop.redeem(&ada, reward, reward).await.is(201);
        assert_eq!((&redemption["points"], &redemption["coupon"]["value"]), (&json!(points), &value));
        assert_eq!(available(&shop, &ada).await, before - points);
    }
    let manual = shop.redeem(&ada, "consultation", "k-5").await.is(201);
    assert_eq!((&manual["coupon"], &manual["state"]), (&Value::Null, &json!("requested")));
    assert_eq!(available(&shop, &ada).await, 10_000 - 2_900 - 2_000);
}

#[tokio::test]
async fn what_a_person_does_is_asked_for_and_then_fulfilled_or_cancelled() {
    let (shop, ada) = shop_with(5_000).await;
    let patch = async |redemption: &Value, body: Value| {
        shop.call("PATCH", &path_of(&ada, redemption), &[bearer("dev-admin").as_header()], body.to_string()).await
    };
    let done = shop.redeem(&ada, "consultation", "k-1").await.is(201);
    for _ in 0..2 {
        assert_eq!(patch(&done, json!({"state": "fulfilled"})).await.is(200)["state"], "fulfilled");
    }
    patch(&done, json!({"state": "cancelled"})).await.is_problem(400, "invalid-request");
    crate::cancel(&shop, &ada, &done).await.is_problem(409, "redemption-fulfilled");
    let undone = shop.redeem(&ada, "consultation", "k-2").await.is(201);
    assert_eq!(crate::cancel(&shop, &ada, &undone).await.is(200)["state"], "cancelled");
    patch(&undone, json!({"state": "fulfilled"})).await.is_problem(409, "redemption-cancelled");
    let coupon = shop.redeem(&ada, "coupon_5", "k-3").await.is(201);
    patch(&coupon, json!({"state": "fulfilled"})).await.is_problem(409, "not-manual");
    assert_eq!(available(&shop, &ada).await, 5_000 - 2_000 - 500);
}

#[tokio::test]
async fn points_become_money_within_the_limits() {
    let (shop, ada) = shop_with(3_000).await;
    let cash = async |points: Value, total: Value, key: &str| {
        ask(&shop, &ada, json!({"reward_id": "points_as_cash", "points": points, "order_total": total}), key).await
    };
    let redemption = cash(json!(250), usd("10.00"), "k-1").await.is(201);
    assert_eq!(redemption["coupon"]["value"], json!({"kind": "amount_off", "amount": "2.50", "currency": "USD"}));
    assert_eq!((&redemption["points"], &redemption["coupon"]["min_order"]), (&json!(250), &usd("5.00")));
    let told = cash(json!(501), usd("10.00"), "k-2").await.is_problem(400, "invalid-request");
    assert_eq!(
        told["errors"],
        json!([{"pointer": "/points", "reason": "at most 50 % of the order, 5.00 USD: 500 points"}])
    );
    for (number, points) in [json!(null), json!(99), json!(0), json!(-500), json!(i64::MAX)].into_iter().enumerate() {
        let told = cash(points, json!(null), &format!("bad-{number}")).await.is_problem(400, "invalid-request");
        assert_eq!(told["errors"][0]["pointer"], "/points");
    }
    cash(json!(2_751), json!(null), "k-3").await.is_problem(409, "insufficient-points");
    assert_eq!(available(&shop, &ada).await, 2_750);
}

#[tokio::test]
async fn another_currency_needs_a_rate() {
    let (shop, ada) = shop_with(3_000).await;
    let body = json!({"reward_id": "points_as_cash", "points": 1_000,
        "order_total": {"amount": "19.00", "currency": "EUR"}});
    let told = ask(&shop, &ada, body.clone(), "k-1").await.is_problem(400, "invalid-request");
    assert_eq!(told["errors"][0]["pointer"], "/order_total/currency");
    change_program(&shop, |program| program["earning"]["exchange_rates"] = json!({"EUR": "1.10"})).await;
    // half of 20.90 USD
    assert_eq!(ask(&shop, &ada, body, "k-2").await.is(201)["points"], 1_000);
}

#[tokio::test]
async fn refusals_say_why_and_take_nothing() {
    let (shop, ada) = shop_with(499).await;
    shop.redeem(&ada, "coupon_5", "k-1").await.is_problem(409, "insufficient-points");
    let told = shop.redeem(&ada, "coupon_7", "k-2").await.is_problem(400, "invalid-request");
    assert_eq!(told["errors"][0]["pointer"], "/reward_id");
    shop.redeem("mem_nobody", "coupon_5", "k-3").await.is_problem(404, "not-found");
    for (number, (body, pointer)) in [
        (json!({"reward_id": "free_shipping", "points": 300}), "/points"),
        (json!({"reward_id": "free_shipping", "order_total": usd("-1.00")}), "/order_total"),
        (json!({"reward_id": "free_shipping", "quantity": 2}), "/quantity"),
        (json!({"reward_id": "a b"}), "/reward_id"),
        (json!({"reward_id": "coupon_5", "order_total": usd("9.99")}), "/order_total"),
        (json!({}), ""),
    ]
    .into_iter()
    .enumerate()
    {
        let told = ask(&shop, &ada, body, &format!("bad-{number}")).await.is_problem(400, "invalid-request");
        assert!(told["errors"][0]["pointer"].as_str().unwrap().starts_with(pointer), "{told}");
    }
    let body = json!({"reward_id": "free_shipping"});
    let answer = shop.post(&format!("/v1/members/{ada}/redemptions"), &body, None).await;
    answer.is_problem(400, "idempotency-key-missing");
    change_program(&shop, |program| program["rewards"][3]["on"] = json!(false)).await;
    shop.redeem(&ada, "free_shipping", "k-4").await.is_problem(400, "invalid-request");
    assert_eq!(available(&shop, &ada).await, 499);
    assert_eq!(shop.get(&format!("/v1/members/{ada}/redemptions")).await.is(200)["redemptions"], json!([]));
    shop.get("/v1/members/mem_nobody/redemptions").await.is_problem(404, "not-found");
    shop.get("/v1/members/mem_nobody/coupons").await.is_problem(404, "not-found");
    shop.get(&format!("/v1/members/{ada}/redemptions/red_1")).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_guest_accrues_but_does_not_spend() {
    let shop = Shop::open(NOW).await;
    let order = paid_order(1, &Buyer::guest(1), at("2026-05-01T10:00:00Z"), &[("900.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    let guest = shop.find(&email(1)).await.unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(available(&shop, &guest).await, 900);
    shop.redeem(&guest, "coupon_5", "k-1").await.is_problem(409, "not-enrolled");
    enrol_again(&shop).await;
    shop.redeem(&guest, "coupon_5", "k-2").await.is(201);
}

async fn enrol_again(shop: &Shop) {
    shop.post("/v1/members", &json!({"email": email(1)}), None).await;
}

#[tokio::test]
async fn the_same_request_again_redeems_nothing_and_another_under_its_key_is_refused() {
    let (shop, ada) = shop_with(2_000).await;
    let first = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    assert_eq!(shop.redeem(&ada, "coupon_5", "k-1").await.is(201), first);
    shop.redeem(&ada, "coupon_10", "k-1").await.is_problem(422, "idempotency-key-reused");
    let bob = enrolled(&shop, 2).await;
    shop.redeem(&bob, "coupon_5", "k-1").await.is_problem(422, "idempotency-key-reused");
    assert_eq!((available(&shop, &ada).await, available(&shop, &bob).await), (1_500, 100));
}

#[tokio::test]
async fn codes_are_never_the_same() {
    let (shop, ada) = shop_with(30_000).await;
    let mut codes = BTreeSet::new();
    for number in 0..60 {
        let redemption = shop.redeem(&ada, "coupon_5", &format!("k-{number}")).await.is(201);
        assert!(codes.insert(code_of(&redemption).to_owned()));
    }
    let mut pages = Vec::new();
    let mut next = Some(format!("/v1/members/{ada}/redemptions?limit=25"));
    while let Some(here) = next {
        let answer = shop.get(&here).await;
        let link = answer.header("link").map(|link| link.trim_start_matches('<').split_once('>').unwrap().0.to_owned());
        let page = answer.is(200)["redemptions"].as_array().unwrap().clone();
        pages.push(page.len());
        for redemption in page {
            assert!(codes.remove(code_of(&redemption)));
        }
        next = link;
    }
    assert_eq!((pages, codes.len()), (vec![25, 25, 10], 0));
    shop.get(&format!("/v1/members/{ada}/coupons?cursor=x")).await.is_problem(400, "invalid-request");
}

#[tokio::test]
async fn a_value_is_what_it_was_when_it_was_bought() {
    let (shop, ada) = shop_with(2_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    change_program(&shop, |program| {
        program["rewards"][0]["amount"] = json!("1.00");
        program["rewards"][0]["title"] = json!("less");
    })
    .await;
    assert_eq!(shop.get(&path_of(&ada, &redemption)).await.is(200), redemption);
    assert_eq!(shop.redeem(&ada, "coupon_5", "k-2").await.is(201)["coupon"]["value"]["amount"], "1.00");
}

#[tokio::test]
async fn a_browser_reads_the_rewards_that_are_on() {
    let (shop, _) = shop_with(100).await;
    change_program(&shop, |program| program["rewards"][1]["on"] = json!(false)).await;
    let list = shop.call("GET", "/v1/rewards", &[bearer(PUBLISHABLE).as_header()], "").await.is(200);
    let rewards = list["rewards"].as_array().unwrap();
    assert_eq!(rewards.len(), 6);
    assert_eq!(
        rewards[0],
        json!({"id": "coupon_5", "title": "5.00 off an order over 10.00", "kind": "amount_off", "points": 500,
            "codes": "generated", "codes_left": null, "valid_days": 90, "min_order": usd("10.00"),
            "amount": usd("5.00"), "percent": null, "up_to": null, "product_id": null, "min_points": null,
            "max_percent_of_order": null})
    );
    assert_eq!((&rewards[4]["min_points"], &rewards[4]["max_percent_of_order"]), (&json!(100), &json!("50")));
}
