use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Buyer, Shop, payloads::paid_order};

use crate::{NOW, ask, change_program, enrolled, hold, path_of, points, read, release, shop_with, usd};

#[tokio::test]
async fn a_hold_sets_points_aside_and_says_what_they_are_worth() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    assert_eq!((&held["points"], &held["value"]), (&json!(600), &usd("6.00")));
    assert_eq!((&held["state"], &held["captured"]), (&json!("open"), &Value::Null));
    assert_eq!(held["expires_at"], "2026-06-20T12:30:00Z");
    let code = held["code"].as_str().unwrap();
    assert_eq!((code.len(), held["id"].as_str().unwrap()), (16, format!("hold_{}", code.to_lowercase()).as_str()));
    assert_eq!(points(&shop, &id).await, (400, 600, 0));
    let shown = shop.member(&id).await["points"].clone();
    assert_eq!((&shown["available"], &shown["held"]), (&json!(400), &json!(600)));
    assert_eq!(shop.ledger(&id).await.len(), 2, "a hold posts nothing");
}

#[tokio::test]
async fn max_is_what_balance_and_order_allow() {
    let (shop, id) = shop_with(1_000).await;
    let body = |total: &str| json!({"points": "max", "order_total": usd(total)});
    let half = ask(&shop, &id, body("9.99"), "k-1").await.is(201);
    assert_eq!((&half["points"], &half["value"]), (&json!(499), &usd("4.99")));
    let rest = ask(&shop, &id, body("1000.00"), "k-2").await.is(201);
    assert_eq!((&rest["points"], &rest["value"]), (&json!(501), &usd("5.01")));
    ask(&shop, &id, body("1000.00"), "k-3").await.is_problem(409, "insufficient-points");
}

#[tokio::test]
async fn the_same_request_again_is_the_same_hold() {
    let (shop, id) = shop_with(1_000).await;
    let first = hold(&shop, &id, 600, "k-1").await;
    assert_eq!(hold(&shop, &id, 600, "k-1").await, first);
    assert_eq!(points(&shop, &id).await, (400, 600, 0));
    let other = json!({"points": 300, "order_total": usd("100.00")});
    ask(&shop, &id, other, "k-1").await.is_problem(422, "idempotency-key-reused");
    let path = format!("/v1/members/{id}/holds");
    let body = json!({"points": 100, "order_total": usd("100.00")});
    shop.post(&path, &body, None).await.is_problem(400, "idempotency-key-missing");
}

#[tokio::test]
async fn a_released_hold_frees_its_points_once() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let released = release(&shop, &id, &held).await.is(200);
    assert_eq!(released["state"], "released");
    assert_eq!(release(&shop, &id, &held).await.is(200), released);
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
    assert_eq!(read(&shop, &id, &held).await, released);
}

#[tokio::test]
async fn a_hold_expires_by_itself() {
    let (shop, id) = shop_with(1_000).await;
    let body = json!({"points": 600, "order_total": usd("100.00"), "ttl_secs": 60});
    let held = ask(&shop, &id, body, "k-1").await.is(201);
    shop.move_clock(shop.now() + SignedDuration::from_secs(59));
    assert_eq!(points(&shop, &id).await, (400, 600, 0));
    shop.move_clock(shop.now() + SignedDuration::from_secs(1));
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
    assert_eq!(read(&shop, &id, &held).await["state"], "expired");
    assert_eq!(release(&shop, &id, &held).await.is(200)["state"], "expired");
    hold(&shop, &id, 1_000, "k-2").await;
}

#[tokio::test]
async fn the_open_holds_are_listed_the_oldest_first() {
    let (shop, id) = shop_with(1_000).await;
    let path = format!("/v1/members/{id}/holds");
    assert_eq!(shop.get(&path).await.is(200), json!({"holds": [], "next_cursor": null}));
    let mut held = Vec::new();
    for number in 0..3 {
        held.push(hold(&shop, &id, 100, &format!("k-{number}")).await);
    }
    assert_eq!(shop.get(&path).await.is(200)["holds"], json!(held));
    release(&shop, &id, &held[1]).await.is(200);
    assert_eq!(shop.get(&path).await.is(200)["holds"], json!([held[0], held[2]]));
    shop.move_clock(shop.now() + SignedDuration::from_mins(30));
    assert_eq!(shop.get(&path).await.is(200)["holds"], json!([]));
}

#[tokio::test]
async fn nobody_has_more_than_twenty_open_holds() {
    let (shop, id) = shop_with(3_000).await;
    for number in 0..20 {
        hold(&shop, &id, 100, &format!("k-{number}")).await;
    }
    let body = json!({"points": 100, "order_total": usd("100.00")});
    ask(&shop, &id, body.clone(), "k-x").await.is_problem(409, "too-many-holds");
    shop.move_clock(shop.now() + SignedDuration::from_mins(30));
    ask(&shop, &id, body, "k-x").await.is(201);
}

#[tokio::test]
async fn a_bad_request_names_its_fields() {
    let (shop, id) = shop_with(1_000).await;
    let cases = [
        (json!({"points": 99, "order_total": usd("100.00")}), "/points"),
        (json!({"points": -600, "order_total": usd("100.00")}), "/points"),
        (json!({"points": 0, "order_total": usd("100.00")}), "/points"),
        (json!({"points": i64::MIN, "order_total": usd("100.00")}), "/points"),
        (json!({"points": i64::MAX, "order_total": usd("100.00")}), "/points"),
        (json!({"points": 1e30, "order_total": usd("100.00")}), "/points"),
        (json!({"points": "all", "order_total": usd("100.00")}), "/points"),
        (json!({"points": 600, "order_total": usd("11.98")}), "/points"),
        (json!({"points": 600, "order_total": usd("-100.00")}), "/order_total"),
        (json!({"points": 600, "order_total": usd("0.00")}), "/order_total/amount"),
        (json!({"points": 600, "order_total": usd("99999999999999999999")}), "/order_total"),
        (json!({"points": 600, "order_total": {"amount": "100.00", "currency": "EUR"}}), "/order_total/currency"),
        (json!({"points": "max", "order_total": usd("1.99")}), "/order_total"),
        (json!({"points": 600, "order_total": usd("100.00"), "ttl_secs": 59}), "/ttl_secs"),
        (json!({"points": 600, "order_total": usd("100.00"), "ttl_secs": 86_401}), "/ttl_secs"),
        (json!({"points": 600, "order_total": usd("100.00"), "extra": 1}), "/extra"),
    ];
    for (number, (body, pointer)) in cases.into_iter().enumerate() {
        let shown = body.to_string();
        let problem = ask(&shop, &id, body, &format!("k-{number}")).await.is(400);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{shown}: {problem}");
    }
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
}

#[tokio::test]
async fn who_cannot_spend_cannot_hold() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::guest(1);
    shop.send("orders/paid", &paid_order(1, &buyer, shop.now(), &[("500.00", 1)])).await.is(200);
    let guest = shop.find(&buyer.email).await.unwrap()["id"].as_str().unwrap().to_owned();
    let body = json!({"points": 100, "order_total": usd("100.00")});
    ask(&shop, &guest, body.clone(), "k-1").await.is_problem(409, "not-enrolled");
    ask(&shop, "mem_nobody", body, "k-2").await.is_problem(404, "not-found");
    let nothing = json!({"id": "hold_nothing"});
    shop.get(&path_of(&guest, &nothing)).await.is_problem(404, "not-found");
    release(&shop, &guest, &nothing).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_hold_of_another_member_is_not_found() {
    let (shop, id) = shop_with(1_000).await;
    let other = enrolled(&shop, 2, 100).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    shop.get(&path_of(&other, &held)).await.is_problem(404, "not-found");
    release(&shop, &other, &held).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_program_without_points_as_cash_offers_no_holds() {
    let (shop, id) = shop_with(1_000).await;
    change_program(&shop, |program| {
        program["rewards"].as_array_mut().unwrap().retain(|reward| reward["kind"] != "points_as_cash");
    })
    .await;
    let body = json!({"points": 100, "order_total": usd("100.00")});
    ask(&shop, &id, body, "k-1").await.is_problem(409, "holds-not-offered");
}

#[tokio::test]
async fn a_checkout_in_another_currency_is_told_the_value_in_its_own() {
    let (shop, id) = shop_with(1_000).await;
    change_program(&shop, |program| program["earning"]["exchange_rates"]["EUR"] = json!("1.25")).await;
    let body = json!({"points": 500, "order_total": {"amount": "80.00", "currency": "EUR"}});
    let held = ask(&shop, &id, body, "k-1").await.is(201);
    assert_eq!((&held["points"], &held["value"]), (&json!(500), &json!({"amount": "4.00", "currency": "EUR"})));
}

#[tokio::test]
async fn a_hold_outlives_the_merge_of_its_member_and_is_found_by_either_id() {
    let (shop, into) = shop_with(1_000).await;
    let from = enrolled(&shop, 2, 500).await;
    let kept = hold(&shop, &from, 300, "k-1").await;
    shop.move_clock(shop.now() + SignedDuration::from_mins(1));
    let given_up = hold(&shop, &from, 200, "k-2").await;
    shop.merge(&from, &into).await;
    for id in [&from, &into] {
        assert_eq!(shop.get(&format!("/v1/members/{id}/holds")).await.is(200)["holds"], json!([kept, given_up]));
        assert_eq!(read(&shop, id, &kept).await, kept);
    }
    assert_eq!(hold(&shop, &from, 300, "k-1").await, kept);
    assert_eq!(points(&shop, &into).await.1, 500);
    assert_eq!(release(&shop, &into, &given_up).await.is(200)["state"], "released");
    assert_eq!(read(&shop, &from, &given_up).await["state"], "released");
    assert_eq!(points(&shop, &into).await.1, 300);
}
