//! The pages that mails link to, as a browser gets and sends them.
#![cfg(test)]

mod confirm;
#[path = "../../../shared/mail/tests/letters/hostile_strings.rs"]
mod hostile_strings;
mod links;
mod markup;
mod preferences;
mod review;
mod unsubscribe;

use serde_json::{Value, json};
use tests::{Shop, page_of};

const NOW: &str = "2026-06-20T12:00:00Z";

/// Somebody in that country, who has said that they want mail and has that language.
async fn ada(shop: &Shop, country: &str, locale: &str) -> String {
    let body = json!({"email": "ada@example.com", "name": "Ada King", "country": country, "locale": locale,
        "consent": {"marketing": "granted"}});
    let member = shop.post("/v1/members", &body, None).await.is(201);
    member["id"].as_str().unwrap().to_owned()
}

async fn consent(shop: &Shop, member: &str) -> Value {
    shop.member(member).await["consent"].clone()
}

/// The proofs that are kept, the oldest first.
async fn proofs(shop: &Shop) -> Vec<Value> {
    let rows = shop.rows().await.into_iter().filter(|(key, _)| key.contains(" / CON#"));
    let without_keys = |mut row: Value| {
        row.as_object_mut().unwrap().retain(|name, _| !["pk", "sk", "v"].contains(&name.as_str()));
        row
    };
    rows.map(|(_, row)| without_keys(row)).collect()
}
