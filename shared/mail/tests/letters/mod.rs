//! Letters as the shop would write them, full and sparse.

use mail::{letter::Letter, locale::Locale, sample};
use serde_json::{Value, json};

/// Every scenario with the number of its steps.
pub(crate) fn scenarios() -> impl Iterator<Item = (&'static str, u8)> {
    rules::scenarios::ALL.iter().map(|scenario| (scenario.name, scenario.steps))
}

/// Every scenario, step and locale.
#[allow(dead_code, reason = "not every test needs all of them")]
pub(crate) fn all() -> impl Iterator<Item = (&'static str, u8, Locale)> {
    let steps = scenarios().flat_map(|(scenario, steps)| (1..=steps).map(move |step| (scenario, step)));
    steps.flat_map(|(scenario, step)| Locale::ALL.map(|locale| (scenario, step, locale)))
}

/// With `text` in every field that somebody else wrote.
pub(crate) fn full(scenario: &str, step: u8, locale: Locale, text: &dyn Fn(&str) -> String) -> Letter {
    sample::letter(scenario, step, locale, text).unwrap()
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
        "staff_case" => {
            json!({ "case": { "id": "case_1", "kind": "something_new", "opened_at": "2026-11-23T09:00:00Z" } })
        }
        _ => json!({}),
    };
    let links = if scenario == "confirm_subscription" {
        json!({ "confirm": "https://mail.shop.example/c/t" })
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
