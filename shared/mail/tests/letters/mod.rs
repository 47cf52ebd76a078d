//! Letters as the shop would write them, full and sparse.

use mail::{letter::Letter, locale::Locale};
use serde_json::{Value, json};

/// Every scenario with the number of its steps.
pub(crate) const SCENARIOS: [(&str, u8); 13] = [
    ("care", 1),
    ("confirm_subscription", 1),
    ("delivered", 1),
    ("order_confirmation", 1),
    ("points_expiring", 3),
    ("review_invitation", 2),
    ("review_rescue", 2),
    ("shipped", 1),
    ("staff_case", 1),
    ("tier_at_risk", 2),
    ("tier_up", 1),
    ("tips", 1),
    ("welcome", 3),
];

/// Every scenario, step and locale.
#[allow(dead_code, reason = "not every test needs all of them")]
pub(crate) fn all() -> impl Iterator<Item = (&'static str, u8, Locale)> {
    let steps = SCENARIOS.into_iter().flat_map(|(scenario, steps)| (1..=steps).map(move |step| (scenario, step)));
    steps.flat_map(|(scenario, step)| Locale::ALL.map(|locale| (scenario, step, locale)))
}

/// Everything that a letter can have, with `text` in every field that somebody else wrote.
pub(crate) fn full(scenario: &str, step: u8, locale: Locale, text: &dyn Fn(&str) -> String) -> Letter {
    let image = "https://cdn.shop.example/tea.jpg?v=1&w=160";
    let tier = |title: &str| {
        json!({ "id": title.to_lowercase(), "title": text(title), "benefits": [
            { "kind": "shipping", "title": text("Free shipping"), "value": text("from 20.00") },
            { "kind": "access", "title": text("Early access") },
        ] })
    };
    let product = |number: &str, title: &str| {
        json!({
            "id": number, "title": text(title), "image_url": image,
            "url": format!("https://shop.example/p/{number}"),
            "review_url": format!("https://mail.shop.example/r/token-{number}"),
            "quantity": 2,
            "guides": [{ "title": text("How to brew it"), "url": "https://shop.example/guides/brew" }],
        })
    };
    read(json!({
        "scenario": scenario, "step": step, "locale": locale,
        "shop": {
            "name": text("Leaf & Pot"), "url": "https://shop.example/", "logo_url": "https://shop.example/logo.png",
            "postal_address": text("Leaf & Pot Ltd\n12 Harbour Row\nDublin"), "accent_color": "#1f5c4a",
            "zone": "Europe/Berlin",
        },
        "addressee": { "name": text("Mia Wong"), "points": 1240, "tier": text("Silver") },
        "links": {
            "unsubscribe": "https://mail.shop.example/u/token", "preferences": "https://mail.shop.example/u/token?all=1",
            "action": "https://shop.example/account?from=mail&step=1",
        },
        "content": {
            "products": [product("101", "Green tea, 100 g"), product("102", "Cast-iron pot")],
            "order": {
                "number": text("#1042"), "placed_on": "2026-11-01", "total": { "amount": "1240.98", "currency": "EUR" },
                "tracking_number": text("RR 123 456 789"), "tracking_url": "https://post.example/track?n=RR123456789",
                "tracking_company": text("An Post"), "estimated_on": "2026-11-27",
            },
            "points": 102, "on": "2026-12-31", "tier": tier("Gold"), "lower_tier": tier("Silver"),
            "missing": { "basis": "spend", "amount": { "amount": "40.00", "currency": "EUR" } }, "balance": 1240,
            "review": {
                "rating": 2, "title": text("Not what I hoped for"), "text": text("The lid was broken.\nNo answer yet."),
                "product_title": text("Cast-iron pot"),
            },
            "offer": {
                "code": "THANKS-5", "expires_on": "2027-02-21",
                "value": { "kind": "amount_off", "amount": { "amount": "5.00", "currency": "EUR" } },
            },
            "case": { "kind": text("data_request"), "opened_at": "2026-11-23T09:00:00Z", "about": [text("mem_0123")] },
            "due_at": "2026-11-24T15:30:00Z",
        },
    }))
}

/// The least that a letter of a scenario has.
#[allow(dead_code, reason = "not every test needs sparse letters")]
pub(crate) fn sparse(scenario: &str, step: u8, locale: Locale) -> Letter {
    let product = json!({ "id": "101", "title": "Green tea", "review_url": "https://mail.shop.example/r/t" });
    let guides = json!([{ "title": "How to brew it", "url": "https://shop.example/guides/brew" }]);
    let tier = |title: &str| json!({ "id": "t", "title": title });
    let content = match scenario {
        "review_invitation" => json!({ "products": [product] }),
        "review_rescue" => json!({ "review": { "rating": 1, "product_title": "Green tea" } }),
        "points_expiring" => json!({ "points": 1, "on": "2026-12-31" }),
        "tier_up" => json!({ "tier": tier("Gold") }),
        "tier_at_risk" => json!({ "tier": tier("Gold"), "lower_tier": tier("Silver"), "on": "2026-12-31" }),
        "order_confirmation" | "shipped" | "delivered" => {
            json!({ "order": { "number": "1042", "placed_on": "2026-11-01" } })
        }
        "care" => json!({ "products": [{ "id": "101", "title": "Green tea" }] }),
        "tips" => json!({ "products": [{ "id": "101", "title": "Green tea", "guides": guides }] }),
        "staff_case" => json!({ "case": { "kind": "something_new", "opened_at": "2026-11-23T09:00:00Z" } }),
        _ => json!({}),
    };
    let links = if scenario == "confirm_subscription" {
        json!({ "action": "https://mail.shop.example/c/t" })
    } else {
        json!({})
    };
    read(json!({
        "scenario": scenario, "step": step, "locale": locale, "shop": { "name": "Leaf", "zone": "UTC" },
        "addressee": {}, "links": links, "content": content,
    }))
}

fn read(letter: Value) -> Letter {
    serde_json::from_value(letter).unwrap()
}
