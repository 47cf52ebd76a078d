//! A letter of each scenario as a shop would write it, for previews and tests.

use serde_json::{Value, json};

use crate::{letter::Letter, locale::Locale};

/// Everything that a letter can have, with `text` in every field that somebody else wrote.
///
/// # Errors
/// What is wrong with the sample itself.
pub fn letter(
    scenario: &str,
    step: u8,
    locale: Locale,
    text: &dyn Fn(&str) -> String,
) -> Result<Letter, serde_json::Error> {
    serde_json::from_value(json!({
        "scenario": scenario, "step": step, "locale": locale,
        "shop": {
            "name": text("Leaf & Pot"), "url": "https://shop.example/",
            "account_url": "https://shop.example/account?from=mail&tab=1", "logo_url": "https://shop.example/logo.png",
            "postal_address": text("Leaf & Pot Ltd\n12 Harbour Row\nDublin"), "accent_color": "#1f5c4a",
            "zone": "Europe/Berlin", "locale": "en",
        },
        "addressee": { "name": text("Mia Wong"), "points": 1240, "tier": text("Silver") },
        "links": {
            "unsubscribe": "https://mail.shop.example/u/token", "preferences": "https://mail.shop.example/u/token?all=1",
            "confirm": "https://mail.shop.example/c/token", "reply_to": "help@shop.example",
        },
        "content": content(days_left(scenario, step), text),
    }))
}

/// As the default program's steps are.
fn days_left(scenario: &str, step: u8) -> i64 {
    match (scenario, step) {
        ("points_expiring", 3) => 1,
        (_, 2) => 7,
        _ => 30,
    }
}

fn content(days_left: i64, text: &dyn Fn(&str) -> String) -> Value {
    json!({
        "products": [product("101", "Green tea, 100 g", text), product("102", "Cast-iron pot", text)],
        "order": {
            "number": text("#1042"), "placed_on": "2026-11-01", "total": { "amount": "1240.98", "currency": "EUR" },
            "tracking_number": text("RR 123 456 789"), "tracking_url": "https://post.example/track?n=RR123456789",
            "tracking_company": text("An Post"), "estimated_on": "2026-11-27", "delivered_on": "2026-11-26",
        },
        "points": 102, "on": "2026-12-31", "days_left": days_left, "tier": tier("Gold", text), "lower_tier": tier("Silver", text),
        "missing": { "basis": "spend", "amount": { "amount": "40.00", "currency": "EUR" } }, "balance": 1240,
        "review": {
            "rating": 2, "title": text("Not what I hoped for"), "text": text("The lid was broken.\nNo answer yet."),
            "product_title": text("Cast-iron pot"),
        },
        "offer": {
            "code": "THANKS-5", "expires_on": "2027-02-21",
            "value": { "kind": "amount_off", "amount": { "amount": "5.00", "currency": "EUR" } },
        },
        "case": { "id": "case_0123", "kind": text("data_request"), "opened_at": "2026-11-23T09:00:00Z", "about": [text("mem_0123")] },
        "due_at": "2026-11-24T15:30:00Z",
    })
}

fn product(number: &str, title: &str, text: &dyn Fn(&str) -> String) -> Value {
    json!({
        "id": number, "title": text(title), "image_url": "https://cdn.shop.example/tea.jpg?v=1&w=160",
        "url": format!("https://shop.example/p/{number}"),
        "review_url": format!("https://mail.shop.example/r/token-{number}"),
        "quantity": 2,
        "guides": [{ "title": text("How to brew it"), "url": "https://shop.example/guides/brew" }],
    })
}

fn tier(title: &str, text: &dyn Fn(&str) -> String) -> Value {
    json!({ "id": title.to_lowercase(), "title": text(title), "benefits": [
        { "kind": "free_shipping", "title": text("Free shipping"), "value": text("from 20.00") },
        { "kind": "early_access", "title": text("Early access") },
    ] })
}
