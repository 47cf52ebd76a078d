//! What mail takes of the database, by what it says that it consumed: exact numbers, so that a change is noticed, and
//! none of them grows with the number of members.
#![cfg(test)]
#![allow(clippy::float_arithmetic, reason = "capacity is told in fractions of units")]

mod crowd;
mod feedback;
mod planning;
mod reading;
mod sending;

use jiff::SignedDuration;
use serde_json::json;
use tests::{
    Cost, Ses, Shop, at, captured,
    mailing::{NOW, delivered, four_days_ago, member, reviews, shop_with},
};

/// The product of every first line.
const PRODUCT: u64 = 8_410_000_000_000;

/// The calls by their operations, those of one round trip together.
fn cost(trips: &[&[&str]], read_units: f64, write_units: f64) -> Cost {
    let calls = trips.iter().flat_map(|trip| trip.iter()).map(|operation| (*operation).to_owned()).collect();
    Cost { calls, trips: trips.len(), read_units, write_units }
}

/// A shop that invites to reviews, and has told of what it sells.
async fn shop_that_invites() -> (Shop, Ses) {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let mut product = captured("products-update").payload();
    product["id"] = json!(PRODUCT);
    shop.send("products/update", &product).await.is(200);
    (shop, ses)
}

/// Somebody whose invitation is due in an hour and a half.
async fn invited_later(shop: &Shop, number: u64) -> String {
    let id = member(shop, number).await;
    delivered(shop, number, four_days_ago() + SignedDuration::from_mins(85)).await;
    id
}

/// It is due, and everything before that hour was done with by the run before this one.
async fn when_due(shop: &Shop) {
    shop.move_clock(at(NOW) + SignedDuration::from_mins(80));
    reviews(shop).await;
    shop.move_clock(at(NOW) + SignedDuration::from_mins(95));
}

async fn cost_of_run(shop: &Shop) -> Cost {
    shop.wire.clear();
    reviews(shop).await;
    shop.wire.cost()
}
