//! Points set aside for a checkout, and the orders that take them.
#![cfg(test)]

mod captures;
mod cost;

mod fraud;
mod making;
mod parallel;

use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at,
    payloads::{customer, customer_id, paid_order},
    shop::{STOREFRONT, bearer},
};

const NOW: &str = "2026-06-20T12:00:00Z";

/// A shop with an enrolled customer who has so many points, a hundred of them for joining.
async fn shop_with(points: i64) -> (Shop, String) {
    let shop = Shop::open(NOW).await;
    let id = enrolled(&shop, 1, points).await;
    (shop, id)
}

async fn enrolled(shop: &Shop, number: u64, points: i64) -> String {
    let account = customer(&Buyer::with_account(number), at("2026-06-01T10:00:00Z"));
    shop.send("customers/create", &account).await.is(200);
    let id = shop.id_of_customer(customer_id(number)).await;
    if points != 100 {
        shop.adjust(&id, points - 100, &format!("opening-{number}")).await;
    }
    id
}

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

async fn ask(shop: &Shop, member: &str, body: Value, key: &str) -> Answer {
    shop.post(&format!("/v1/members/{member}/holds"), &body, Some(key)).await
}

/// Holds so many points for an order of 100.00.
async fn hold(shop: &Shop, member: &str, points: impl Into<Value>, key: &str) -> Value {
    ask(shop, member, json!({"points": points.into(), "order_total": usd("100.00")}), key).await.is(201)
}

fn path_of(member: &str, hold: &Value) -> String {
    format!("/v1/members/{member}/holds/{}", hold["id"].as_str().unwrap())
}

async fn release(shop: &Shop, member: &str, hold: &Value) -> Answer {
    shop.call("DELETE", &path_of(member, hold), &[bearer(STOREFRONT).as_header()], "").await
}

async fn read(shop: &Shop, member: &str, hold: &Value) -> Value {
    shop.get(&path_of(member, hold)).await.is(200)
}

/// Available, held and debt, which with what is pending are the ledger.
async fn points(shop: &Shop, member: &str) -> (i64, i64, i64) {
    let lots = shop.lots(member).await;
    let part = |name: &str| lots[name].as_i64().unwrap();
    let (available, held, debt) = (part("available"), part("held"), part("debt"));
    assert_eq!(available + part("pending") + held - debt, part("ledger"), "{lots}");
    let last = shop.ledger(member).await[0]["balance_after"].as_i64().unwrap();
    assert_eq!(last, part("ledger"));
    (available, held, debt)
}

/// An order over 100.00 of that buyer, paid now.
fn order_of(shop: &Shop, number: u64, buyer: &Buyer) -> Value {
    let mut order = paid_order(6_120_000_000_000 + number, buyer, shop.now(), &[("100.00", 1)]);
    order["discount_codes"] = json!([]);
    order["discount_applications"] = json!([]);
    order
}

/// The same with the code of the hold, which took that off.
fn order_with(shop: &Shop, number: u64, hold: &Value, amount: &str) -> Value {
    with_code(order_of(shop, number, &Buyer::with_account(1)), hold, amount)
}

fn with_code(mut order: Value, hold: &Value, amount: &str) -> Value {
    let code = hold["code"].as_str().unwrap().to_lowercase();
    order["discount_codes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"code": code, "amount": amount, "type": "fixed_amount"}));
    order
}

async fn change_program(shop: &Shop, change: impl FnOnce(&mut Value)) {
    let answer = shop.get("/v1/program").await;
    let etag = answer.header("etag").unwrap().to_owned();
    let mut program = answer.is(200);
    change(&mut program);
    shop.put_program(&program, Some(&etag)).await.is(200);
}

/// Kind and points of the entries of holds, the oldest first.
async fn entries(shop: &Shop, member: &str) -> Vec<(String, i64)> {
    let entries = shop.ledger(member).await.into_iter().rev();
    let shown = entries.map(|entry| (entry["kind"].as_str().unwrap().to_owned(), entry["points"].as_i64().unwrap()));
    shown.filter(|(kind, _)| kind.starts_with("hold")).collect()
}

/// The cases that were opened, past the API.
async fn cases(shop: &Shop) -> Vec<Value> {
    shop.rows().await.into_iter().filter(|(key, _)| key.contains(" / CASE#")).map(|(_, row)| row).collect()
}
