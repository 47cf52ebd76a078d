//! `/c/{token}`: double opt-in.

use app::links::Purpose;
use serde_json::json;
use tests::{Shop, at};

use crate::{NOW, ada, consent, name_the_shop, page_of, proofs, tell_of};

#[tokio::test]
async fn the_button_confirms_once_with_a_proof_and_the_question_alone_does_not() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "de-AT").await;
    let path = shop.link(Purpose::Confirm, &member).await;
    let rows = shop.rows().await;
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "Darf dieser Shop Ihnen E-Mails schicken?");
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
        "text_version": "de-confirm-2", "origin_key": kept[1]["origin_key"]});
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
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "Do you want emails from this shop?");
    assert_eq!(consent(&shop, &member).await["marketing"], "withdrawn");
}

#[tokio::test]
async fn the_page_says_who_asks_and_leads_to_what_they_tell_of_privacy() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "de-AT").await;
    name_the_shop(&shop).await;
    let page = page_of(shop.page(&shop.link(Purpose::Confirm, &member).await).await, 200);
    assert_eq!(page.title(), "Darf Kräuter & Öl Ihnen E-Mails schicken?");
    assert!(
        page.text("main").contains("willigen Sie ein, dass Kräuter & Öl Ihnen Neuigkeiten"),
        "{}",
        page.text("main")
    );
    for purpose in [Purpose::Confirm, Purpose::Preferences, Purpose::Unsubscribe] {
        let page = page_of(shop.page(&shop.link(purpose, &member).await).await, 200);
        assert_eq!(page.attribute("footer a", "href").as_deref(), Some("https://shop.example/privacy"));
        assert_eq!(page.text("p.shop"), "Kräuter & Öl");
    }
    let preferences = page_of(shop.page(&shop.link(Purpose::Preferences, &member).await).await, 200);
    assert!(preferences.text("main").contains("willigen Sie ein, dass Kräuter & Öl"), "{}", preferences.text("main"));
}

#[tokio::test]
async fn a_confirmation_from_the_mailbox_ends_what_bounces_and_complaints_said_of_it() {
    for kind in ["bounce", "complaint"] {
        let shop = Shop::open(NOW).await;
        let member = ada(&shop, "US", "en-US").await;
        let path = shop.link(Purpose::Confirm, &member).await;
        assert_eq!(page_of(shop.page(&path).await, 200).title(), "Thank you, that is confirmed");
        tell_of(&shop, &member, kind).await;
        assert!(page_of(shop.page(&path).await, 200).has("form"), "{kind}: there is something to confirm again");
        shop.move_clock(at("2026-06-20T12:01:00Z"));
        page_of(shop.submit(&path, &[]).await, 200);
        assert!(!page_of(shop.page(&path).await, 200).has("form"), "{kind}");
        let rows = shop.rows().await;
        let suppressed = rows.iter().find(|(key, _)| key.starts_with("REF#suppressed#")).unwrap().1;
        assert!(suppressed["bounced_at"].is_null() && suppressed["complained_at"].is_null(), "{suppressed}");
    }
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
        assert!(page.text("main").contains("Use the link of a newer email"));
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
