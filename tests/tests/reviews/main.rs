//! What members say of products, through HTTP.
#![cfg(test)]

mod cases;
mod changing;
mod hostile;
mod judging;
mod listing;
mod page;
mod people;
mod points;
mod rating;
mod rescue;
mod told;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at,
    payloads::{customer_id, paid_order},
    shop::{ADMIN, STOREFRONT, bearer},
};

const NOW: &str = "2026-06-20T12:00:00Z";
const ORDER: u64 = 6_120_000_000_001;
/// What the first line of every order is of, and the second.
const PRODUCT: &str = "8410000000000";
const SECOND: &str = "8410000000001";

/// A shop, and a member who bought two things.
async fn shop_with_buyer() -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    let id = buyer(&shop, 1).await;
    (shop, id)
}

/// Somebody who bought two things.
async fn buyer(shop: &Shop, number: u64) -> String {
    shop.send("orders/paid", &order(number)).await.is(200);
    shop.id_of_customer(customer_id(number)).await
}

fn order(number: u64) -> Value {
    let lines = [("30.00", 1), ("5.00", 1)];
    paid_order(ORDER + number - 1, &Buyer::with_account(number), at("2026-06-18T10:00:00Z"), &lines)
}

/// What the storefront's own form sends, under that key.
async fn post(shop: &Shop, member: &str, body: &Value, key: &str) -> Answer {
    shop.post_as(STOREFRONT, &format!("/v1/members/{member}/reviews"), body, Some(key)).await
}

/// A review with so many stars.
async fn review(shop: &Shop, member: &str, product: &str, stars: u8) -> Value {
    let key = format!("{member}-{product}-{stars}-{}", shop.now());
    post(shop, member, &json!({"product_id": product, "rating": stars}), &key).await.is(201)
}

async fn patch(shop: &Shop, path: &str, body: &Value) -> Answer {
    let bearer = bearer(ADMIN);
    shop.call("PATCH", path, &[bearer.as_header()], body.to_string()).await
}

async fn judge(shop: &Shop, review: &Value, body: Value) -> Value {
    patch(shop, &format!("/v1/reviews/{}", review["id"].as_str().unwrap()), &body).await.is(200)
}

/// All that a list answers, as that caller sees it.
async fn listed(shop: &Shop, key: &str, path: &str) -> Vec<Value> {
    let name = if path.starts_with("/v1/cases") { "cases" } else { "reviews" };
    shop.get_as(key, path).await.is(200)[name].as_array().unwrap().clone()
}

/// One field of each.
fn each<'a>(list: &'a [Value], field: &str) -> Vec<&'a Value> {
    list.iter().map(|one| &one[field]).collect()
}

/// Available points less debt; the books agree.
async fn balance(shop: &Shop, member: &str) -> i64 {
    let lots = shop.lots(member).await;
    let part = |name: &str| lots[name].as_i64().unwrap();
    assert_eq!(part("available") + part("pending") + part("held") - part("debt"), part("ledger"), "{lots}");
    part("available") - part("debt")
}

async fn change_reviews(shop: &Shop, reviews: Value) {
    let read = shop.get("/v1/program").await;
    let etag = read.header("etag").unwrap().to_owned();
    let mut program = read.is(200);
    program["reviews"] = reviews;
    shop.put_program(&program, Some(&etag)).await.is(200);
}

fn later(shop: &Shop, minutes: i64) {
    shop.move_clock(shop.now() + SignedDuration::from_mins(minutes));
}
