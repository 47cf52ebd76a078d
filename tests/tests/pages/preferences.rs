//! `/u/{token}/preferences`: which mail, topic by topic.

use app::links::Purpose;
use serde_json::json;
use tests::{Shop, at};

use crate::{NOW, ada, consent, page_of, proofs};

#[tokio::test]
async fn the_form_shows_what_is_so_and_saves_what_is_chosen() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    for purpose in [Purpose::Preferences, Purpose::Unsubscribe] {
        let path = shop.link(purpose, &member).await;
        let path = if path.ends_with("/preferences") { path } else { format!("{path}/preferences") };
        let page = page_of(shop.page(&path).await, 200);
        assert!(page.has("input#yes[checked]") && !page.has("input#no[checked]"));
        assert_eq!(page.all("input[type=checkbox]").len(), 4);
        shop.move_clock(shop.now() + jiff::SignedDuration::from_mins(1));
        let fields = [("marketing", "yes"), ("reviews", "on"), ("loyalty", "on"), ("spam", "on")];
        let page = page_of(shop.submit(&path, &fields).await, 200);
        assert_eq!(page.text("[role=status]"), "Saved");
        let topics = json!({"reviews": true, "replenishment": false, "loyalty": true, "offers": false});
        assert_eq!(consent(&shop, &member).await["topics"], topics);
        let on: Vec<_> =
            page.all("input[type=checkbox][checked]").iter().map(|one| one.value().attr("name").unwrap()).collect();
        assert_eq!(on, ["reviews", "loyalty"]);
    }
    let kept = proofs(&shop).await;
    assert_eq!(kept.len(), 2, "saved twice, said once");
    assert_eq!(
        (&kept[1]["source"], &kept[1]["topics"]),
        (&json!("preferences_page"), &json!({"offers": false, "replenishment": false}))
    );
}

#[tokio::test]
async fn no_withdraws_all_and_yes_grants_again() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "DE", "de-DE").await;
    assert_eq!(consent(&shop, &member).await["marketing"], "pending");
    let path = shop.link(Purpose::Preferences, &member).await;
    assert!(!page_of(shop.page(&path).await, 200).has("input[type=radio][checked]"), "they have decided nothing");
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    page_of(shop.submit(&path, &[("marketing", "no"), ("offers", "on")]).await, 200);
    assert_eq!(consent(&shop, &member).await["marketing"], "withdrawn");
    shop.move_clock(at("2026-06-20T12:02:00Z"));
    let page = page_of(shop.submit(&path, &[("marketing", "yes"), ("offers", "on")]).await, 200);
    assert_eq!(page.text("[role=status]"), "Gespeichert");
    assert_eq!(consent(&shop, &member).await["marketing"], "granted", "who has the mailbox has confirmed it");
    let kept = proofs(&shop).await;
    let versions: Vec<_> = kept.iter().map(|proof| (&proof["state"], &proof["text_version"])).collect();
    let (withdrawn, granted) = ((&json!("withdrawn"), &json!(null)), (&json!("granted"), &json!("de-preferences-1")));
    assert_eq!(versions[1..], [withdrawn, granted], "{kept:?}");
}

#[tokio::test]
async fn who_chooses_neither_is_asked_again_and_keeps_what_they_chose() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop, "US", "en-US").await;
    let path = shop.link(Purpose::Preferences, &member).await;
    let rows = shop.rows().await;
    for fields in [vec![("offers", "on")], vec![("marketing", "maybe"), ("offers", "on")]] {
        let page = page_of(shop.submit(&path, &fields).await, 400);
        assert!(page.has("[role=alert] a[href=\"#yes\"]") && page.has("fieldset[aria-describedby=undecided]"));
        assert!(page.has("input[name=offers][checked]") && !page.has("input[name=reviews][checked]"));
    }
    assert_eq!(shop.rows().await, rows);
}
