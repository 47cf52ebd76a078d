//! What rows weigh: DynamoDB bills each KB that is begun, and twice in a transaction.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod shop;
mod table;
mod wire;

use jiff::{SignedDuration, Timestamp};
use rules::{
    account::Account,
    buyer::Buyer,
    facts::{Fulfilment, Refund, Shipment},
    ids::{FulfilmentId, LineId, RefundId},
    order::Order,
    posting::Settled,
    register::Register,
};
use serde_json::Value;
use shop::*;
use store::{DueAt, DueHour, Plan, Write};
use table::table;
use wire::Wire;

#[tokio::test]
async fn a_paid_order_of_five_lines_of_a_known_member_costs_at_most_twelve_units() {
    let now = at("2026-06-18T10:00:00Z");
    let account = regular(now);
    let until = account.standing.until.unwrap();
    let due = DueAt { scenario: "tiers", hour: DueHour::of(until), at: until };
    let in_index = |account| Write::Account { member: mia(), account, due: Some(due) };
    let before = plan([in_index(Account { version: 1, ..account.clone() })]);

    let (order, settled) = settled(5_123_456_789_012, paid(5, 9_99, now), Account { version: 1, ..account }, now);
    let pointer = Write::OrderPointer { member: mia(), order: order.key.clone() };
    let entries = settled.entries.into_iter().map(|entry| Write::Entry { member: mia(), entry });
    let paid = plan([Write::Order(order), in_index(settled.account), pointer].into_iter().chain(entries));
    assert_eq!((paid.writes.len(), settled.tier_change), (4, None));
    let units = units(vec![before, paid]).await;
    assert!(units <= 12.0, "{units}");
}

#[tokio::test]
async fn an_order_that_was_shipped_delivered_and_refunded_fits_two_kilobytes() {
    let now = at("2026-06-18T10:00:00Z");
    let (mut order, _) = settled(5_123_456_789_012, paid(5, 9_99, now), guest(now), now);
    order.facts.fulfilments.insert(FulfilmentId::parse("4123456789012").unwrap(), parcel(now));
    let refund = Refund {
        refunded_at: now,
        units: [("14012345678901", 1), ("14012345678903", 2)].map(|(id, n)| (LineId::parse(id).unwrap(), n)).into(),
        amount: 12_50,
    };
    let register = Register::new(now, refund).unwrap();
    order.facts.refunds.insert(RefundId::parse("929361469123").unwrap(), register);
    let bytes = weight(Write::Order(order)).await;
    assert!(bytes <= 2_048, "{bytes} bytes");
}

#[tokio::test]
async fn a_heavy_member_s_account_fits_four_kilobytes() {
    let now = at("2026-06-18T10:00:00Z");
    let account = heavy(now);
    let pending = account.lots.iter().filter(|lot| lot.dates.available_on.is_some()).count();
    let lapsed = serde_json::to_value(&account.lapsed).unwrap().as_array().unwrap().len();
    let purchases = account.purchases.iter().count();
    assert_eq!((account.lots.iter().count() - pending, pending, lapsed), (13, 10, 36));
    assert!(purchases >= 208 && account.anchor.is_some(), "{purchases} purchases");
    let bytes = weight(account_of_mia(account)).await;
    assert!(bytes < 4_096, "{bytes} bytes");
}

/// A customer of a year: an order of 60.00 each month, all of them delivered.
fn regular(until: Timestamp) -> Account {
    let mut account = guest(until - hours(24 * 366));
    for month in 0..12 {
        let paid_at = until - hours(24 * (360 - 30 * month));
        account = delivered(settled(1, paid(1, 30_00, paid_at), account, paid_at), paid_at);
    }
    account
}

/// A customer of five years who checks in every day and orders a hundred times a year.
fn heavy(until: Timestamp) -> Account {
    let mut account = guest(until - hours(24 * 365 * 5));
    for day in (0..365 * 5).rev() {
        let now = until - hours(24 * day);
        account = checked_in(account, now);
        let under_way = day <= 30;
        let orders = if under_way { day % 3 == 0 } else { day % 11 < 3 };
        if orders {
            let paid_at = now - hours(1) - SignedDuration::from_secs(day * 7);
            let order = settled(1, paid(2, 61_37, paid_at), account, now);
            account = if under_way { order.1.account } else { delivered(order, paid_at) };
        }
    }
    account
}

/// The account three days later, when the parcel has come.
fn delivered((order, settled): (Order, Settled), paid_at: Timestamp) -> Account {
    let delivered_at = paid_at + hours(72);
    let mut facts = order.facts.clone();
    facts.fulfilments.insert(FulfilmentId::parse("4123456789012").unwrap(), parcel(delivered_at));
    let mut after = order.learn(facts);
    after.settle(&order.facts, settled.account, &Buyer::default(), &programs(), delivered_at).unwrap().account
}

fn parcel(delivered_at: Timestamp) -> Fulfilment {
    let shipment = Shipment {
        shipped_at: delivered_at - hours(48),
        cancelled: false,
        tracking_company: Some("Österreichische Post".to_owned()),
        tracking_number: Some("1032400123456789012345".to_owned()),
        tracking_url: Some("https://www.post.at/sv/sendungsdetails?snr=1032400123456789012345".to_owned()),
        estimated_delivery_at: Some(delivered_at),
    };
    Fulfilment {
        shipment: Some(Register::new(shipment.shipped_at, shipment).unwrap()),
        delivered_at: Some(delivered_at),
        said_delivered_at: None,
    }
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Write units of the last of these commits, as the database counts them.
async fn units(plans: Vec<Plan>) -> f64 {
    let wire = Wire::sound();
    let store = table().await.over(wire.client());
    for plan in plans {
        store.commit(plan).await.unwrap();
    }
    let last = wire.calls().pop().unwrap();
    last.answer["ConsumedCapacity"][0]["CapacityUnits"].as_f64().unwrap()
}

/// The bytes of a row as it is sent; whether it is then written does not matter.
async fn weight(write: Write) -> usize {
    let wire = Wire::sound();
    drop(table().await.over(wire.client()).commit(plan([write])).await);
    let call = wire.calls().pop().unwrap();
    attributes(&call.request["TransactItems"][0]["Put"]["Item"])
}

/// What names and values weigh by DynamoDB's rules
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>).
fn attributes(map: &Value) -> usize {
    map.as_object().unwrap().iter().map(|(name, value)| name.len() + bytes(value)).sum()
}

fn bytes(value: &Value) -> usize {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => text.len(),
        ("N", Value::String(number)) => number.len().div_ceil(2) + 1,
        ("B", Value::String(base64)) => base64.trim_end_matches('=').len() * 3 / 4,
        ("L", Value::Array(values)) => 3 + values.iter().map(|value| 1 + bytes(value)).sum::<usize>(),
        ("M", Value::Object(values)) => 3 + values.len() + attributes(value),
        _ => 1,
    }
}
