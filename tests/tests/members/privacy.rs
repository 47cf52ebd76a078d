//! What the law lets customers of a shop demand of it, and what a shop leaves behind.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    payloads::*,
    shop::{DOMAIN, SOURCE},
};

use crate::{NOW, enrol, entries, history, id_of, link, order};

const WORDS: [&str; 3] = ["lovelace", "Lovelace", "1990-12-10"];

fn demand(number: u64) -> Value {
    let address = "ada.lovelace@example.com";
    json!({"shop_id": 68_817_223_905_u64, "shop_domain": DOMAIN,
        "customer": {"id": customer_id(number), "email": address, "phone": "+44 20 7946 0000"}})
}

fn data_request(number: u64, request: u64) -> Value {
    let mut payload = demand(number);
    payload["orders_requested"] = json!([]);
    payload["data_request"] = json!({"id": request});
    payload
}

async fn ada(shop: &Shop) -> Value {
    let body = json!({"email": "ada.lovelace@example.com", "name": "Ada Lovelace", "birthday": "1990-12-10",
        "links": [link(1)]});
    enrol(shop, body).await.1
}

async fn result(shop: &Shop, topic: &str, payload: &Value) -> Value {
    shop.send(topic, payload).await.is(200)["result"].clone()
}

async fn cases(shop: &Shop) -> Vec<(String, Value)> {
    shop.rows().await.into_iter().filter(|(key, _)| key.contains(" / CASE#")).collect()
}

#[tokio::test]
async fn who_demands_to_be_forgotten_is_named_nowhere_and_the_books_still_add_up() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let buyer = Buyer { email: "ada.lovelace@example.com".to_owned(), ..Buyer::with_account(1) };
    let bought = order(1, &buyer);
    shop.send("orders/paid", &bought).await.is(200);
    let named = |rows: &str| WORDS.map(|word| rows.contains(word));
    assert_eq!(named(&format!("{:?}", shop.rows().await)), [true; 3]);
    let mut redact = demand(1);
    redact["orders_to_redact"] = json!([bought["id"]]);
    assert_eq!(result(&shop, "customers/redact", &redact).await, "posted");
    let rows = shop.rows().await;
    assert_eq!(named(&format!("{rows:?}")), [false; 3]);
    assert_eq!(result(&shop, "customers/redact", &redact).await, "ignored");
    assert_eq!(shop.rows().await, rows, "again changes nothing");

    shop.get(&format!("/v1/members/{}", id_of(&member))).await.is_problem(404, "not-found");
    let refunded = refund(&bought, 930_000_000_001, at("2026-06-20T10:00:00Z"), &[(0, 1)]);
    shop.send("orders/updated", &with_refund(bought, &refunded)).await.is(200);
    assert_eq!(history(&shop, &member).await, entries(&[("enrol", 100), ("purchase", 30), ("refund", -30)]));
    assert_eq!(shop.lots(id_of(&member)).await["ledger"], 100);
    assert!(!shop.rows().await.keys().any(|key| key.ends_with(" / PROFILE")), "nobody came back");
}

#[tokio::test]
async fn a_request_for_data_is_one_case_for_thirty_days_however_often_it_is_delivered() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    assert_eq!(result(&shop, "customers/data_request", &data_request(1, 7)).await, "posted");
    let opened = cases(&shop).await;
    let [(_, case)] = &opened[..] else { panic!("{opened:?}") };
    let expected = json!({"kind": "data_request", "member": case["member"], "source": SOURCE, "request": "7",
        "opened_at": NOW, "due_at": "2026-07-20T12:00:00Z"});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&case[name], value, "{name}");
    }
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    assert_eq!(result(&shop, "customers/data_request", &data_request(1, 7)).await, "known");
    assert_eq!(cases(&shop).await, opened);
    let fields: Vec<_> = case.as_object().unwrap().keys().map(String::as_str).collect();
    let place = ["gsi1pk", "gsi1sk", "pk", "sk", "v", "version"];
    let said: Vec<_> = fields.into_iter().filter(|field| !place.contains(field)).collect();
    assert_eq!(said, ["due_at", "id", "kind", "member", "opened_at", "request", "source", "state"]);
    let other = enrol(&shop, json!({"email": "grace@example.com"})).await.1;
    shop.merge(id_of(&member), id_of(&other)).await;
    assert_eq!(result(&shop, "customers/data_request", &data_request(1, 7)).await, "known", "after a merge too");
    assert_eq!(cases(&shop).await.len(), 1);
    assert_eq!(result(&shop, "customers/data_request", &data_request(1, 8)).await, "posted");
    assert_eq!(cases(&shop).await.len(), 2);
}

#[tokio::test]
async fn of_an_unknown_customer_nothing_is_kept() {
    let shop = Shop::open(NOW).await;
    let rows = shop.rows().await;
    assert_eq!(result(&shop, "customers/redact", &demand(9)).await, "ignored");
    assert_eq!(result(&shop, "customers/data_request", &data_request(9, 1)).await, "ignored");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_shop_that_left_is_a_case_of_the_merchant_s_and_erases_nobody_by_itself() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let left = json!({"shop_id": 68_817_223_905_u64, "shop_domain": DOMAIN});
    assert_eq!(result(&shop, "shop/redact", &left).await, "kept");
    let opened = cases(&shop).await;
    let [(key, case)] = &opened[..] else { panic!("{opened:?}") };
    assert!(key.starts_with(&format!("SHOP#{SOURCE} / ")), "{key}");
    assert_eq!((&case["kind"], &case["due_at"]), (&json!("shop_redact"), &json!("2026-07-20T12:00:00Z")));
    shop.move_clock(at("2026-06-22T12:00:00Z"));
    assert_eq!(result(&shop, "shop/redact", &left).await, "known");
    assert_eq!(cases(&shop).await, opened);
    shop.get(&format!("/v1/members/{}", id_of(&member))).await.is(200);
    shop.move_clock(at("2027-06-22T12:00:00Z"));
    assert_eq!(result(&shop, "shop/redact", &left).await, "kept", "it came back, and left again");
    assert_eq!(cases(&shop).await.len(), 1);
}

#[tokio::test]
async fn a_guest_whose_number_nobody_told_is_found_by_the_address() {
    let shop = Shop::open(NOW).await;
    let member = enrol(&shop, json!({"email": "ada.lovelace@example.com", "name": "Ada Lovelace"})).await.1;
    assert_eq!(result(&shop, "customers/data_request", &data_request(7, 1)).await, "posted");
    assert_eq!(cases(&shop).await.len(), 1);
    assert_eq!(result(&shop, "customers/redact", &demand(7)).await, "posted");
    shop.get(&format!("/v1/members/{}", id_of(&member))).await.is_problem(404, "not-found");
    assert!(!format!("{:?}", shop.rows().await).contains("ovelace"));
}
