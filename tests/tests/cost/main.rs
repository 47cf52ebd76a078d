//! What each use case takes of the database, by what it says that it consumed. The numbers are exact,
//! so that a change is noticed; the budget is that of the design.
#![cfg(test)]

mod fates;
mod members;
mod merchant;
mod orders;
mod reads;

use serde_json::{Value, json};
use tests::{Buyer, Cost, Shop, at, payloads::*};

const NOW: &str = "2026-06-20T12:00:00Z";
const FIVE_LINES: [(&str, u32); 5] = [("19.99", 2), ("5.00", 1), ("12.50", 3), ("7.25", 1), ("31.00", 1)];
const BUDGET_OF_AN_ORDER: f64 = 12.0;
const MORE_FOR_THE_FIRST: f64 = 8.0;

/// The calls by their operations, those of one round trip together.
fn cost(trips: &[&[&str]], read_units: f64, write_units: f64) -> Cost {
    let calls = trips.iter().flat_map(|trip| trip.iter()).map(|operation| (*operation).to_owned()).collect();
    Cost { calls, trips: trips.len(), read_units, write_units }
}

async fn cost_of(shop: &Shop, topic: &str, payload: &Value) -> Cost {
    shop.wire.clear();
    shop.send(topic, payload).await.is(200);
    shop.wire.cost()
}

async fn cost_of_get(shop: &Shop, path: &str) -> Cost {
    shop.wire.clear();
    shop.get(path).await.is(200);
    shop.wire.cost()
}

async fn cost_of_post(shop: &Shop, path: &str, body: &Value, key: Option<&str>) -> Cost {
    shop.wire.clear();
    shop.post(path, body, key).await.is(201);
    shop.wire.cost()
}

fn order(id: u64) -> Value {
    with_discounts(paid_order(id, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &FIVE_LINES))
}

fn with_discounts(mut order: Value) -> Value {
    for line in order["line_items"].as_array_mut().unwrap() {
        line["discount_allocations"] = json!([{"amount": "1.25", "discount_application_index": 0}]);
    }
    order
}

/// A shop with a member who has bought before.
async fn shop_with_member() -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    let earlier = paid_order(6_120_000_000_000, &Buyer::with_account(1), at("2026-05-17T10:00:00Z"), &FIVE_LINES);
    shop.send("orders/paid", &earlier).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    (shop, id)
}
