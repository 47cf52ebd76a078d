//! Points that are spent twice: coupons, holds, and the orders that name them.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Answer, Buyer, Shop, at, payloads::*};

use crate::{Books, PAID, enrol, order, shop_with_buyer, shop_with_points, usd};

/// An order that is too small to earn a point, with that code.
fn small(number: u64, buyer: &Buyer, code: &str, off: &str) -> Value {
    let mut order = order(number, buyer, "0.90");
    order["discount_codes"] = json!([{"code": code, "amount": off, "type": "fixed_amount"}]);
    order
}

fn code_of(bought: &Value) -> String {
    let code = bought.pointer("/coupon/code").or_else(|| bought.get("code"));
    code.unwrap().as_str().unwrap().to_owned()
}

async fn cancel(shop: &Shop, id: &str, redemption: &Value) -> Answer {
    shop.delete(&format!("/v1/members/{id}/redemptions/{}", redemption["id"].as_str().unwrap())).await
}

async fn is_valid(shop: &Shop, code: &str) -> bool {
    shop.post(&format!("/v1/coupons/{code}/validate"), &json!({}), None).await.is(200)["valid"].as_bool().unwrap()
}

async fn ask_cash(shop: &Shop, id: &str, points: Value, total: Value, key: &str) -> Answer {
    let body = json!({"reward_id": "points_as_cash", "points": points, "order_total": total});
    shop.post(&format!("/v1/members/{id}/redemptions"), &body, Some(key)).await
}

async fn ask_hold(shop: &Shop, id: &str, points: Value, total: Value, key: &str) -> Answer {
    let body = json!({"points": points, "order_total": total});
    shop.post(&format!("/v1/members/{id}/holds"), &body, Some(key)).await
}

async fn hold(shop: &Shop, id: &str, points: i64, key: &str) -> Value {
    ask_hold(shop, id, json!(points), usd("100.00"), key).await.is(201)
}

#[tokio::test]
async fn earning_redeeming_using_and_sending_back_leaves_the_price_as_debt() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    let earning = order(1, &buyer, "100.00");
    shop.send("orders/paid", &earning).await.is(200);
    shop.move_clock(at("2026-07-20T12:00:00Z"));
    let coupon = ask_cash(&shop, &id, json!(100), json!(null), "k-1").await.is(201);
    shop.send("orders/paid", &small(2, &buyer, &code_of(&coupon), "1.00")).await.is(200);
    books.had_off(100);
    shop.send("refunds/create", &refund(&earning, 1, at("2026-07-20T10:00:00Z"), &[(0, 1)])).await.is(200);
    assert_eq!(books.nothing_gained().await.points, -100, "owed for what it bought");
}

#[tokio::test]
async fn earning_redeeming_sending_back_and_cancelling_the_redemption_pays_the_debt_alone() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let books = Books::open(&shop, &[&id]).await;
    let earning = order(1, &buyer, "100.00");
    shop.send("orders/paid", &earning).await.is(200);
    shop.move_clock(at("2026-07-20T12:00:00Z"));
    let coupon = ask_cash(&shop, &id, json!(100), json!(null), "k-1").await.is(201);
    shop.send("refunds/create", &refund(&earning, 1, at("2026-07-20T10:00:00Z"), &[(0, 1)])).await.is(200);
    cancel(&shop, &id, &coupon).await.is(200);
    cancel(&shop, &id, &coupon).await.is(200);
    books.nothing_changed().await;
}

#[tokio::test]
async fn redeeming_and_cancelling_over_the_day_that_points_expire_multiplies_nothing() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    shop.move_clock(at("2027-06-29T12:00:00Z"));
    for number in 0..12 {
        let coupon = shop.redeem(&id, "coupon_5", &format!("k-{number}")).await;
        shop.move_clock(shop.now() + SignedDuration::from_hours(24 * 20));
        if coupon.status == 201 {
            cancel(&shop, &id, &coupon.body).await.is(200);
        }
        books.nothing_gained().await;
    }
    assert_eq!(books.close().await.points, -500, "what was not redeemed is gone");
}

#[tokio::test]
async fn a_redemption_is_not_cancelled_once_its_coupon_was_used() {
    let (shop, buyer, id) = shop_with_points(500).await;
    let mut books = Books::open(&shop, &[&id]).await;
    let coupon = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    shop.send("orders/paid", &small(1, &buyer, &code_of(&coupon), "5.00")).await.is(200);
    books.had_off(500);
    cancel(&shop, &id, &coupon).await.is_problem(409, "coupon-used");
    books.nothing_changed().await;
}

#[tokio::test]
async fn an_order_placed_with_the_code_and_paid_after_the_points_went_back_has_no_discount_for_nothing() {
    let (shop, buyer, id) = shop_with_points(500).await;
    let books = Books::open(&shop, &[&id]).await;
    let coupon = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    let paid = small(1, &buyer, &code_of(&coupon), "5.00");
    let mut placed = paid.clone();
    placed["financial_status"] = json!("pending");
    shop.send("orders/create", &placed).await.is(200);
    cancel(&shop, &id, &coupon).await.is_problem(409, "coupon-used");
    shop.send("orders/cancelled", &cancelled(&placed, at(PAID))).await.is(200);
    cancel(&shop, &id, &coupon).await.is(200);
    shop.send("orders/paid", &later(&paid, at("2026-06-19T10:00:00Z"))).await.is(200);
    assert!(!is_valid(&shop, &code_of(&coupon)).await);
    let explained = shop.explain_order(&paid).await;
    assert_eq!(explained["points"], 0, "once cancelled, the order stays so: {explained}");
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_coupon_reopened_by_a_cancellation_counts_once_however_often() {
    let (shop, buyer, id) = shop_with_points(500).await;
    let mut books = Books::open(&shop, &[&id]).await;
    let coupon = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    for number in 1..=3 {
        let order = small(number, &buyer, &code_of(&coupon), "5.00");
        shop.send("orders/paid", &order).await.is(200);
        assert!(!is_valid(&shop, &code_of(&coupon)).await);
        shop.send("orders/cancelled", &cancelled(&order, at(PAID))).await.is(200);
        books.nothing_changed().await;
    }
    shop.send("orders/paid", &small(9, &buyer, &code_of(&coupon), "5.00")).await.is(200);
    books.had_off(500);
    cancel(&shop, &id, &coupon).await.is_problem(409, "coupon-used");
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_coupon_whose_order_was_sent_back_is_not_given_twice() {
    let (shop, buyer, id) = shop_with_points(500).await;
    let books = Books::open(&shop, &[&id]).await;
    let coupon = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    let order = small(1, &buyer, &code_of(&coupon), "5.00");
    shop.send("orders/paid", &order).await.is(200);
    shop.send("refunds/create", &refund(&order, 1, at("2026-06-15T10:00:00Z"), &[(0, 1)])).await.is(200);
    assert!(!is_valid(&shop, &code_of(&coupon)).await);
    cancel(&shop, &id, &coupon).await.is_problem(409, "coupon-used");
    books.nothing_gained().await;
}

#[tokio::test]
async fn guessing_codes_finds_none() {
    let (shop, buyer, id) = shop_with_points(500).await;
    let books = Books::open(&shop, &[&id]).await;
    let coupon = code_of(&shop.redeem(&id, "coupon_5", "k-1").await.is(201));
    let (stem, last) = coupon.split_at(coupon.len() - 1);
    let others = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().filter(|letter| !last.contains(*letter));
    let guesses: Vec<String> = others.map(|letter| format!("{stem}{letter}")).collect();
    for guess in &guesses {
        assert!(!is_valid(&shop, guess).await, "{guess}");
    }
    shop.send("orders/paid", &small(1, &buyer, &guesses[0], "5.00")).await.is(200);
    assert!(is_valid(&shop, &coupon).await);
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_coupon_that_another_member_uses_is_used_for_both() {
    let (shop, _, id) = shop_with_points(500).await;
    let other = enrol(&shop, &email(2)).await;
    let mut books = Books::open(&shop, &[&id, &other]).await;
    let coupon = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    cancel(&shop, &other, &coupon).await.is_problem(404, "not-found");
    shop.send("orders/paid", &small(1, &Buyer::guest(2), &code_of(&coupon), "5.00")).await.is(200);
    books.had_off(500);
    cancel(&shop, &id, &coupon).await.is_problem(409, "coupon-used");
    books.nothing_changed().await;
}

#[tokio::test]
async fn one_code_in_two_orders_is_valid_for_one() {
    let (shop, buyer, id) = shop_with_points(500).await;
    let mut books = Books::open(&shop, &[&id]).await;
    let coupon = code_of(&shop.redeem(&id, "coupon_5", "k-1").await.is(201));
    for number in 1..=2 {
        // a shop asks before it takes anything off
        let off = if is_valid(&shop, &coupon).await { 500 } else { 0 };
        books.had_off(off);
        shop.send("orders/paid", &small(number, &buyer, &coupon, "5.00")).await.is(200);
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn points_as_cash_keeps_its_limits() {
    let (shop, _, id) = shop_with_points(3_000).await;
    let books = Books::open(&shop, &[&id]).await;
    for (number, (points, total, status)) in
        [(501, usd("10.00"), 400), (99, usd("10.00"), 400), (3_001, json!(null), 409), (200, usd("3.99"), 400)]
            .into_iter()
            .enumerate()
    {
        let answer = ask_cash(&shop, &id, json!(points), total.clone(), &format!("c-{number}")).await;
        assert_eq!(answer.status, status, "{points}: {}", answer.body);
    }
    ask_cash(&shop, &id, json!(500), usd("10.00"), "k-1").await.is(201);
    books.nothing_changed().await;
}

#[tokio::test]
async fn negative_zero_fractional_and_huge_amounts_buy_nothing() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    for (number, points) in
        [json!(-500), json!(0), json!(100.5), json!(1e300), json!(i64::MAX), json!(i64::MIN), json!("100")]
            .into_iter()
            .enumerate()
    {
        for (what, answer) in [
            ("cash", ask_cash(&shop, &id, points.clone(), usd("100.00"), &format!("c-{number}")).await),
            ("hold", ask_hold(&shop, &id, points.clone(), usd("100.00"), &format!("h-{number}")).await),
        ] {
            assert!(matches!(answer.status, 400 | 409), "{what} {points}: {}", answer.body);
        }
    }
    for (number, total) in ["-100.00", "0", "1e9", "99999999999999999999", "10.001", "NaN", ""].into_iter().enumerate()
    {
        let (cash, held) = (format!("ct-{number}"), format!("ht-{number}"));
        ask_cash(&shop, &id, json!(100), usd(total), &cash).await.is_problem(400, "invalid-request");
        ask_hold(&shop, &id, json!(100), usd(total), &held).await.is_problem(400, "invalid-request");
    }
    books.nothing_changed().await;
    assert_eq!(shop.lots(&id).await["available"], 1_000);
}

#[tokio::test]
async fn an_order_total_in_another_currency_widens_no_limit() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    for (number, currency) in ["JPY", "IDR", "EUR", "XXX", "usd", ""].into_iter().enumerate() {
        let total = json!({"amount": "100000", "currency": currency});
        ask_cash(&shop, &id, json!(1_000), total.clone(), &format!("c-{number}"))
            .await
            .is_problem(400, "invalid-request");
        ask_hold(&shop, &id, json!(1_000), total, &format!("h-{number}")).await.is_problem(400, "invalid-request");
    }
    books.nothing_changed().await;
    assert_eq!(shop.lots(&id).await["available"], 1_000);
}

#[tokio::test]
async fn one_idempotency_key_buys_one_thing() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    let first = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    shop.redeem(&id, "coupon_10", "k-1").await.is_problem(422, "idempotency-key-reused");
    ask_hold(&shop, &id, json!(500), usd("100.00"), "k-1").await.is_problem(422, "idempotency-key-reused");
    cancel(&shop, &id, &first).await.is(200);
    let again = shop.redeem(&id, "coupon_5", "k-1").await.is(201);
    assert_eq!((&again["id"], &again["state"]), (&first["id"], &json!("cancelled")), "no coupon anew");
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_hold_that_was_released_or_has_expired_still_costs_what_it_takes_off() {
    for expires in [false, true] {
        let (shop, buyer, id) = shop_with_points(1_000).await;
        let mut books = Books::open(&shop, &[&id]).await;
        let held = hold(&shop, &id, 600, "k-1").await;
        if expires {
            shop.move_clock(shop.now() + SignedDuration::from_hours(48));
        } else {
            shop.delete(&format!("/v1/members/{id}/holds/{}", held["id"].as_str().unwrap())).await.is(200);
        }
        shop.send("orders/paid", &small(1, &buyer, &code_of(&held), "6.00")).await.is(200);
        books.had_off(600);
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn points_that_are_held_are_not_redeemed_at_the_same_time() {
    let (shop, _, id) = shop_with_points(500).await;
    let books = Books::open(&shop, &[&id]).await;
    for round in 0..5 {
        let (held_key, key) = (format!("h-{round}"), format!("r-{round}"));
        let (held, redeemed) = futures::join!(
            ask_hold(&shop, &id, json!(500), usd("100.00"), &held_key),
            shop.redeem(&id, "coupon_5", &key)
        );
        let mut statuses = [held.status, redeemed.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        if held.status == 201 {
            shop.delete(&format!("/v1/members/{id}/holds/{}", held.body["id"].as_str().unwrap())).await.is(200);
        } else {
            cancel(&shop, &id, &redeemed.body).await.is(200);
        }
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn sending_back_what_earned_held_points_and_paying_with_them_leaves_a_debt() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    let earning = order(1, &buyer, "100.00");
    shop.send("orders/paid", &earning).await.is(200);
    shop.move_clock(at("2026-07-20T12:00:00Z"));
    let held = hold(&shop, &id, 100, "k-1").await;
    shop.send("refunds/create", &refund(&earning, 1, at("2026-07-20T10:00:00Z"), &[(0, 1)])).await.is(200);
    shop.send("orders/paid", &small(2, &buyer, &code_of(&held), "1.00")).await.is(200);
    books.had_off(100);
    assert_eq!(books.nothing_gained().await.points, -100);
}

#[tokio::test]
async fn a_held_order_that_is_cancelled_gives_back_what_it_took_and_no_more() {
    let (shop, buyer, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    let held = hold(&shop, &id, 300, "k-1").await;
    for number in 1..=3 {
        // more is claimed than was held
        let order = small(number, &buyer, &code_of(&held), "9.00");
        shop.send("orders/paid", &order).await.is(200);
        shop.send("orders/cancelled", &cancelled(&order, at(PAID))).await.is(200);
        shop.send("refunds/create", &refund(&order, number, at("2026-06-15T10:00:00Z"), &[(0, 1)])).await.is(200);
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn spending_points_and_sending_their_order_back_after_they_would_have_expired_is_owed() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    let earning = order(1, &buyer, "100.00");
    shop.send("orders/paid", &earning).await.is(200);
    shop.move_clock(at("2027-06-01T12:00:00Z"));
    let coupon = ask_cash(&shop, &id, json!(100), json!(null), "k-1").await.is(201);
    let mut spending = small(2, &buyer, &code_of(&coupon), "1.00");
    spending["processed_at"] = json!("2027-06-01T11:00:00Z");
    shop.send("orders/paid", &spending).await.is(200);
    books.had_off(100);
    shop.move_clock(at("2027-09-01T12:00:00Z"));
    shop.send("refunds/create", &refund(&earning, 1, at("2027-08-31T10:00:00Z"), &[(0, 1)])).await.is(200);
    assert_eq!(books.nothing_gained().await.points, -100);
}
