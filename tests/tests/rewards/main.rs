//! What points buy: redemptions, their coupons, and the orders that use them.
#![cfg(test)]

mod at_once;
mod cancelling;
mod orders;
mod pools;
mod redeeming;
mod validating;

use serde_json::{Value, json};
use tests::{
    Answer, Shop,
    payloads::email,
    shop::{STOREFRONT, bearer},
};

const NOW: &str = "2026-06-20T12:00:00Z";

/// A shop with an enrolled member who has so many points.
async fn shop_with(points: i64) -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    let id = enrolled(&shop, 1).await;
    if points != 100 {
        shop.adjust(&id, points - 100, "opening").await;
    }
    (shop, id)
}

/// A new member, with the hundred points for it.
async fn enrolled(shop: &Shop, number: u64) -> String {
    let member = shop.post("/v1/members", &json!({"email": email(number)}), None).await.is(201);
    member["id"].as_str().unwrap().to_owned()
}

async fn available(shop: &Shop, member: &str) -> i64 {
    let points = shop.member(member).await["points"].clone();
    let [available, pending, debt] = ["available", "pending", "debt"].map(|part| points[part].as_i64().unwrap());
    assert_eq!(available + pending - debt, shop.lots(member).await["ledger"].as_i64().unwrap());
    available
}

async fn ask(shop: &Shop, member: &str, body: Value, key: &str) -> Answer {
    shop.post(&format!("/v1/members/{member}/redemptions"), &body, Some(key)).await
}

fn path_of(member: &str, redemption: &Value) -> String {
    format!("/v1/members/{member}/redemptions/{}", redemption["id"].as_str().unwrap())
}

/// As a storefront cancels for its member.
async fn cancel(shop: &Shop, member: &str, redemption: &Value) -> Answer {
    shop.call("DELETE", &path_of(member, redemption), &[bearer(STOREFRONT).as_header()], "").await
}

async fn validate(shop: &Shop, code: &str, body: Value) -> Value {
    shop.post(&format!("/v1/coupons/{code}/validate"), &body, None).await.is(200)
}

fn code_of(redemption: &Value) -> &str {
    redemption["coupon"]["code"].as_str().unwrap()
}

async fn change_program(shop: &Shop, change: impl FnOnce(&mut Value)) {
    let answer = shop.get("/v1/program").await;
    let etag = answer.header("etag").unwrap().to_owned();
    let mut program = answer.is(200);
    change(&mut program);
    shop.put_program(&program, Some(&etag)).await.is(200);
}
