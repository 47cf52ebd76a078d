//! No profit from fraud: each script tries to end with more points or money than an honest buyer
//! would have, and ends with no more.
#![cfg(test)]

mod activities;
mod gain;
mod identity;
mod merges;
mod orders;
mod referral;
mod spending;

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use gain::{Books, worth};

const NOW: &str = "2026-06-20T12:00:00Z";
/// No campaign is on.
const PAID: &str = "2026-06-10T10:00:00Z";

/// A shop with one enrolled buyer, who has no points.
async fn shop_with_buyer() -> (Shop, Buyer, String) {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    let first = cancelled(&order(999, &buyer, "1.00"), at(PAID));
    shop.send("orders/cancelled", &first).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    assert_eq!(worth(&shop, &id).await, 0);
    (shop, buyer, id)
}

fn order(number: u64, buyer: &Buyer, price: &str) -> Value {
    paid_order(6_120_000_000_000 + number, buyer, at(PAID), &[(price, 1)])
}

/// A shop with a buyer who has so many points, for nothing that can be taken back.
async fn shop_with_points(points: i64) -> (Shop, Buyer, String) {
    let (shop, buyer, id) = shop_with_buyer().await;
    shop.adjust(&id, points, "opening").await;
    (shop, buyer, id)
}

async fn enrol(shop: &Shop, email: &str) -> String {
    let member = shop.post("/v1/members", &json!({"email": email}), None).await.is(201);
    member["id"].as_str().unwrap().to_owned()
}

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}
