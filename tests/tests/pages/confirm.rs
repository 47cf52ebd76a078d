//! `/c/{token}`: double opt-in.

use app::links::Purpose;
use serde_json::json;
use tests::{Shop, at};

use crate::{NOW, ada, consent, page_of, proofs};

#[tokio::test]
async fn the_button_confirms_once_with_a_proof_and_the_question_alone_does_not() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "de-AT").await;
    let path = shop.link(Purpose::Confirm, &member).await;
    let rows = shop.rows().await;
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "Möchten Sie unsere E-Mails?");
    assert_eq!(shop.rows().await, rows);
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    assert_eq!(page_of(shop.submit(&path, &[]).await, 200).title(), "Danke, das ist bestätigt");
    assert_eq!(consent(&shop, &member).await["marketing"], "granted");
    let rows = shop.rows().await;
    shop.move_clock(at("2026-06-20T12:02:00Z"));
    page_of(shop.submit(&path, &[]).await, 200);
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "Danke, das ist bestätigt", "it asks nobody twice");
    assert_eq!(shop.rows().await, rows);
    let kept = proofs(&shop).await;
    assert_eq!(kept.len(), 2);
    assert_eq!((&kept[0]["state"], &kept[0]["source"]), (&json!("pending"), &json!("api")));
    let expected = json!({"at": "2026-06-20T12:01:00Z", "state": "granted", "source": "confirmation",
        "text_version": "de-1", "origin_key": kept[1]["origin_key"]});
    assert_eq!(kept[1], expected);
    assert!(kept[1]["origin_key"].is_string());
}

#[tokio::test]
async fn an_old_statement_of_the_storefront_does_not_take_the_confirmation_away() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "de").await;
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    shop.submit(&shop.link(Purpose::Confirm, &member).await, &[]).await.is(200);
    shop.move_clock(at("2026-06-20T12:05:00Z"));
    let path = format!("/v1/members/{member}");
    let bearer = tests::shop::bearer(tests::shop::ADMIN);
    let body = json!({"consent": {"marketing": "granted"}}).to_string();
    shop.call("PATCH", &path, &[bearer.as_header()], body).await.is(200);
    assert_eq!(consent(&shop, &member).await["marketing"], "granted");
}

#[tokio::test]
async fn who_said_no_since_is_asked_as_before() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "en").await;
    let path = shop.link(Purpose::Confirm, &member).await;
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    shop.submit(&shop.link(Purpose::Unsubscribe, &member).await, &[]).await.is(200);
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "Do you want our mail?");
    assert_eq!(consent(&shop, &member).await["marketing"], "withdrawn");
}

#[tokio::test]
async fn a_link_from_a_mailbox_that_is_theirs_no_longer_takes_back_and_grants_nothing() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "en").await;
    let old = |purpose| shop.link_to(purpose, &member, "ada@example.com");
    let (confirm, unsubscribe, preferences) =
        (old(Purpose::Confirm), old(Purpose::Unsubscribe), old(Purpose::Preferences));
    let bearer = tests::shop::bearer(tests::shop::ADMIN);
    let body = json!({"email": "eve@example.com", "consent": {"topics": {"offers": false}}}).to_string();
    shop.call("PATCH", &format!("/v1/members/{member}"), &[bearer.as_header()], body).await.is(200);
    let rows = shop.rows().await;
    let granting: [(&str, &[(&str, &str)]); 3] = [
        (&confirm, &[]),
        (&unsubscribe, &[("action", "subscribe")]),
        (&preferences, &[("marketing", "yes"), ("offers", "on")]),
    ];
    for (path, fields) in granting {
        let page = page_of(shop.submit(path, fields).await, 410);
        assert!(page.text("main").contains("Use the link of a newer mail"));
    }
    page_of(shop.page(&confirm).await, 410);
    assert_eq!(shop.rows().await, rows);
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    shop.submit(&shop.link(Purpose::Confirm, &member).await, &[]).await.is(200);
    assert_eq!(consent(&shop, &member).await["marketing"], "granted", "the new mailbox says so itself");
    shop.move_clock(at("2026-06-20T12:02:00Z"));
    page_of(shop.submit(&preferences, &[("marketing", "no"), ("offers", "on")]).await, 200);
    let left = consent(&shop, &member).await;
    assert_eq!((&left["marketing"], &left["topics"]["offers"]), (&json!("withdrawn"), &json!(false)));
}
