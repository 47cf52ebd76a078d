//! What the reader of a mail sees in it: true on the day on which it comes, and the same as on the page behind it.

use jiff::Timestamp;
use mail_parser::MessageParser;
use serde_json::json;
use tests::{
    Buyer, Shop, at, captured,
    payloads::*,
    ses::Taken,
    shop::{ADMIN, bearer},
};

use crate::{changed, consent, delivered, four_days_ago, lifecycle, member, reviews, shop_with, wait};

/// Nothing that the lifecycle serves was due before that moment.
async fn nothing_before(shop: &Shop, moment: Timestamp) {
    for queue in ["account", "mail", "quarantine", "transactional", "webhook"] {
        shop.state.app.store.move_cursor(queue, moment).await.unwrap();
    }
}

async fn at_last(shop: &Shop, moment: Timestamp) {
    shop.move_clock(moment);
    lifecycle(shop).await;
    wait(shop, 1);
    lifecycle(shop).await;
}

fn page(mail: &Taken) -> String {
    MessageParser::default().parse(&mail.raw).unwrap().body_html(0).unwrap().into_owned()
}

fn subject(mail: &Taken) -> String {
    MessageParser::default().parse(&mail.raw).unwrap().subject().unwrap().to_owned()
}

#[tokio::test]
async fn points_that_expire_today_are_not_said_to_expire_tomorrow() {
    let (shop, ses) = shop_with(&["points_expiring"]).await;
    changed(&shop, |program| {
        program["mail"]["scenarios"]["points_expiring"]["steps"] = json!(["-P30D", "-P1D"]);
        program["expiry"] = json!({"months": 1, "round": "none"});
        program["pending"] = json!({"after_delivery_days": 14, "after_payment_days": 20});
    })
    .await;
    let id = member(&shop, 1).await;
    let expires = shop.member(&id).await["points"]["expiring_next"]["on"].as_str().unwrap().to_owned();
    assert_eq!(expires, "2026-07-20");
    // it is due at nine the day before, and waits in the night for the morning of the last day
    nothing_before(&shop, at("2026-07-19T08:00:00Z")).await;
    at_last(&shop, at("2026-07-19T22:00:00Z")).await;
    assert_eq!(ses.taken().len(), 0);
    at_last(&shop, at("2026-07-20T08:01:00Z")).await;
    let [mail] = &ses.taken()[..] else { panic!("{}", ses.taken().len()) };
    assert_eq!(subject(mail), "Last day today: 100 points");
    assert!(mail.text().contains("\r\nhttps://shop.regulars.example/account\r\n"), "{}", mail.text());
}

#[tokio::test]
async fn who_only_bought_is_told_why_they_are_written_to_when_their_parcel_came_and_where_to_answer() {
    let (shop, ses) = shop_with(&["care"]).await;
    changed(&shop, |program| {
        program["mail"]["soft_opt_in"] = json!(["US"]);
        program["mail"]["sender"]["reply_to"] = json!("help@regulars.example");
    })
    .await;
    let body = json!({"email": email(1), "country": "US", "time_zone": "Pacific/Honolulu"});
    shop.post("/v1/members", &body, None).await.is(201);
    // the evening before, where they are
    delivered(&shop, 1, at("2026-06-21T02:00:00Z")).await;
    // a week and a day later
    nothing_before(&shop, at("2026-06-28T01:00:00Z")).await;
    at_last(&shop, at("2026-06-29T20:00:00Z")).await;
    let [mail] = &ses.taken()[..] else { panic!("{}", ses.taken().len()) };
    let text = mail.text();
    assert!(text.contains("Your parcel arrived on June 20, 2026."), "{text}");
    assert!(text.contains("because you bought from Regulars Local Shop and have not objected"), "{text}");
    assert!(text.contains("Ask us something: help@regulars.example"), "{text}");
    assert!(
        page(mail).contains("href=\"mailto:help@regulars.example?subject=Re%3A%20Is%20everything"),
        "{}",
        page(mail)
    );
}

#[tokio::test]
async fn a_mail_to_unsubscribe_brings_its_keeper_the_link_that_does_it() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, four_days_ago()).await;
    wait(&shop, 10);
    reviews(&shop).await;
    let places = ses.taken()[0].header("List-Unsubscribe").unwrap();
    let (_, mail) = places.split_once("<mailto:shop@regulars.example?subject=unsubscribe&body=").unwrap();
    let link = mail.strip_suffix('>').unwrap().replace("%3A", ":").replace("%2F", "/");
    let path = &link[link.find("/u/").unwrap()..];
    assert!(shop.submit(path, &[]).await.status < 400, "{path}");
    assert_eq!(shop.member(&id).await["consent"]["marketing"], "withdrawn");
}

#[tokio::test]
async fn the_stars_of_a_mail_are_called_as_on_the_page_that_they_lead_to() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    for (number, locale) in (1..).zip(["en", "de", "fr", "es", "ja", "zh"]) {
        let id = member(&shop, number).await;
        let language = json!({ "locale": locale }).to_string();
        shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(ADMIN).as_header()], language).await.is(200);
        consent(&shop, &id, json!({"marketing": "granted"})).await;
        delivered(&shop, number, four_days_ago()).await;
        wait(&shop, 10);
        reviews(&shop).await;
        let mail = ses.taken().into_iter().find(|mail| mail.to == email(number)).unwrap();
        let html = page(&mail);
        let names: Vec<&str> =
            html.split("aria-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(names.len(), 5, "{locale}");
        let blank = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ");
        let behind = blank(&shop.get(&mail.link("/r/").unwrap()).await.body.to_string());
        for name in names {
            assert!(behind.contains(&blank(name)), "{locale}: {name}");
        }
    }
}

#[tokio::test]
async fn a_receipt_lists_all_that_was_bought_or_nothing() {
    for (known, by_hand) in [(1, false), (2, false), (2, true)] {
        let (shop, ses) = shop_with(&["order_confirmation"]).await;
        member(&shop, 1).await;
        let all = [(8_410_000_000_000_u64, "Body oil"), (8_410_000_000_001, "Hand soap")];
        for (number, title) in &all[..known] {
            let mut product = captured("products-create").payload();
            (product["id"], product["title"]) = (json!(number), json!(title));
            shop.send("products/update", &product).await.is(200);
        }
        let lines = [("19.99", 2), ("5.00", 1), ("3.00", 1)];
        let lines = if by_hand { &lines[..] } else { &lines[..2] };
        let mut order = paid_order(6_120_000_000_902, &Buyer::with_account(1), shop.now(), lines);
        if by_hand {
            order["line_items"][2]["product_id"] = json!(null);
        }
        shop.send("orders/paid", &order).await.is(200);
        lifecycle(&shop).await;
        let text = ses.taken()[0].text();
        let listed = all.iter().filter(|(_, title)| text.contains(title)).count();
        assert_eq!(listed, if known == 2 && !by_hand { 2 } else { 0 }, "{text}");
    }
}
