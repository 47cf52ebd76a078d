//! Members as the API shows them.
#![cfg(test)]

mod changes;
mod consent;
mod enrolment;
mod erasure;
mod export;
mod identity;
mod merge_history;
mod merging;
mod merging_at_once;
mod points;
mod privacy;
mod tiers;

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*, shop::SOURCE};

const NOW: &str = "2026-06-20T12:00:00Z";

fn order(id: u64, buyer: &Buyer) -> Value {
    paid_order(id, buyer, at("2026-06-19T10:00:00Z"), &[("30.00", 1)])
}

fn link(number: u64) -> Value {
    json!({"source": SOURCE, "customer_id": customer_id(number).to_string()})
}

async fn enrol(shop: &Shop, body: Value) -> (u16, Value) {
    let answer = shop.post("/v1/members", &body, None).await;
    (answer.status, answer.body)
}

fn id_of(member: &Value) -> &str {
    member["id"].as_str().unwrap()
}

/// Kind and points of each entry, the oldest first.
async fn history(shop: &Shop, member: &Value) -> Vec<(String, i64)> {
    let entries = shop.ledger(id_of(member)).await.into_iter().rev();
    entries.map(|entry| (entry["kind"].as_str().unwrap().to_owned(), entry["points"].as_i64().unwrap())).collect()
}

fn entries(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(kind, points)| ((*kind).to_owned(), *points)).collect()
}
