//! What is told of parcels: it plans, moves and ends the mail about what has arrived.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Shop, at,
    mailing::{INVITATION, NOW, delivered, member, message, messages, order, shop_with, wait},
    payloads::*,
};

use crate::{days_after, explained, live_until, sent_to};

const SECOND_PARCEL: u64 = 77;

/// When the mail is due, and which it is.
async fn due(shop: &Shop, id: &str, scenario: &str) -> (Value, Value) {
    let mail = message(shop, id, scenario).await;
    assert_eq!(mail["state"], "planned", "{mail}");
    (mail["due_at"].clone(), mail["id"].clone())
}

#[tokio::test]
async fn a_later_word_of_the_carrier_moves_the_invitation_and_it_stays_the_same_one() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    let order = delivered(&shop, 1, at("2026-06-19T10:00:00Z")).await;
    let (due_at, message) = due(&shop, &id, INVITATION).await;
    assert_eq!(due_at, "2026-06-23T10:00:00Z");
    shop.send("fulfillment_events/create", &delivery(&order, 1, at("2026-06-20T11:00:00Z"))).await.is(200);
    assert_eq!(due(&shop, &id, INVITATION).await, (json!("2026-06-24T11:00:00Z"), message));
    live_until(&shop, days_after(at(NOW), 5)).await;
    assert_eq!(sent_to(&ses, 1), [(INVITATION.to_owned(), at("2026-06-24T11:00:00Z"))]);
    assert_eq!(messages(&shop, &id).await.len(), 2, "and its reminder");
}

#[tokio::test]
async fn an_order_has_arrived_when_its_last_parcel_has() {
    let (shop, ses) = shop_with(&["review_invitation", "care"]).await;
    let id = member(&shop, 1).await;
    let order = delivered(&shop, 1, at("2026-06-19T10:00:00Z")).await;
    let first = due(&shop, &id, INVITATION).await;
    let care = due(&shop, &id, "care_1").await;
    shop.send("fulfillments/create", &fulfilment(&order, SECOND_PARCEL, at("2026-06-20T12:00:00Z"))).await.is(200);
    // until it is delivered, it is expected a week after it was shipped
    assert_eq!(due(&shop, &id, INVITATION).await, (json!("2026-07-01T12:00:00Z"), first.1.clone()));
    let not_yet = message(&shop, &id, "care_1").await;
    assert_eq!((&not_yet["state"], &not_yet["reason"]), (&json!("skipped"), &json!("nothing_to_say")), "{not_yet}");
    shop.move_clock(at("2026-06-22T12:00:00Z"));
    let word = delivery(&order, SECOND_PARCEL, at("2026-06-22T11:00:00Z"));
    shop.send("fulfillment_events/create", &word).await.is(200);
    assert_eq!(due(&shop, &id, INVITATION).await, (json!("2026-06-26T11:00:00Z"), first.1));
    assert_eq!(due(&shop, &id, "care_1").await, (json!("2026-06-29T11:00:00Z"), care.1));
    live_until(&shop, days_after(at(NOW), 12)).await;
    let sent = [(INVITATION, "2026-06-26T11:00:00Z"), ("care_1", "2026-06-29T11:00:00Z")];
    assert_eq!(sent_to(&ses, 1), sent.map(|(scenario, sent_at)| (scenario.to_owned(), at(sent_at))));
}

#[tokio::test]
async fn where_nobody_tells_of_a_delivery_the_invitation_comes_after_the_days_that_a_parcel_takes() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    let order = order(1);
    shop.send("orders/paid", &order).await.is(200);
    assert!(messages(&shop, &id).await.is_empty(), "paid is not shipped");
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-20T10:00:00Z"))).await.is(200);
    let expected = at("2026-06-20T10:00:00Z") + SignedDuration::from_hours(24 * (7 + 4));
    live_until(&shop, days_after(expected, 1)).await;
    assert_eq!(sent_to(&ses, 1), [(INVITATION.to_owned(), expected)]);
    // told of it at last, it is not asked for again
    let word = delivery(&order, 1, days_after(shop.now(), -1));
    shop.send("fulfillment_events/create", &word).await.is(200);
    live_until(&shop, days_after(expected, 6)).await;
    assert_eq!(sent_to(&ses, 1).len(), 1);
}

#[tokio::test]
async fn a_parcel_that_is_told_of_after_the_cancellation_plans_nothing() {
    let (shop, ses) = shop_with(&["review_invitation", "care", "shipped", "delivered"]).await;
    let id = member(&shop, 1).await;
    let order = order(1);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("orders/cancelled", &cancelled(&order, at("2026-06-20T12:00:00Z"))).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-20T13:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, 1, at("2026-06-20T14:00:00Z"))).await.is(200);
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert!(messages(&shop, &id).await.is_empty() && ses.taken().is_empty());
}

#[tokio::test]
async fn a_cancellation_after_the_delivery_ends_what_is_planned_and_tells_why() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    let order = delivered(&shop, 1, at("2026-06-19T10:00:00Z")).await;
    wait(&shop, 10);
    shop.send("orders/cancelled", &cancelled(&order, shop.now())).await.is(200);
    let planned = message(&shop, &id, INVITATION).await;
    let told = explained(&shop, &id, &planned).await;
    let said = (&told["message"]["state"], &told["message"]["reason"], &told["message"]["why"], &told["now"]);
    assert_eq!(said, (&json!("skipped"), &json!("cancelled"), &json!("the order was cancelled"), &Value::Null));
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert!(ses.taken().is_empty());
}
