use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Buyer, at,
    captured::event,
    payloads::{cancelled, customer, customer_id, delivery, later, refund},
};

use crate::{
    cases, change_program, enrolled, entries, hold, order_of, order_with, points, read, release, shop_with, with_code,
};

#[tokio::test]
async fn a_paid_order_takes_what_its_code_took_off_and_releases_the_rest() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    shop.send("orders/paid", &order_with(&shop, 1, &held, "4.50")).await.is(200);
    assert_eq!(entries(&shop, &id).await, [("hold_capture".to_owned(), -450)]);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
    let shown = read(&shop, &id, &held).await;
    assert_eq!((&shown["state"], &shown["captured"]["points"]), (&json!("captured"), &json!(450)));
    assert_eq!(shown["captured"]["order"]["id"], "6120000000001");
    release(&shop, &id, &held).await.is_problem(409, "hold-captured");
    assert_eq!(cases(&shop).await, Vec::<Value>::new());
}

#[tokio::test]
async fn its_entry_says_why() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    shop.send("orders/paid", &order_with(&shop, 1, &held, "4.50")).await.is(200);
    let ledger = shop.ledger(&id).await;
    let entry = ledger.iter().find(|entry| entry["kind"] == "hold_capture").unwrap();
    assert_eq!(entry["order"]["id"], "6120000000001");
    let path = format!("/v1/members/{id}/ledger/{}/explain", entry["id"].as_str().unwrap());
    let why = shop.get(&path).await.is(200)["why"][0].clone();
    assert!(why.as_str().unwrap().starts_with("points used at the checkout: -450 points"), "{why}");
}

#[tokio::test]
async fn the_same_order_again_takes_nothing_more() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let order = order_with(&shop, 1, &held, "4.50");
    for topic in ["orders/paid", "orders/updated", "orders/paid"] {
        shop.send(topic, &order).await.is(200);
    }
    shop.move_clock(shop.now() + SignedDuration::from_hours(24 * 40));
    shop.send("fulfillment_events/create", &delivery(&order, 5_440_000_000_001, shop.now())).await.is(200);
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(entries(&shop, &id).await.len(), 1);
}

#[tokio::test]
async fn a_note_names_the_hold_where_the_shop_has_no_code_for_it() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let mut order = order_of(&shop, 1, &Buyer::with_account(1));
    order["note_attributes"] = json!([{"name": "regulars_hold", "value": held["id"]}]);
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(points(&shop, &id).await, (400, 0, 0), "nobody says how much of it: all");
}

#[tokio::test]
async fn any_other_storefront_names_it_too() {
    let (shop, _) = shop_with(1_000).await;
    let mut body: Value = serde_json::from_str(&event("events-order-paid").body).unwrap();
    shop.send_standard(&body.to_string(), shop.now()).await.is(200);
    let path = "/v1/members?source=storefront:local&customer_id=c_1881";
    let id = shop.get(path).await.is(200)["members"][0]["id"].as_str().unwrap().to_owned();
    shop.adjust(&id, 1_000, "k-0").await;
    let held = hold(&shop, &id, 600, "k-1").await;
    body["data"]["id"] = json!("A-20999");
    body["data"]["metadata"] = json!({"regulars_hold": held["id"]});
    shop.send_standard(&body.to_string(), shop.now()).await.is(200);
    assert_eq!(read(&shop, &id, &held).await["state"], "captured");
}

#[tokio::test]
async fn a_cancelled_order_gives_the_points_back_whenever_it_is_heard_of() {
    for cancelled_first in [false, true] {
        let (shop, id) = shop_with(1_000).await;
        let held = hold(&shop, &id, 600, "k-1").await;
        let order = order_with(&shop, 1, &held, "4.50");
        let mut events = [("orders/paid", order.clone()), ("orders/cancelled", cancelled(&order, shop.now()))];
        if cancelled_first {
            events.reverse();
        }
        for (topic, payload) in events {
            shop.send(topic, &payload).await.is(200);
        }
        assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
        assert_eq!(read(&shop, &id, &held).await["state"], "released");
    }
}

#[tokio::test]
async fn a_whole_refund_gives_them_back_and_a_part_does_not() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let mut order = order_with(&shop, 1, &held, "4.50");
    order["line_items"][0]["quantity"] = json!(2);
    order["line_items"][0]["current_quantity"] = json!(2);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("refunds/create", &refund(&order, 930_000_000_001, shop.now(), &[(0, 1)])).await.is(200);
    assert_eq!(entries(&shop, &id).await.len(), 1);
    shop.send("refunds/create", &refund(&order, 930_000_000_002, shop.now(), &[(0, 1)])).await.is(200);
    let expected = [("hold_capture".to_owned(), -450), ("hold_return".to_owned(), 450)];
    assert_eq!(entries(&shop, &id).await, expected);
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
}

#[tokio::test]
async fn an_order_that_is_not_paid_and_a_test_take_nothing() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let mut unpaid = order_with(&shop, 1, &held, "4.50");
    unpaid["financial_status"] = json!("pending");
    shop.send("orders/create", &unpaid).await.is(200);
    let mut test = order_with(&shop, 2, &held, "4.50");
    test["test"] = json!(true);
    shop.send("orders/paid", &test).await.is(200);
    assert_eq!(points(&shop, &id).await, (400, 600, 0));
    let mut paid = later(&unpaid, shop.now() + SignedDuration::from_secs(30));
    paid["financial_status"] = json!("paid");
    shop.send("orders/paid", &paid).await.is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
}

#[tokio::test]
async fn an_order_paid_by_an_older_payload_takes_what_its_newest_one_says() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let older = order_of(&shop, 1, &Buyer::with_account(1));
    let mut newest = later(&order_with(&shop, 1, &held, "4.50"), shop.now() + SignedDuration::from_secs(60));
    newest["financial_status"] = json!("pending");
    shop.send("orders/updated", &newest).await.is(200);
    assert_eq!(points(&shop, &id).await, (400, 600, 0));
    shop.send("orders/paid", &older).await.is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
}

#[tokio::test]
async fn an_expired_hold_takes_the_points_that_are_there_and_opens_a_case_for_the_others() {
    let (shop, id) = shop_with(1_000).await;
    let first = hold(&shop, &id, 600, "k-1").await;
    shop.move_clock(shop.now() + SignedDuration::from_mins(31));
    shop.send("orders/paid", &order_with(&shop, 1, &first, "6.00")).await.is(200);
    assert_eq!((points(&shop, &id).await, cases(&shop).await.len()), ((400, 0, 0), 0));
    let second = hold(&shop, &id, 400, "k-2").await;
    release(&shop, &id, &second).await.is(200);
    shop.adjust(&id, -300, "k-3").await;
    let order = order_with(&shop, 2, &second, "4.00");
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(points(&shop, &id).await, (0, 0, 0));
    let cases_now = cases(&shop).await;
    assert_eq!(
        (cases_now.len(), &cases_now[0]["kind"], &cases_now[0]["points"]),
        (1, &json!("hold_not_covered"), &json!("300"))
    );
    assert_eq!(cases_now[0]["order"]["id"], "6120000000002");
    shop.send("orders/updated", &later(&order, shop.now() + SignedDuration::from_secs(60))).await.is(200);
    assert_eq!(cases(&shop).await, cases_now, "it is one case");
}

#[tokio::test]
async fn whoever_names_the_hold_its_holder_pays() {
    let (shop, id) = shop_with(1_000).await;
    let other = enrolled(&shop, 2, 500).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let theirs = with_code(order_of(&shop, 1, &Buyer::with_account(2)), &held, "4.50");
    shop.send("orders/paid", &theirs).await.is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
    assert_eq!(points(&shop, &other).await, (500, 0, 0));
    shop.send("orders/cancelled", &cancelled(&theirs, shop.now())).await.is(200);
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
}

#[tokio::test]
async fn an_order_of_nobody_takes_them_too() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let mut anonymous = order_with(&shop, 1, &held, "4.50");
    for field in ["customer", "email", "contact_email"] {
        anonymous[field] = Value::Null;
    }
    shop.send("orders/paid", &anonymous).await.is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
    shop.send(
        "orders/updated",
        &later(&order_with(&shop, 1, &held, "4.50"), shop.now() + SignedDuration::from_secs(60)),
    )
    .await
    .is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0), "when it turns out to be the holder's own");
}

#[tokio::test]
async fn an_order_that_changes_hands_keeps_what_it_took() {
    let (shop, id) = shop_with(1_000).await;
    let other = enrolled(&shop, 2, 500).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let order = order_with(&shop, 1, &held, "4.50");
    shop.send("orders/paid", &order).await.is(200);
    let mut reassigned = later(&order, shop.now() + SignedDuration::from_secs(60));
    reassigned["customer"] = customer(&Buyer::with_account(2), shop.now());
    shop.send("orders/updated", &reassigned).await.is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
    assert_eq!(shop.lots(&other).await["pending"], 100);
    let back = cancelled(&reassigned, shop.now() + SignedDuration::from_secs(90));
    shop.send("orders/cancelled", &back).await.is(200);
    assert_eq!(points(&shop, &id).await, (1_000, 0, 0));
}

#[tokio::test]
async fn two_holds_of_one_order_are_both_taken() {
    let (shop, id) = shop_with(1_000).await;
    let (first, second) = (hold(&shop, &id, 300, "k-1").await, hold(&shop, &id, 500, "k-2").await);
    let order = with_code(order_with(&shop, 1, &first, "3.00"), &second, "4.00");
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(points(&shop, &id).await, (300, 0, 0));
}

#[tokio::test]
async fn a_merchant_s_own_code_is_none_of_ours() {
    let (shop, id) = shop_with(1_000).await;
    let mut order = order_of(&shop, 1, &Buyer::with_account(1));
    order["discount_codes"] = json!([{"code": "SUMMER", "amount": "4.50", "type": "fixed_amount"}]);
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(entries(&shop, &id).await, []);
}

#[tokio::test]
async fn the_rate_is_that_of_the_hold_whatever_the_program_says_later() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    shop.move_clock(at("2026-06-20T12:10:00Z"));
    change_program(&shop, |program| {
        let rewards = program["rewards"].as_array_mut().unwrap();
        let cash = rewards.iter_mut().find(|reward| reward["kind"] == "points_as_cash").unwrap();
        cash["points"] = json!(200);
    })
    .await;
    shop.send("orders/paid", &order_with(&shop, 1, &held, "4.50")).await.is(200);
    assert_eq!(points(&shop, &id).await, (550, 0, 0));
    assert_eq!(shop.id_of_customer(customer_id(1)).await, id);
}
