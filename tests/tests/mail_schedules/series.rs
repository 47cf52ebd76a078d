//! The greeting in three parts, and what one hears about what has arrived.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    mailing::{NOW, consent, delivered, member, message, shop_with},
    payloads::*,
    shop::{ADMIN, bearer},
};

use crate::{days_after, live_until, sent_to};

fn after_days(steps: &[(&str, i64)]) -> Vec<(String, jiff::Timestamp)> {
    steps.iter().map(|(scenario, days)| ((*scenario).to_owned(), days_after(at(NOW), *days))).collect()
}

#[tokio::test]
async fn who_says_yes_is_greeted_at_once_and_on_the_second_and_fifth_day() {
    let (shop, ses) = shop_with(&["welcome"]).await;
    let id = member(&shop, 1).await;
    live_until(&shop, days_after(at(NOW), 4)).await;
    // saying it again greets nobody again
    consent(&shop, &id, json!({"marketing": "withdrawn"})).await;
    consent(&shop, &id, json!({"marketing": "granted"})).await;
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert_eq!(sent_to(&ses, 1), after_days(&[("welcome_1", 0), ("welcome_2", 2), ("welcome_3", 5)]));
}

#[tokio::test]
async fn an_order_ends_the_greeting() {
    let (shop, ses) = shop_with(&["welcome"]).await;
    let id = member(&shop, 1).await;
    live_until(&shop, days_after(at(NOW), 3)).await;
    let order = paid_order(6_200_000_000_001, &Buyer::with_account(1), shop.now(), &[("9.99", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert_eq!(sent_to(&ses, 1), after_days(&[("welcome_1", 0), ("welcome_2", 2)]));
    let third = message(&shop, &id, "welcome_3").await;
    assert_eq!((&third["state"], &third["reason"]), (&json!("skipped"), &json!("ordered")));
}

/// Somebody who reads that language, to whom what has a guide in it was delivered now.
async fn reader(shop: &Shop, number: u64, locale: &str) {
    let id = member(shop, number).await;
    let body = json!({ "locale": locale }).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(ADMIN).as_header()], body).await.is(200);
    delivered(shop, number, at(NOW)).await;
}

async fn guide(shop: &Shop, guides: &Value) {
    let body = json!({ "guides": guides }).to_string();
    shop.call("PUT", "/v1/products/8410000000000", &[bearer(ADMIN).as_header()], body).await.is(200);
    let mut product = tests::captured("products-create").payload();
    (product["id"], product["title"]) = (json!(8_410_000_000_000_u64), json!("Body oil"));
    shop.send("products/update", &product).await.is(200);
}

#[tokio::test]
async fn care_comes_after_a_week_and_tips_after_a_month_to_who_can_read_a_guide() {
    let (shop, ses) = shop_with(&["care", "tips"]).await;
    let german = "https://shop.example.com/anleitung";
    let guides = json!([{"title": "Anleitung", "url": german, "locale": "de"},
        {"title": "Le guide", "url": "https://shop.example.com/le-guide", "locale": "fr"}]);
    guide(&shop, &guides).await;
    reader(&shop, 1, "de-CH").await;
    reader(&shop, 2, "en-US").await;
    live_until(&shop, days_after(at(NOW), 40)).await;
    assert_eq!(sent_to(&ses, 1), after_days(&[("care_1", 7), ("tips_1", 30)]));
    assert_eq!(sent_to(&ses, 2), after_days(&[("care_1", 7)]), "no guide is in English");
    let tips = ses.taken().into_iter().find(|mail| mail.scenario == "tips_1").unwrap().text();
    assert!(tips.contains(german) && !tips.contains("le-guide"), "{tips}");
    let none = message(&shop, &shop.id_of_customer(customer_id(2)).await, "tips_1").await;
    assert_eq!((&none["state"], &none["reason"]), (&json!("skipped"), &json!("nothing_to_say")));
}
