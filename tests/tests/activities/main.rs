//! What members do besides buying, through HTTP.
#![cfg(test)]

mod approval;
mod caps;
mod proof;
mod recording;
mod reversal;
mod told;

use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at,
    payloads::{customer_id, paid_order},
    shop::{STOREFRONT, bearer},
};

const NOW: &str = "2026-06-20T12:00:00Z";
const ORDER: u64 = 6_120_000_000_001;
/// What the first line of every order is of.
const PRODUCT: &str = "8410000000000";

/// A shop, and an enrolled member who bought nothing.
async fn shop_with_member() -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    let ada = shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201);
    let id = ada["id"].as_str().unwrap().to_owned();
    (shop, id)
}

/// A shop, and a member who bought one thing.
async fn shop_with_buyer() -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &order()).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    (shop, id)
}

fn order() -> Value {
    paid_order(ORDER, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &[("30.00", 1)])
}

/// Records it under that key, as the storefront's back end does.
async fn record(shop: &Shop, member: &str, body: &Value, key: &str) -> Answer {
    let bearer = bearer(STOREFRONT);
    let headers = [bearer.as_header(), ("idempotency-key", key)];
    shop.call("POST", &format!("/v1/members/{member}/activities"), &headers, body.to_string()).await
}

async fn judge(shop: &Shop, key: &str, method: &str, member: &str, activity: &Value, word: &str) -> Answer {
    let bearer = bearer(key);
    let path = format!("/v1/members/{member}/activities/{}{word}", activity["id"].as_str().unwrap());
    shop.call(method, &path, &[bearer.as_header(), ("idempotency-key", "judged")], "").await
}

async fn reverse(shop: &Shop, member: &str, activity: &Value) -> Answer {
    judge(shop, tests::shop::ADMIN, "DELETE", member, activity, "").await
}

async fn approve(shop: &Shop, member: &str, activity: &Value) -> Answer {
    judge(shop, tests::shop::ADMIN, "POST", member, activity, "/approve").await
}

/// Available points less debt.
async fn balance(shop: &Shop, member: &str) -> i64 {
    let lots = shop.lots(member).await;
    let part = |name: &str| lots[name].as_i64().unwrap();
    assert_eq!(part("available") + part("pending") + part("held") - part("debt"), part("ledger"), "{lots}");
    part("available") - part("debt")
}

/// Changes the program at these pointers.
async fn change_program(shop: &Shop, changes: &[(&str, Value)]) {
    let read = shop.get("/v1/program").await;
    let etag = read.header("etag").unwrap().to_owned();
    let mut program = read.is(200);
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        program.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    shop.put_program(&program, Some(&etag)).await.is(200);
}
