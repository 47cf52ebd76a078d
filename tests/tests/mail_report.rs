//! `GET /v1/reports/scenarios`: what became of mail.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{Shop, at, post};

async fn report(shop: &Shop, query: &str) -> Value {
    shop.get(&format!("/v1/reports/scenarios{query}")).await.is(200)
}

#[tokio::test]
async fn what_was_not_sent_is_counted_by_its_reason_on_its_day() {
    let shop = Shop::open("2026-06-18T10:00:00Z").await;
    assert_eq!(report(&shop, "").await["scenarios"], json!([]));
    let member = shop.post("/v1/members", &json!({"email": "a@example.com"}), None).await.is(201);
    let id = member["id"].as_str().unwrap();
    for step in [1, 2] {
        post::plan(&shop, "mail", id, ("welcome", step, "")).await;
    }
    web::schedules::lifecycle(&shop.state, app::Deadline::NONE).await.unwrap();
    let counted = report(&shop, "?from=2026-06-18&to=2026-06-18").await;
    assert_eq!(counted["scenarios"][0]["scenario"], "welcome_1");
    assert_eq!(counted["scenarios"][1]["skipped"], json!({"no_sender": 1}));
    assert_eq!((&counted["complete"], &counted["marketing_stopped_at"]), (&json!(true), &Value::Null));
    assert_eq!(report(&shop, "?from=2026-06-17&to=2026-06-17").await["scenarios"], json!([]));
    shop.move_clock(at("2026-08-18T10:00:00Z"));
    assert_eq!(report(&shop, "").await["scenarios"], json!([]));
    assert_eq!(report(&shop, "?from=2026-06-01").await["scenarios"][0]["skipped"], json!({"no_sender": 1}));
}

#[tokio::test]
async fn days_that_cannot_be_reported_are_refused_by_their_name() {
    let shop = Shop::open("2026-06-18T10:00:00Z").await;
    for (query, field) in [
        ("?from=yesterday", "from"),
        ("?to=2026-13-01", "to"),
        ("?from=2026-06-18&to=2026-06-17", "to"),
        ("?from=2026-01-01&to=2026-12-31", "to"),
        ("?since=2026-01-01", "since"),
    ] {
        let answer = shop.get(&format!("/v1/reports/scenarios{query}")).await;
        assert_eq!(answer.is(400)["errors"][0]["pointer"], field, "{query}");
    }
}
