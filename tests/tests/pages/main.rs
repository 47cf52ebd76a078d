//! The pages that mails link to, as a browser gets and sends them.
#![cfg(test)]

mod confirm;
#[path = "../../../shared/mail/tests/letters/hostile_strings.rs"]
mod hostile_strings;
mod links;
mod markup;
mod preferences;
mod review;
mod review_again;
mod unsubscribe;

use serde_json::{Value, json};
use tests::{Shop, page_of, ses::Taken};
use web::schedules;

const NOW: &str = "2026-06-20T12:00:00Z";

/// Somebody in that country, who has said that they want mail and has that language.
async fn ada(shop: &Shop, country: &str, locale: &str) -> String {
    let body = json!({"email": "ada@example.com", "name": "Ada King", "country": country, "locale": locale,
        "consent": {"marketing": "granted"}});
    let member = shop.post("/v1/members", &body, None).await.is(201);
    member["id"].as_str().unwrap().to_owned()
}

/// SES tells that a mail to them bounced, or that they called it spam.
async fn tell_of(shop: &Shop, member: &str, kind: &str) {
    let mail = Taken {
        ses_id: "ses-0".to_owned(),
        taken_at: shop.now(),
        to: "ada@example.com".to_owned(),
        scenario: "welcome_1".to_owned(),
        message: format!("msg_{}", "0".repeat(32)),
        member: Some(member.to_owned()),
        raw: Vec::new(),
    };
    let event = if kind == "bounce" { mail.bounced("Permanent", shop.now()) } else { mail.complained(shop.now()) };
    schedules::feedback(&shop.state, &event).await.unwrap();
}

/// What the shop calls itself, and where it tells of privacy.
async fn name_the_shop(shop: &Shop) {
    let mut program = shop.get("/v1/program").await.is(200);
    program["mail"]["shop"]["name"] = json!("Kräuter & Öl");
    program["mail"]["shop"]["privacy_url"] = json!("https://shop.example/privacy");
    shop.put_program(&program, Some("\"1\"")).await.is(200);
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
