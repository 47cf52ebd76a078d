//! Who tries to get more out of holds than they put in gets nothing.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Buyer, payloads::refund};

use crate::{ask, cases, enrolled, hold, order_of, order_with, points, read, release, shop_with, usd, with_code};

#[tokio::test]
async fn holding_and_abandoning_a_thousand_times_gains_nothing() {
    let (shop, id) = shop_with(1_000).await;
    for number in 0..50 {
        let held = hold(&shop, &id, 1_000, &format!("k-{number}")).await;
        match number % 2 {
            0 => drop(release(&shop, &id, &held).await.is(200)),
            _ => shop.move_clock(shop.now() + SignedDuration::from_mins(30)),
        }
    }
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
}

#[tokio::test]
async fn refunding_the_order_that_earned_held_points_has_the_next_order_pay_for_them() {
    let (shop, id) = shop_with(100).await;
    let earning = order_of(&shop, 1, &Buyer::with_account(1));
    shop.send("orders/paid", &earning).await.is(200);
    shop.move_clock(shop.now() + SignedDuration::from_hours(24 * 31));
    let held = hold(&shop, &id, 200, "k-1").await;
    shop.send("refunds/create", &refund(&earning, 930_000_000_001, shop.now(), &[(0, 1)])).await.is(200);
    assert_eq!(points(&shop, &id).await, (0, 100, 0));
    shop.send("orders/paid", &order_with(&shop, 2, &held, "2.00")).await.is(200);
    // a hundred of them were owed, and what the order earned has paid that
    assert_eq!((points(&shop, &id).await, &shop.lots(&id).await["pending"]), ((0, 0, 0), &json!(0)));
}

#[tokio::test]
async fn a_code_used_twice_is_paid_twice_as_far_as_there_are_points() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 700, "k-1").await;
    shop.send("orders/paid", &order_with(&shop, 1, &held, "7.00")).await.is(200);
    shop.send("orders/paid", &order_with(&shop, 2, &held, "7.00")).await.is(200);
    assert_eq!(points(&shop, &id).await, (0, 0, 0));
    let cases = cases(&shop).await;
    assert_eq!((cases.len(), &cases[0]["points"]), (1, &json!("400")));
    assert_eq!(read(&shop, &id, &held).await["captured"]["order"]["id"], "6120000000001");
}

#[tokio::test]
async fn taking_off_more_than_was_held_takes_what_was_held() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 300, "k-1").await;
    shop.send("orders/paid", &order_with(&shop, 1, &held, "50.00")).await.is(200);
    assert_eq!(points(&shop, &id).await, (700, 0, 0));
}

#[tokio::test]
async fn releasing_the_hold_and_paying_with_it_costs_the_same() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    release(&shop, &id, &held).await.is(200);
    shop.send("orders/paid", &order_with(&shop, 1, &held, "6.00")).await.is(200);
    assert_eq!(points(&shop, &id).await, (400, 0, 0));
}

#[tokio::test]
async fn a_second_account_does_not_get_the_discount_for_nothing() {
    let (shop, id) = shop_with(1_000).await;
    enrolled(&shop, 2, 100).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    for (number, buyer) in [(1, Buyer::with_account(2)), (2, Buyer::guest(3))] {
        let order = with_code(order_of(&shop, number, &buyer), &held, "3.00");
        shop.send("orders/paid", &order).await.is(200);
    }
    assert_eq!(points(&shop, &id).await, (400, 0, 0));
}

#[tokio::test]
async fn guessing_another_member_s_hold_by_its_id_gains_nothing() {
    let (shop, id) = shop_with(1_000).await;
    let mut order = order_of(&shop, 1, &Buyer::with_account(1));
    order["note_attributes"] = json!([{"name": "regulars_hold", "value": "hold_0000000000000000"}]);
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
}

#[tokio::test]
async fn a_huge_order_total_holds_no_more_than_the_balance() {
    let (shop, id) = shop_with(1_000).await;
    let body = json!({"points": "max", "order_total": usd("9999999999.99")});
    assert_eq!(ask(&shop, &id, body, "k-1").await.is(201)["points"], 1_000);
    let body = json!({"points": 1_000_000, "order_total": usd("9999999999.99")});
    ask(&shop, &id, body, "k-2").await.is_problem(409, "insufficient-points");
}
