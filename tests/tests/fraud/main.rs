//! No profit from fraud: each script tries to end with more points or money than an honest buyer
//! would have, and ends with no more.
#![cfg(test)]

mod orders;

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

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

/// Everything that the member has, or will have: available, pending and held, less what they owe.
async fn worth(shop: &Shop, id: &str) -> i64 {
    let lots = shop.lots(id).await;
    let part = |name: &str| lots[name].as_i64().unwrap();
    let all = part("available") + part("pending") + part("held") - part("debt");
    assert_eq!(json!(all), lots["ledger"], "the ledger agrees");
    all
}
