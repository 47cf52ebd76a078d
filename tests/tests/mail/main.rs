//! Mail from the fact that plans it to its end, counted where SES takes it: never twice, never after a no,
//! and none lost without a word.
#![cfg(test)]

mod delivering;
mod faults;
mod notices;
mod quota;
mod reading;
mod replanned;
mod withdrawal;

use app::{Deadline, Tally};
use futures::join;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{
    Buyer, Ses, Shop, at,
    payloads::*,
    shop::{STOREFRONT, bearer},
};
use web::schedules;

const NOW: &str = "2026-06-20T16:00:00Z";
const ORDER: u64 = 6_120_000_000_001;
const INVITATION: &str = "review_invitation_1";

/// A shop that sends these scenarios and no others.
async fn shop_with(scenarios: &[&str]) -> (Shop, Ses) {
    let (shop, ses) = Shop::open_with_mail(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    for (name, settings) in program["mail"]["scenarios"].as_object_mut().unwrap() {
        settings["on"] = json!(scenarios.contains(&name.as_str()));
    }
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    (shop, ses)
}

/// Somebody who has agreed to marketing; their id.
async fn member(shop: &Shop, number: u64) -> String {
    let body = json!({"email": email(number), "country": "US", "time_zone": "Etc/UTC"});
    let id = shop.post("/v1/members", &body, None).await.is(201)["id"].as_str().unwrap().to_owned();
    consent(shop, &id, json!({"marketing": "granted"})).await;
    id
}

async fn consent(shop: &Shop, id: &str, consent: Value) {
    let body = json!({"consent": consent}).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(STOREFRONT).as_header()], body).await.is(200);
}

fn order(number: u64) -> Value {
    paid_order(ORDER + number, &Buyer::with_account(number), at("2026-06-10T10:00:00Z"), &[("19.99", 2)])
}

/// An order of theirs has arrived at that moment.
async fn delivered(shop: &Shop, number: u64, arrived_at: Timestamp) -> Value {
    let order = order(number);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, number, at("2026-06-11T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, number, arrived_at)).await.is(200);
    order
}

/// Four days before the fifth minute from now.
fn four_days_ago() -> Timestamp {
    at(NOW) - SignedDuration::from_hours(96) + SignedDuration::from_mins(5)
}

/// A member whose invitation is due now.
async fn invited(scenarios: &[&str]) -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(scenarios).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, four_days_ago()).await;
    wait(&shop, 10);
    (shop, ses, id)
}

fn wait(shop: &Shop, minutes: i64) {
    shop.move_clock(shop.now() + SignedDuration::from_mins(minutes));
}

async fn reviews(shop: &Shop) -> Tally {
    schedules::reviews(&shop.state, Deadline::NONE).await.unwrap()
}

async fn lifecycle(shop: &Shop) {
    schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
}

/// The schedule is fired twice, and both run at once.
async fn overlap(shop: &Shop) {
    let other = shop.another_instance();
    join!(reviews(shop), reviews(&other));
}

async fn tell(shop: &Shop, event: &Value) {
    schedules::feedback(&shop.state, event).await.unwrap();
}

async fn messages(shop: &Shop, id: &str) -> Vec<Value> {
    let listed = shop.get(&format!("/v1/members/{id}/messages?limit=100")).await.is(200);
    listed["messages"].as_array().unwrap().clone()
}

async fn message(shop: &Shop, id: &str, scenario: &str) -> Value {
    let all = messages(shop, id).await;
    all.iter().find(|message| message["scenario"] == scenario).unwrap_or_else(|| panic!("{all:?}")).clone()
}

async fn cases(shop: &Shop, kind: &str) -> Vec<Value> {
    let listed = shop.get("/v1/cases").await.is(200);
    listed["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == kind).cloned().collect()
}
