//! `/u/{token}`: asking does nothing, one click is enough, and a mistake is undone.

use app::links::Purpose;
use serde_json::json;
use tests::{Shop, at};

use crate::{NOW, ada, consent, page_of, proofs, tell_of};

#[tokio::test]
async fn asking_does_nothing_however_often_a_scanner_opens_the_link() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let path = shop.link(Purpose::Unsubscribe, &member).await;
    let rows = shop.rows().await;
    for _ in 0..3 {
        let page = page_of(shop.page(&path).await, 200);
        assert_eq!(page.title(), "Unsubscribe from our emails?");
        assert_eq!(page.attribute("form", "action"), Some(path.clone()));
    }
    shop.call("HEAD", &path, &[], "").await;
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn one_click_of_a_mail_program_withdraws_without_cookie_or_redirect() {
    for (kind, body, source) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click", "one_click"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n",
            "one_click",
        ),
        ("text/plain", "", "unsubscribe_page"),
    ] {
        let shop = Shop::open(NOW).await;
        let member = ada(&shop, "US", "en-US").await;
        let path = shop.link(Purpose::Unsubscribe, &member).await;
        shop.move_clock(at("2026-06-20T12:01:00Z"));
        let answer = shop.call("POST", &path, &[("content-type", kind)], body).await;
        assert_eq!(page_of(answer, 200).title(), "You are unsubscribed");
        assert_eq!(consent(&shop, &member).await["marketing"], "withdrawn", "{kind}");
        let proof = proofs(&shop).await.last().unwrap().clone();
        assert_eq!((&proof["state"], &proof["source"]), (&json!("withdrawn"), &json!(source)), "{kind}");
        assert_eq!(proof["text_version"], json!(null), "who leaves agrees to nothing");
    }
}

#[tokio::test]
async fn twice_is_once_and_a_mistake_is_undone_with_a_proof_of_its_own() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let path = shop.link(Purpose::Unsubscribe, &member).await;
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    let page = page_of(shop.submit(&path, &[("action", "unsubscribe")]).await, 200);
    assert!(page.has("button[name=action][value=subscribe]") && page.text("[role=status]").contains("no more"));
    assert!(page.text("main").contains("you agree again that this shop sends you news"), "{}", page.text("main"));
    let rows = shop.rows().await;
    shop.move_clock(at("2026-06-20T12:02:00Z"));
    page_of(shop.submit(&path, &[("action", "unsubscribe")]).await, 200);
    assert_eq!(shop.rows().await, rows);
    let page = page_of(shop.submit(&path, &[("action", "subscribe")]).await, 200);
    assert_eq!(
        (page.title().as_str(), &consent(&shop, &member).await["marketing"]),
        ("You are subscribed again", &json!("granted"))
    );
    let kept = proofs(&shop).await;
    let told: Vec<_> = kept.iter().map(|proof| (&proof["state"], &proof["source"], &proof["text_version"])).collect();
    let nothing = &json!(null);
    assert_eq!(
        told,
        [
            (&json!("granted"), &json!("api"), nothing),
            (&json!("withdrawn"), &json!("unsubscribe_page"), nothing),
            (&json!("granted"), &json!("unsubscribe_page"), &json!("en-back-2")),
        ]
    );
    assert_eq!(kept[1]["origin_key"], kept[2]["origin_key"]);
    assert!(kept[1]["origin_key"].is_string() && !format!("{:?}", shop.rows().await).contains("203.0.113.7"));
}

#[tokio::test]
async fn every_change_moves_the_account_s_version_so_that_no_mail_is_sent_on_what_was_withdrawn() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let version = async || {
        let rows = shop.rows().await;
        let account = rows.iter().find(|(key, _)| key.ends_with(" / ACCOUNT")).unwrap().1.clone();
        account["version"].as_str().unwrap().parse::<u64>().unwrap()
    };
    let before = version().await;
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    shop.submit(&shop.link(Purpose::Unsubscribe, &member).await, &[("action", "unsubscribe")]).await.is(200);
    assert_eq!(version().await, before + 1);
}

#[tokio::test]
async fn the_merged_leave_as_who_they_are_now_and_of_the_erased_nothing_is_left_to_leave() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let other = shop.post("/v1/members", &json!({"email": "bob@example.com", "locale": "de"}), None).await.is(201);
    let other = other["id"].as_str().unwrap().to_owned();
    let path = shop.link(Purpose::Unsubscribe, &member).await;
    shop.merge(&member, &other).await;
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    assert_eq!(page_of(shop.submit(&path, &[]).await, 200).title(), "Sie sind abgemeldet");
    assert_eq!(consent(&shop, &other).await["marketing"], "withdrawn");
    shop.delete(&format!("/v1/members/{other}")).await.is(204);
    let rows = shop.rows().await;
    assert_eq!(page_of(shop.page(&path).await, 200).title(), "We no longer hold your data");
    assert_eq!(
        page_of(shop.submit(&path, &[("action", "subscribe")]).await, 200).title(),
        "We no longer hold your data"
    );
    assert_eq!(shop.rows().await, rows, "nobody comes back by a link");
}

#[tokio::test]
async fn who_comes_back_where_mail_does_not_arrive_is_told_so() {
    for (kind, said) in [("bounce", "did not reach your address"), ("complaint", "reported as spam")] {
        let shop = Shop::open(NOW).await;
        let member = ada(&shop, "US", "en-US").await;
        let path = shop.link(Purpose::Unsubscribe, &member).await;
        tell_of(&shop, &member, kind).await;
        shop.move_clock(at("2026-06-20T12:01:00Z"));
        shop.submit(&path, &[]).await.is(200);
        shop.move_clock(at("2026-06-20T12:02:00Z"));
        let page = page_of(shop.submit(&path, &[("action", "subscribe")]).await, 200);
        assert!(page.text("[role=status]").contains(said) && !page.text("main").contains("as before"), "{kind}");
        let page = page_of(shop.page(&shop.link(Purpose::Preferences, &member).await).await, 200);
        assert!(page.text("main").contains(said), "{kind}");
    }
}
