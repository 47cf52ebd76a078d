//! 500 hostile strings, from the payload or the request that brings them to the mail and the page that show them.
#![cfg(test)]

mod addresses;
mod buyers;
#[path = "../../../shared/mail/tests/letters/hostile_strings.rs"]
mod hostile_strings;
mod letters;
mod payloads;
mod requests;
mod sizes;
mod surrogates;
mod telling;
mod walk;

use serde_json::json;
use tests::{Ses, Shop};

const NOW: &str = "2026-06-10T14:00:00Z";

/// A shop that sends all that it can, within hours: what no hour passes through costs a test nothing.
async fn open() -> (Shop, Ses) {
    let (shop, ses) = Shop::open_with_mail(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["mail"]["sender"]["reply_to"] = json!("help@shop.example");
    program["mail"]["caps"] = json!({"hours_between": 0, "per_7_days": 50});
    program["mail"]["quiet_hours"] = json!({"from": "03:00:00", "to": "03:00:00"});
    program["mail"]["transit_days"] = json!(0);
    let scenarios = program["mail"]["scenarios"].as_object_mut().unwrap();
    for settings in scenarios.values_mut() {
        settings["on"] = json!(true);
    }
    for (name, steps) in [
        ("review_invitation", vec!["PT1H"]),
        ("review_rescue", vec!["P0D", "PT1H"]),
        ("care", vec!["PT2H"]),
        ("tips", vec!["PT3H"]),
    ] {
        scenarios[name]["steps"] = json!(steps);
    }
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    (shop, ses)
}
