//! What a member sees and does from a browser, and who lets them.
#![cfg(test)]

mod activities;
mod app_proxy;
mod browsers;
mod reading;
mod tokens;

use serde_json::Value;
use tests::{Buyer, Shop, at, payloads::*};

const NOW: &str = "2026-06-20T12:00:00Z";

/// A shop with a member who has bought something; and their id.
async fn shop_with_member() -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &order(1)).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    (shop, id)
}

fn order(number: u64) -> Value {
    let paid_at = at("2026-06-19T10:00:00Z");
    paid_order(6_120_000_000_000 + number, &Buyer::with_account(1), paid_at, &[("30.00", 1)])
}
