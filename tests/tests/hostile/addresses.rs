//! Addresses that want to be more than one mailbox, or another's.

use app::Deadline;
use form_urlencoded::byte_serialize;
use serde_json::{Value, json};
use tests::{
    Buyer, Shop,
    mailing::message,
    payloads::{customer, customer_id},
    shop::SOURCE,
};
use web::schedules;

use crate::{open, telling::refused};

/// None of them is an address.
const REFUSED: [&str; 21] = [
    "mia&amp;@example.com",
    "mia@example.com\r\nBcc: evil@evil.example",
    "mia\r\n@example.com",
    "mia@example.com, evil@evil.example",
    "mia@example.com;evil@evil.example",
    "evil@evil.example mia@example.com",
    "Mia <mia@example.com>",
    "<mia@example.com>",
    "mia@example.com>",
    "mia(evil@evil.example)@example.com",
    "mia@example.com(comment)",
    "\"mia\"@example.com",
    "\"mia@evil.example\"@example.com",
    "mia@[127.0.0.1]",
    "@evil.example:mia@example.com",
    "mia\u{0}@example.com",
    "mia@example.com\u{2028}x",
    "mia\u{85}@example.com",
    "mia@example.com?bcc=evil@evil.example",
    "mia\\@example.com",
    "javascript:alert(1)//@example.com",
];
/// Some programs would read another address: it is written down, and never to.
const DECODED: [&str; 2] =
    ["=?utf-8?q?evil=40evil.example?=@example.com", "=?utf-8?b?zxzpbebldmlslmv4yw1wbgu=?=@example.com"];
/// Odd, but a server may have them.
const TAKEN: [&str; 11] = [
    "mia%evil.example@example.com",
    "mia!evil.example@example.com",
    "mia?bcc=evil@example.com",
    "mia'onmouseover='alert`1`@example.com",
    "{{7919*6841}}@example.com",
    "{%include@example.com",
    "|mia@example.com",
    "-mia@example.com",
    ".mia@example.com",
    "mia..x@example.com",
    "mia%0d%0abcc=x@example.com",
];
/// Each looks like `mike@example.com`, or becomes it for who folds letters.
const LOOKALIKES: [&str; 12] = [
    "mi\u{212a}e@example.com",
    "MI\u{212a}E@EXAMPLE.COM",
    "m\u{456}ke@example.com",
    "m\u{131}ke@example.com",
    "M\u{130}KE@example.com",
    "\u{ff4d}ike@example.com",
    "mike\u{200b}@example.com",
    "mike\u{ad}@example.com",
    "\u{202e}mike@example.com",
    "mike@ex\u{430}mple.com",
    "mike@example.\u{441}om",
    "mike@exa\u{ff4d}ple.com",
];

async fn enrolled(shop: &Shop, address: &str) -> String {
    let body = json!({"email": address, "country": "US", "time_zone": "America/New_York",
        "consent": {"marketing": "granted"}});
    shop.post("/v1/members", &body, None).await.is(201)["id"].as_str().unwrap().to_owned()
}

/// Who the storefront says has that address, and has verified it; nobody, where it is none.
async fn told_by_shopify(shop: &Shop, number: u64, address: &str) -> Value {
    let mut told = customer(&Buyer::with_account(number), shop.now());
    told["email"] = json!(address);
    shop.send("customers/create", &told).await.is(200);
    let path = format!("/v1/members?source={SOURCE}&customer_id={}", customer_id(number));
    shop.get(&path).await.is(200)["members"][0].clone()
}

#[tokio::test]
async fn what_is_more_than_an_address_is_refused_by_its_field_and_by_a_storefront_taken_for_none() {
    let (shop, _) = open().await;
    for (number, address) in (1..).zip(REFUSED) {
        let body = json!({"email": address});
        assert_eq!(refused(shop.post("/v1/members", &body, None).await), ["/email"], "{address:?}");
        let member = told_by_shopify(&shop, number, address).await;
        assert_eq!(member["email"], Value::Null, "{address:?}");
    }
}

#[tokio::test]
async fn an_odd_address_gets_its_mail_alone_and_where_it_is_written() {
    let (shop, ses) = open().await;
    let mut never = Vec::new();
    for address in DECODED {
        never.push(enrolled(&shop, address).await);
    }
    for address in TAKEN {
        enrolled(&shop, address).await;
    }
    schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
    let mut taken: Vec<String> = ses.taken().into_iter().map(|mail| mail.to).collect();
    taken.sort();
    let mut expected = TAKEN.map(str::to_owned);
    expected.sort();
    assert_eq!(taken, expected);
    for member in never {
        let welcome = message(&shop, &member, "welcome_1").await;
        assert_eq!((&welcome["state"], welcome["reason"].is_string()), (&json!("skipped"), true), "{welcome}");
    }
}

#[tokio::test]
async fn who_looks_like_somebody_is_not_them_and_gets_none_of_their_mail() {
    let (shop, ses) = open().await;
    let mike = enrolled(&shop, "mike@example.com").await;
    for (number, address) in (1..).zip(LOOKALIKES) {
        assert_ne!(told_by_shopify(&shop, number, address).await["id"], mike, "{address:?}");
        let address: String = byte_serialize(address.as_bytes()).collect();
        let found = shop.get(&format!("/v1/members?email={address}")).await;
        assert!(found.status == 400 || found.is(200)["members"][0]["id"] != mike, "{address}");
    }
    schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
    let taken: Vec<String> = ses.taken().into_iter().map(|mail| mail.to).collect();
    assert_eq!(taken, ["mike@example.com"]);
}
