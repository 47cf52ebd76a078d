//! What holds take of the database; exact, so that a change is noticed.

use serde_json::{Value, json};
use tests::{Cost, Shop, payloads::cancelled};

use crate::{ask, hold, order_with, path_of, release, shop_with, usd};

async fn cost_of(shop: &Shop, topic: &str, payload: &Value) -> Cost {
    shop.wire.clear();
    shop.send(topic, payload).await.is(200);
    shop.wire.cost()
}

#[tokio::test]
async fn a_hold_reads_in_one_trip_and_writes_ten_units_at_most() {
    let (shop, id) = shop_with(1_000).await;
    let body = json!({"points": 600, "order_total": usd("100.00")});
    shop.wire.clear();
    ask(&shop, &id, body.clone(), "k-1").await.is(201);
    let took = shop.wire.cost();
    assert_eq!((took.trips, took.write_units), (2, 9.0), "{took:?}");
    shop.wire.clear();
    ask(&shop, &id, body, "k-1").await.is(201);
    assert_eq!(shop.wire.cost().write_units, 0.0);
}

#[tokio::test]
async fn a_release_writes_the_account_and_the_hold() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    shop.wire.clear();
    release(&shop, &id, &held).await.is(200);
    let took = shop.wire.cost();
    assert_eq!((took.trips, took.write_units), (2, 5.0), "{took:?}");
    shop.wire.clear();
    release(&shop, &id, &held).await.is(200);
    assert_eq!(shop.wire.cost().write_units, 0.0);
    shop.wire.clear();
    shop.get(&path_of(&id, &held)).await.is(200);
    assert_eq!(shop.wire.cost().trips, 1);
}

#[tokio::test]
async fn a_capture_costs_the_order_one_entry_and_the_hold_and_no_trip_more() {
    let (shop, id) = shop_with(1_000).await;
    let held = hold(&shop, &id, 600, "k-1").await;
    let order = order_with(&shop, 1, &held, "4.50");
    let took = cost_of(&shop, "orders/paid", &order).await;
    assert_eq!((took.trips, took.write_units), (3, 13.0), "{took:?}");
    let took = cost_of(&shop, "orders/cancelled", &cancelled(&order, shop.now())).await;
    assert_eq!((took.trips, took.write_units), (3, 10.0), "{took:?}");
}
