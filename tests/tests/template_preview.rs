//! A mail can be looked at before anybody gets it.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{Shop, shop::STOREFRONT};

const ROUTE: &str = "/v1/program/templates/preview";

async fn shop() -> Shop {
    Shop::open("2026-06-18T10:00:00Z").await
}

async fn preview(shop: &Shop, asked: &Value) -> Value {
    shop.post(ROUTE, asked, None).await.is(200)
}

/// The one field that is refused, and why.
async fn refused(shop: &Shop, asked: &Value) -> (String, String) {
    let problem = shop.post(ROUTE, asked, None).await.is(400);
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1, "{problem}");
    let said = |field: &str| problem["errors"][0][field].as_str().unwrap().to_owned();
    (said("pointer"), said("reason"))
}

#[tokio::test]
async fn every_mail_is_shown_in_the_shops_own_dress() {
    let shop = shop().await;
    let in_force = shop.get("/v1/program").await;
    let etag = in_force.header("etag").unwrap().to_owned();
    let mut program = in_force.is(200);
    program["mail"]["locale"] = json!("de-AT");
    program["mail"]["shop"] = json!({
        "name": "Marlow & Fern", "url": "https://marlow.example/", "accent_color": "#8a1f4c",
        "postal_address": "Marlow & Fern Ltd, 1 Quay Street, Cork",
    });
    shop.put_program(&program, Some(&etag)).await.is(200);
    for scenario in rules::scenarios::ALL {
        for step in 1..=scenario.steps {
            let mail = preview(&shop, &json!({"scenario": scenario.name, "step": step})).await;
            let [subject, html, text] = ["subject", "html", "text"].map(|part| mail[part].as_str().unwrap());
            assert!(!subject.is_empty(), "{} {step}", scenario.name);
            assert!(html.contains(r#"lang="de""#) && html.contains("Marlow &amp; Fern"), "{} {step}", scenario.name);
            assert!(html.contains("Quay Street") && text.contains("Marlow & Fern"), "{} {step}", scenario.name);
            assert!(!html.contains("Leaf") && !text.contains("Leaf"), "{} {step}", scenario.name);
        }
    }
    let mail = preview(&shop, &json!({"scenario": "welcome", "locale": "fr-CA"})).await;
    let html = mail["html"].as_str().unwrap();
    assert!(html.contains(r#"lang="fr""#) && html.contains("#8a1f4c"));
}

#[tokio::test]
async fn what_needs_no_consent_has_nothing_to_unsubscribe_from() {
    let shop = shop().await;
    for (scenario, can_be_ended) in [("shipped", false), ("staff_case", false), ("care", true)] {
        let mail = preview(&shop, &json!({"scenario": scenario})).await;
        assert_eq!(mail["html"].as_str().unwrap().contains("/u/token"), can_be_ended, "{scenario}");
    }
}

#[tokio::test]
async fn nothing_is_shown_that_no_such_mail_has() {
    let shop = shop().await;
    for scenario in rules::scenarios::ALL {
        for step in 1..=scenario.steps {
            let mail = preview(&shop, &json!({"scenario": scenario.name, "step": step})).await;
            let text = mail["text"].as_str().unwrap();
            assert!(!text.contains("THANKS-5") && !text.contains("1,240.98"), "{}: {text}", scenario.name);
            let is_welcome = scenario.name == "welcome";
            assert!(!is_welcome || !(text.contains("Green tea") || text.contains("102 points")), "{text}");
        }
    }
}

#[tokio::test]
async fn a_draft_is_shown_and_not_kept() {
    let shop = shop().await;
    let asked = json!({"scenario": "care"});
    let before = preview(&shop, &asked).await;
    shop.wire.clear();
    let draft = json!({
        "scenario": "care", "subject": "{{ addressee.name }}, hello\nthere",
        "html": "<p>{{ shop.name }} & {{ products[0].title }}</p>", "text": "{{ 6 * 7 }}",
    });
    let mail = preview(&shop, &draft).await;
    assert_eq!(mail["subject"], "Mia Wong, hello there");
    assert_eq!(mail["html"], "<p>Leaf &amp; Pot & Green tea, 100 g</p>\n");
    assert_eq!(mail["text"], "42\n");
    assert!(!shop.wire.calls().iter().any(|call| call.writes()), "a preview wrote");
    assert_eq!(preview(&shop, &asked).await, before);
}

#[tokio::test]
async fn a_bad_request_names_the_field_and_a_bad_template_its_line() {
    let shop = shop().await;
    for (asked, pointer, reason) in [
        (json!({}), "/scenario", "is missing"),
        (json!({"scenario": "../welcome"}), "/scenario", "must be one of"),
        (json!({"scenario": "welcome", "step": 0}), "/step", "must be 1 to 3"),
        (json!({"scenario": "welcome", "step": 4}), "/step", "must be 1 to 3"),
        (json!({"scenario": "welcome", "step": 300}), "/step", "invalid value"),
        (json!({"scenario": "welcome", "locale": "tlh"}), "/locale", "must be a language"),
        (json!({"scenario": "welcome", "to": "a@b.example"}), "/to", "unknown field"),
        (json!({"scenario": "welcome", "subject": "{{ shop.nme }}"}), "/subject", "line 1: undefined value"),
        (json!({"scenario": "welcome", "html": "<p>\n{% if %}"}), "/html", "line 2: syntax error"),
        (json!({"scenario": "welcome", "text": "{% include '/etc/passwd' %}"}), "/text", "line 1: template not found"),
        (
            json!({"scenario": "welcome", "text": "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"}),
            "/text",
            "line 1: engine ran out of fuel",
        ),
    ] {
        let (named, said) = refused(&shop, &asked).await;
        assert_eq!(named, pointer, "{asked}: {said}");
        assert!(said.contains(reason), "{asked}: {said}");
    }
}

#[tokio::test]
async fn a_storefront_does_not_look_at_templates() {
    let shop = shop().await;
    shop.post_as(STOREFRONT, ROUTE, &json!({"scenario": "welcome"}), None).await.is(403);
}
