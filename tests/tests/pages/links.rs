//! A link is good for its purpose and its time, and what is wrong with it is said in the visitor's language.

use app::links::{Link, Purpose};
use rules::ids::MemberId;
use tests::{Fault, Shop, at};

use crate::{NOW, ada, page_of};

const PATHS: &[&str] = &["/u/{token}", "/u/{token}/preferences", "/c/{token}", "/r/{token}"];

#[tokio::test]
async fn a_bad_link_and_one_for_another_purpose_are_not_found_alike_and_reach_no_database() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let confirm = shop.link(Purpose::Confirm, &member).await.replace("/c/", "");
    let unsubscribe = shop.link(Purpose::Unsubscribe, &member).await.replace("/u/", "");
    shop.wire.clear();
    let mut seen = Vec::new();
    for path in PATHS {
        let other = if path.starts_with("/c") { &unsubscribe } else { &confirm };
        for token in ["1", "nonsense", "1AAAA", &"1A".repeat(4_000), other, &format!("{other}A"), "%00", "%F0%9F%92%A9"]
        {
            let path = path.replace("{token}", token);
            for answer in [shop.page(&path).await, shop.submit(&path, &[("marketing", "yes")]).await] {
                let page = page_of(answer, 404);
                assert!(!page.has("form"));
                seen.push(page.source().to_owned());
            }
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "no answer tells one wrong link from another");
    assert_eq!(shop.wire.cost().calls.len(), 0);
}

#[tokio::test]
async fn an_expired_link_says_so_and_what_to_do() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    for (purpose, last) in [
        (Purpose::Unsubscribe, "2029-06-22T12:00:00Z"),
        (Purpose::Preferences, "2029-06-22T12:00:00Z"),
        (Purpose::Confirm, "2026-07-20T12:00:00Z"),
    ] {
        shop.move_clock(at(NOW));
        let path = shop.link(purpose, &member).await;
        shop.move_clock(at(last) - jiff::SignedDuration::from_secs(1));
        page_of(shop.page(&path).await, 200);
        shop.move_clock(at(last));
        for answer in [shop.page(&path).await, shop.submit(&path, &[("marketing", "yes")]).await] {
            let page = page_of(answer, 410);
            assert!(page.text("main").contains("answer the email") && !page.has("form"));
        }
    }
}

#[tokio::test]
async fn pages_speak_the_member_s_language_and_without_one_their_browser_s() {
    let shop = Shop::open(NOW).await;
    for (locale, language, title) in [
        ("de-AT", "de", "Möchten Sie keine E-Mails mehr?"),
        ("en-GB", "en", "Unsubscribe from our emails?"),
        ("es-MX", "es", "¿No quieres más correos?"),
        ("fr", "fr", "Vous ne voulez plus d’e-mails\u{a0}?"),
        ("ja-JP", "ja", "メールの配信を停止しますか"),
        ("zh-Hans-CN", "zh", "不想再收到邮件吗？"),
    ] {
        let body = serde_json::json!({"email": format!("{language}@example.com"), "locale": locale});
        let member = shop.post("/v1/members", &body, None).await.is(201)["id"].as_str().unwrap().to_owned();
        let page = page_of(shop.page(&shop.link(Purpose::Unsubscribe, &member).await).await, 200);
        assert_eq!((page.language().as_str(), page.title().as_str()), (language, title));
        let answer = shop.call("GET", "/u/nothing", &[("accept-language", locale)], "").await;
        assert_eq!(page_of(answer, 404).language(), language);
    }
    let member =
        shop.post("/v1/members", &serde_json::json!({"email": "x@example.com", "locale": "pt-BR"}), None).await;
    let path = shop.link(Purpose::Unsubscribe, member.is(201)["id"].as_str().unwrap()).await;
    let answer = shop.call("GET", &path, &[("accept-language", "pt-BR, fr;q=0.7, en;q=0.3")], "").await;
    assert_eq!(page_of(answer, 200).language(), "fr");
}

#[tokio::test]
async fn a_link_to_nobody_of_ours_names_nobody() {
    let shop = Shop::open(NOW).await;
    let link = Link::new(Purpose::Unsubscribe, MemberId::parse("mem_nobody").unwrap(), shop.now());
    let page = page_of(shop.page(&shop.path_of(&link)).await, 200);
    assert_eq!(page.title(), "We no longer hold your data");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_told_so_on_a_page() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let rows = shop.rows().await;
    let large = "a".repeat(1024 * 1024 + 1);
    for purpose in [Purpose::Unsubscribe, Purpose::Preferences] {
        let path = shop.link(purpose, &member).await;
        let page = page_of(shop.call("POST", &path, &[], &large).await, 413);
        assert_eq!(page.title(), "That was too much at once");
    }
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_page_that_cannot_be_served_now_says_so_and_not_that_nothing_was_changed() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let path = shop.link(Purpose::Unsubscribe, &member).await;
    let rows = shop.rows().await;
    shop.wire.break_calls(Fault::Refused, 0, 1_000);
    let answer = shop.submit(&path, &[]).await;
    assert_eq!(answer.header("retry-after"), Some("1"));
    let page = page_of(answer, 503);
    assert_eq!(page.title(), "That did not work just now");
    assert!(!page.text("main").contains("changed"), "an answer that was lost may have changed something");
    assert_eq!(shop.rows().await, rows);
}
