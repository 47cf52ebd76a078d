//! The same events again, long after: what a storefront sends twice counts once, for ever.
#![cfg(test)]

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tests::{Buyer, Shop, at, payloads::*};

const PAID: &str = "2026-06-18T10:00:00Z";

/// An order's whole life, as (topic, payload): paid, in part refunded, delivered.
fn life() -> Vec<(&'static str, Value)> {
    let buyer = Buyer::with_account(1);
    let order = paid_order(6_120_000_000_001, &buyer, at(PAID), &[("40.00", 2), ("5.00", 1)]);
    let refund = refund(&order, 1, at("2026-06-20T10:00:00Z"), &[(0, 1)]);
    let updated = with_refund(order.clone(), &refund);
    let parcel = fulfilment(&order, 7, at("2026-06-19T08:00:00Z"));
    let delivered = delivery(&order, 7, at("2026-06-21T15:00:00Z"));
    vec![
        ("customers/create", customer(&buyer, at("2026-06-18T09:00:00Z"))),
        ("orders/paid", order),
        ("fulfillments/create", parcel),
        ("refunds/create", refund),
        ("orders/updated", updated),
        ("fulfillment_events/create", delivered),
    ]
}

fn later(by: SignedDuration) -> Timestamp {
    at("2026-06-22T12:00:00Z") + by
}

#[tokio::test]
async fn the_same_events_after_minutes_hours_and_four_hundred_days_change_nothing() {
    let shop = Shop::open("2026-06-22T12:00:00Z").await;
    for (topic, payload) in life() {
        shop.send(topic, &payload).await.is(200);
    }
    let id = shop.id_of_customer(customer_id(1)).await;
    assert_eq!(shop.lots(&id).await["ledger"], 190, "2 points for 1.00 on the 18th, of 45.00, and 100 for joining");
    let rows = shop.rows().await;
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    for after in [SignedDuration::from_mins(11), SignedDuration::from_hours(2), days(400)] {
        shop.move_clock(later(after));
        // an instance that has never heard of any of it, and the events in another order
        let instance = shop.another_instance();
        for (topic, payload) in life().into_iter().rev().chain(life()) {
            instance.send(topic, &payload).await.is(200);
        }
        assert_eq!(shop.rows().await, rows, "after {after:#}");
    }
    assert_eq!(shop.lots(&id).await["ledger"], 0, "400 days on, all of it has expired");
}

#[tokio::test]
async fn a_cancelled_order_told_of_again_after_four_hundred_days_stays_cancelled() {
    let shop = Shop::open("2026-06-22T12:00:00Z").await;
    let order = paid_order(6_120_000_000_001, &Buyer::with_account(1), at(PAID), &[("40.00", 2)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("orders/cancelled", &cancelled(&order, at("2026-06-19T10:00:00Z"))).await.is(200);
    let rows = shop.rows().await;
    shop.move_clock(later(SignedDuration::from_hours(24 * 400)));
    shop.send("orders/paid", &order).await.is(200);
    shop.send("orders/create", &order).await.is(200);
    assert_eq!(shop.rows().await, rows);
}
