//! What rows weigh: DynamoDB bills each KB that is begun, and twice in a transaction.

mod shop;
mod table;
mod wire;

use jiff::{SignedDuration, Timestamp};
use rules::{account::Account, facts::Fulfilment, ids::FulfilmentId, order::Order};
use serde_json::Value;
use shop::*;
use store::{DueAt, DueHour, Plan, Write};
use table::table;
use wire::Wire;

/// Write units of the commit, as the database counts them.
async fn units(plans: Vec<Plan>) -> f64 {
    let table = table().await;
    let wire = Wire::sound();
    let store = table.over(wire.client());
    for plan in plans {
        store.commit(plan).await.unwrap();
    }
    let last = wire.calls().pop().unwrap();
    println!("{}", last.answer);
    last.answer["ConsumedCapacity"][0]["CapacityUnits"].as_f64().unwrap()
}

/// What an item weighs by DynamoDB's rules: names and values, numbers by their digits.
fn bytes(value: &Value) -> usize {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => text.len(),
        ("N", Value::String(number)) => number.trim_start_matches('-').len().div_ceil(2) + 1,
        ("B", Value::String(base64)) => base64.trim_end_matches('=').len() * 3 / 4,
        ("L", Value::Array(values)) => 3 + values.iter().map(|value| 1 + bytes(value)).sum::<usize>(),
        ("M", map) => 3 + attributes(map).map(|(name, value)| 1 + name.len() + bytes(value)).sum::<usize>(),
        _ => 1,
    }
}

fn attributes(map: &Value) -> impl Iterator<Item = (&String, &Value)> {
    map.as_object().unwrap().iter()
}

/// The weight of each row of a plan, by its sort key.
async fn weights(plan: Plan) -> Vec<(String, usize)> {
    let wire = Wire::sound();
    // whatever guards the rows: it is what is sent that is weighed
    drop(table().await.over(wire.client()).commit(plan).await);
    let rows = wire.calls().pop().unwrap().request["TransactItems"].as_array().unwrap().clone();
    let weight = |row: &Value| {
        let item = &row["Put"]["Item"];
        let bytes = attributes(item).map(|(name, value)| name.len() + bytes(value)).sum();
        (item["sk"]["S"].as_str().unwrap().to_owned(), bytes)
    };
    rows.iter().map(weight).collect()
}

/// A regular customer's account: an order of 60.00 each month of a year, all of them delivered.
fn regular(until: Timestamp) -> Account {
    let mut account = guest(until - SignedDuration::from_hours(366 * 24));
    for month in 0..12 {
        let paid_at = until - SignedDuration::from_hours(24 * (360 - 30 * month));
        account = delivered(settled(1, paid(1, 30_00, paid_at), account, paid_at), paid_at).1;
    }
    account
}

/// The order and the account three days later, when the parcel has come.
fn delivered((order, settled): (Order, rules::posting::Settled), paid_at: Timestamp) -> (Order, Account) {
    let delivered_at = paid_at + SignedDuration::from_hours(72);
    let (before, mut facts) = (order.facts.clone(), order.facts.clone());
    let parcel = Fulfilment { delivered_at: Some(delivered_at), ..Fulfilment::default() };
    facts.fulfilments.insert(FulfilmentId::parse("4123456789012").unwrap(), parcel);
    let mut order = order.learn(facts);
    order.version += 1;
    let settled = order.settle(&before, settled.account, &programs(), delivered_at).unwrap();
    (order, settled.account)
}

#[tokio::test]
async fn a_paid_order_of_five_lines_of_a_known_member_costs_at_most_twelve_units() {
    let now = at("2026-06-18T10:00:00Z");
    let account = regular(now);
    let until = account.standing.until.unwrap();
    let due = DueAt { scenario: "tiers", hour: DueHour::of(until), at: until };
    let with_due = |account| Write::Account { member: mia(), account, review_due: Some(due) };
    let (order, settled) = settled(5_123_456_789_012, paid(5, 9_99, now), account.clone(), now);
    let after = Account { version: 2, ..settled.account.clone() };
    let mut paid = order_plan(order, settled);
    paid.writes.retain(|write| !matches!(write, Write::Account { .. }));
    paid.writes.push(with_due(after));
    assert_eq!(paid.writes.len(), 4);
    println!("{:?}", weights(paid.clone()).await);
    println!("{:?}", units(vec![plan([with_due(Account { version: 1, ..account })]), paid]).await);
}

/// Who checks in every day and orders a hundred times a year, for five years.
fn heavy(until: Timestamp) -> Account {
    let mut account = guest(until - SignedDuration::from_hours(24 * 365 * 5));
    for day in (0..365 * 5).rev() {
        let now = until - SignedDuration::from_hours(24 * day);
        account = adjusted(account, 5, now).0;
        if day % 11 < 3 {
            let paid_at = now - SignedDuration::from_hours(1) - SignedDuration::from_secs(day * 7);
            let order = settled(1, paid(2, 61_37, paid_at), account, now);
            account = if day > 30 { delivered(order, paid_at).1 } else { order.1.account };
        }
    }
    account
}

#[tokio::test]
async fn a_heavy_member_s_account_stays_under_four_kilobytes() {
    let account = heavy(at("2026-06-18T10:00:00Z"));
    println!("{}", serde_json::to_string(&account.lots).unwrap());
    println!("{}", serde_json::to_string(&account.lapsed).unwrap());
    println!("{}", account.purchases.iter().count());
    println!("{:?}", account.anchor);
    println!("{:?}", weights(plan([account_of_mia(account)])).await);
}
