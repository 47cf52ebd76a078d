//! A shop that sends mail: from the fact that plans one to what SES tells of it.

use app::{Deadline, Tally};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::join;
use web::schedules::{self, FeedbackRun};

use crate::{
    Buyer, Ses, Shop, at,
    payloads::*,
    shop::{ADMIN, STOREFRONT, bearer},
};

pub const NOW: &str = "2026-06-20T16:00:00Z";
pub const INVITATION: &str = "review_invitation_1";
const ORDER: u64 = 6_120_000_000_001;

/// A shop that sends these scenarios and no others.
pub async fn shop_with(scenarios: &[&str]) -> (Shop, Ses) {
    let (shop, ses) = Shop::open_with_mail(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    for (name, settings) in program["mail"]["scenarios"].as_object_mut().unwrap() {
        settings["on"] = json!(scenarios.contains(&name.as_str()));
    }
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    (shop, ses)
}

/// Somebody who has agreed to marketing; their id.
pub async fn member(shop: &Shop, number: u64) -> String {
    let body = json!({"email": email(number), "country": "US", "time_zone": "Etc/UTC"});
    let id = shop.post("/v1/members", &body, None).await.is(201)["id"].as_str().unwrap().to_owned();
    consent(shop, &id, json!({"marketing": "granted"})).await;
    id
}

pub async fn consent(shop: &Shop, id: &str, consent: Value) {
    let body = json!({"consent": consent}).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(STOREFRONT).as_header()], body).await.is(200);
}

pub fn order(number: u64) -> Value {
    paid(ORDER + number, number, at("2026-06-10T10:00:00Z"), ("19.99", 2))
}

/// An order that says nothing of mail: they said that elsewhere.
fn paid(id: u64, number: u64, at: Timestamp, line: Line<'_>) -> Value {
    let mut order = paid_order(id, &Buyer::with_account(number), at, &[line]);
    order["customer"]["email_marketing_consent"] = Value::Null;
    order
}

/// An order of theirs has arrived at that moment.
pub async fn delivered(shop: &Shop, number: u64, arrived_at: Timestamp) -> Value {
    let order = order(number);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, number, at("2026-06-11T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, number, arrived_at)).await.is(200);
    order
}

/// They pay for another order just now.
pub async fn orders(shop: &Shop, number: u64) {
    let order = paid(ORDER + 100 + number, number, shop.now(), ("19.99", 1));
    shop.send("orders/paid", &order).await.is(200);
}

/// Four days before the fifth minute from now.
pub fn four_days_ago() -> Timestamp {
    at(NOW) - SignedDuration::from_hours(96) + SignedDuration::from_mins(5)
}

/// A member whose invitation is due now.
pub async fn invited(scenarios: &[&str]) -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(scenarios).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, four_days_ago()).await;
    wait(&shop, 10);
    (shop, ses, id)
}

pub fn wait(shop: &Shop, minutes: i64) {
    shop.move_clock(shop.now() + SignedDuration::from_mins(minutes));
}

pub async fn reviews(shop: &Shop) -> Tally {
    schedules::reviews(&shop.state, Deadline::NONE).await.unwrap()
}

pub async fn lifecycle(shop: &Shop) {
    schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
}

/// The schedule is fired twice, and both run at once.
pub async fn overlap(shop: &Shop) {
    let other = shop.another_instance();
    join!(reviews(shop), reviews(&other));
}

pub async fn tell(shop: &Shop, event: &Value) -> FeedbackRun {
    schedules::feedback(&shop.state, event).await.unwrap()
}

pub async fn messages(shop: &Shop, id: &str) -> Vec<Value> {
    let listed = shop.get(&format!("/v1/members/{id}/messages?limit=100")).await.is(200);
    listed["messages"].as_array().unwrap().clone()
}

pub async fn message(shop: &Shop, id: &str, scenario: &str) -> Value {
    let all = messages(shop, id).await;
    all.iter().find(|message| message["scenario"] == scenario).unwrap_or_else(|| panic!("{all:?}")).clone()
}

/// What `GET /v1/reports/scenarios` says of the days since the shop was opened.
pub async fn report(shop: &Shop) -> Value {
    let day = at(NOW).strftime("%F");
    shop.get(&format!("/v1/reports/scenarios?from={day}")).await.is(200)
}

/// What it counts of one scenario; nothing, if that had no mail that has ended.
pub async fn figures(shop: &Shop, scenario: &str) -> Value {
    let report = report(shop).await;
    let mut all = report["scenarios"].as_array().unwrap().iter();
    all.find(|figures| figures["scenario"] == scenario).cloned().unwrap_or(Value::Null)
}

pub async fn cases(shop: &Shop, kind: &str) -> Vec<Value> {
    let listed = shop.get("/v1/cases").await.is(200);
    listed["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == kind).cloned().collect()
}

/// A person has done what the case asks for.
pub async fn resolve(shop: &Shop, case: &Value) {
    let path = format!("/v1/cases/{}", case["id"].as_str().unwrap());
    let body = json!({"state": "resolved"}).to_string();
    shop.call("PATCH", &path, &[bearer(ADMIN).as_header()], body).await.is(200);
}
