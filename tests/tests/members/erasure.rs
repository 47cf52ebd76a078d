//! Who was erased: nothing names them, and the books still add up.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    payloads::*,
    shop::{STOREFRONT, bearer},
};

use crate::{NOW, enrol, entries, history, id_of, link, order};

async fn erase(shop: &Shop, id: &str) {
    shop.delete(&format!("/v1/members/{id}")).await.is(204);
}

async fn members(shop: &Shop) -> usize {
    shop.rows().await.keys().filter(|key| key.ends_with(" / PROFILE")).count()
}

/// A member of whom a good deal is known, with an order.
async fn ada(shop: &Shop) -> (Buyer, Value) {
    let buyer = Buyer::with_account(1);
    let body = json!({"email": buyer.email, "name": "Ada Lovelace King", "birthday": "1990-12-10", "country": "GB",
        "links": [link(1)]});
    enrol(shop, body).await;
    shop.send("orders/paid", &order(1, &buyer)).await.is(200);
    let member = shop.find(&buyer.email).await.unwrap();
    (buyer, member)
}

#[tokio::test]
async fn nothing_in_the_table_names_who_was_erased() {
    let shop = Shop::open(NOW).await;
    let (buyer, member) = ada(&shop).await;
    let named = |rows: &str| [buyer.email.as_str(), "Lovelace", "1990-12-10"].map(|word| rows.contains(word));
    assert_eq!(named(&format!("{:?}", shop.rows().await)), [true; 3]);
    erase(&shop, id_of(&member)).await;
    let rows = shop.rows().await;
    assert_eq!(named(&format!("{rows:?}")), [false; 3]);
    assert!(rows.iter().filter(|(key, _)| key.starts_with("REF#")).all(|(_, row)| row.get("member").is_none()));
    erase(&shop, id_of(&member)).await;
    assert_eq!(shop.rows().await, rows, "again changes nothing");
    shop.delete("/v1/members/mem_nobody").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn the_ledger_stays_for_the_merchant_alone_and_nobody_spends_the_points() {
    let shop = Shop::open(NOW).await;
    let (buyer, member) = ada(&shop).await;
    let (id, ledger, lots) = (id_of(&member), shop.ledger(id_of(&member)).await, shop.lots(id_of(&member)).await);
    erase(&shop, id).await;
    shop.get(&format!("/v1/members/{id}")).await.is_problem(404, "not-found");
    assert_eq!(shop.find(&buyer.email).await, None);
    assert_eq!((shop.ledger(id).await, shop.lots(id).await), (ledger, lots));
    let entry = format!("/v1/members/{id}/ledger/led_000000000001/explain");
    shop.get(&entry).await.is(200);
    for path in [format!("/v1/members/{id}/ledger"), format!("/v1/members/{id}/lots"), entry] {
        let answer = shop.call("GET", &path, &[bearer(STOREFRONT).as_header()], "").await;
        answer.is_problem(404, "not-found");
    }
    let adjustment = json!({"points": 5, "reason": "sorry"});
    shop.post(&format!("/v1/members/{id}/adjustments"), &adjustment, Some("k-1")).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn later_events_of_their_orders_post_to_who_was_erased_and_create_nobody() {
    for buyer in [Buyer::with_account(1), Buyer::without_account(1), Buyer::guest(1)] {
        let shop = Shop::open(NOW).await;
        let bought = order(1, &buyer);
        shop.send("orders/paid", &bought).await.is(200);
        let member = shop.find(&buyer.email).await.unwrap();
        erase(&shop, id_of(&member)).await;
        let delivered = delivery(&bought, 5_440_000_000_001, at("2026-06-19T12:00:00Z"));
        shop.send("fulfillment_events/create", &delivered).await.is(200);
        let refunded = refund(&bought, 930_000_000_001, at("2026-06-20T10:00:00Z"), &[(0, 1)]);
        shop.send("refunds/create", &refunded).await.is(200);
        let updated = with_refund(bought, &refunded);
        shop.send("orders/updated", &updated).await.is(200);
        let mut named = later(&updated, at("2026-06-20T11:00:00Z"));
        named["customer"] = customer(&Buyer::with_account(1), at("2026-06-20T11:00:00Z"));
        shop.send("orders/updated", &named).await.is(200);
        assert_eq!(members(&shop).await, 0, "{buyer:?}");
        let kinds = entries(&[("purchase", 30), ("delivery", 0), ("refund", -30)]);
        assert_eq!(history(&shop, &member).await, kinds, "{buyer:?}");
        assert_eq!(shop.lots(id_of(&member)).await["ledger"], 0);
        shop.send("orders/paid", &order(2, &buyer)).await.is(200);
        assert_ne!(shop.find(&buyer.email).await.unwrap()["id"], member["id"], "a new order is a new member's");
    }
}

#[tokio::test]
async fn who_comes_back_is_not_given_points_for_joining_again() {
    for way in ["the same address", "the same customer", "an order first", "an address given up"] {
        let shop = Shop::open(NOW).await;
        let (buyer, member) = ada(&shop).await;
        erase(&shop, id_of(&member)).await;
        match way {
            "the same address" => drop(enrol(&shop, json!({"email": buyer.email})).await),
            "an order first" => {
                shop.send("orders/paid", &order(2, &Buyer::guest(1))).await.is(200);
                enrol(&shop, json!({"email": buyer.email})).await;
            }
            "the same customer" => {
                shop.send("customers/create", &customer(&buyer, at("2026-06-20T11:00:00Z"))).await.is(200);
            }
            _ => {
                enrol(&shop, json!({"email": buyer.email})).await;
                let again = shop.find(&buyer.email).await.unwrap();
                erase(&shop, id_of(&again)).await;
                enrol(&shop, json!({"email": buyer.email})).await;
            }
        }
        let back = shop.find(&buyer.email).await.unwrap();
        assert_eq!((&back["status"], &back["points"]["available"]), (&json!("enrolled"), &json!(0)), "{way}");
        assert_ne!(back["id"], member["id"]);
    }
}

#[tokio::test]
async fn nobody_is_woken_to_tell_who_was_erased_of_points_that_expire() {
    let shop = Shop::open(NOW).await;
    let (_, member) = ada(&shop).await;
    erase(&shop, id_of(&member)).await;
    let rows = shop.rows().await;
    let (_, account) = rows.iter().find(|(key, _)| key.ends_with(" / ACCOUNT")).unwrap();
    let due = account.get("gsi1pk").and_then(Value::as_str).unwrap_or_default();
    assert!(!due.starts_with("DUE#account"), "{account}");
}

#[tokio::test]
async fn what_was_noted_on_their_cases_goes_with_them() {
    let shop = Shop::open(NOW).await;
    let (_, member) = ada(&shop).await;
    let id = id_of(&member);
    let review = json!({"product_id": "8410000000000", "rating": 1, "text": "It broke."});
    shop.post(&format!("/v1/members/{id}/reviews"), &review, Some("r-1")).await.is(201);
    let case = shop.get("/v1/cases").await.is(200)["cases"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({"state": "resolved", "note": "Called Ada Lovelace, sent another one."}).to_string();
    let admin = bearer(tests::shop::ADMIN);
    shop.call("PATCH", &format!("/v1/cases/{case}"), &[admin.as_header()], body).await.is(200);
    erase(&shop, id).await;
    let left = shop.get(&format!("/v1/cases/{case}")).await.is(200);
    assert_eq!((&left["state"], &left["note"]), (&json!("resolved"), &Value::Null));
    assert!(!format!("{:?}", shop.rows().await).contains("Lovelace"));
}

#[tokio::test]
async fn a_merged_member_is_erased_with_all_their_addresses() {
    let shop = Shop::open(NOW).await;
    let (buyer, member) = ada(&shop).await;
    let (_, other) = enrol(&shop, json!({"email": "ada@example.org", "name": "Ada Byron"})).await;
    shop.merge(id_of(&member), id_of(&other)).await;
    erase(&shop, id_of(&member)).await;
    for id in [id_of(&member), id_of(&other)] {
        shop.get(&format!("/v1/members/{id}")).await.is_problem(404, "not-found");
        assert_eq!(shop.lots(id).await["ledger"], 130);
    }
    for address in [buyer.email.as_str(), "ada@example.org"] {
        assert_eq!(shop.find(address).await, None);
        assert!(!format!("{:?}", shop.rows().await).contains(address));
    }
}

#[tokio::test]
async fn what_a_storefront_tells_late_of_who_was_erased_creates_nobody() {
    for buyer in [Buyer::with_account(1), Buyer::without_account(1)] {
        let shop = Shop::open(NOW).await;
        shop.send("customers/create", &customer(&buyer, at(NOW))).await.is(200);
        let member = shop.find(&buyer.email).await.unwrap();
        erase(&shop, id_of(&member)).await;
        let rows = shop.rows().await;
        let told = customer(&buyer, at("2026-06-20T11:59:59Z"));
        let consent = json!({"customer_id": buyer.customer_id, "email_address": buyer.email,
            "email_marketing_consent": {"state": "subscribed", "opt_in_level": "single_opt_in",
                "consent_updated_at": "2026-06-20T11:59:59Z"}});
        for (topic, payload) in [
            ("customers/update", &told),
            ("customers/enable", &told),
            ("customers_email_marketing_consent/update", &consent),
            ("customers/delete", &json!({"id": buyer.customer_id})),
            ("customers/redact", &redact(&buyer)),
        ] {
            shop.send(topic, payload).await.is(200);
            assert_eq!(shop.rows().await, rows, "{topic}");
        }

        shop.send("customers/create", &told).await.is(200);
        let again = shop.find(&buyer.email).await.unwrap();
        assert_ne!(again["id"], member["id"], "who comes back signs up");
        shop.send("customers/update", &customer(&buyer, at("2026-06-20T12:00:01Z"))).await.is(200);
        assert_eq!(members(&shop).await, 1);
    }
}

fn redact(buyer: &Buyer) -> Value {
    json!({"shop_domain": tests::shop::DOMAIN, "customer": {"id": buyer.customer_id, "email": buyer.email},
        "orders_to_redact": []})
}

#[tokio::test]
async fn open_holds_end_with_who_was_erased() {
    let shop = Shop::open(NOW).await;
    let (_, member) = ada(&shop).await;
    let (_, other) = enrol(&shop, json!({"email": "ada@example.org"})).await;
    shop.adjust(id_of(&member), 500, "k-1").await;
    let asked = json!({"points": 200, "order_total": {"amount": "30.00", "currency": "USD"}});
    shop.post(&format!("/v1/members/{}/holds", id_of(&member)), &asked, Some("h-1")).await.is(201);
    shop.merge(id_of(&member), id_of(&other)).await;
    erase(&shop, id_of(&other)).await;
    let lots = shop.lots(id_of(&other)).await;
    assert_eq!((&lots["held"], &lots["available"]), (&json!(0), &json!(600)));
    let rows = shop.rows().await;
    let holds: Vec<&Value> = rows.iter().filter(|(key, _)| key.contains(" / HOLD#")).map(|(_, row)| row).collect();
    assert!(matches!(holds[..], [hold] if hold["end"]["released"].is_object()), "{holds:?}");
}

#[tokio::test]
async fn words_of_people_go_with_who_was_erased_and_the_numbers_stay() {
    let shop = Shop::open(NOW).await;
    let (_, member) = ada(&shop).await;
    let (_, other) = enrol(&shop, json!({"email": "ada@example.org"})).await;
    let id = id_of(&member);
    let adjust = async |id: &str, key: &str| {
        let body = json!({"points": 5, "reason": "Ada Lovelace rang us"});
        shop.post(&format!("/v1/members/{id}/adjustments"), &body, Some(key)).await.is(201);
    };
    for number in 0..45 {
        adjust(id, &format!("k-{number}")).await;
    }
    adjust(id_of(&other), "k-other").await;
    let path = format!("/v1/members/{id}/activities");
    let survey = json!({"type": "survey", "subject": "example.com/Lovelace"});
    let survey = shop.post(&path, &survey, Some("s-1")).await.is(201);
    shop.delete(&format!("{path}/{}", survey["id"].as_str().unwrap())).await.is(200);
    let balance = json!([{"member_id": id, "points": 500, "reference": "Lovelace-7"}]);
    let import = json!({"source": tests::shop::SOURCE, "kind": "balances", "format": "regulars", "data": balance});
    shop.post("/v1/imports", &import, None).await.is(200);
    shop.merge(id, id_of(&other)).await;
    let (ledger, lots) = (shop.ledger(id).await, shop.lots(id).await);
    assert!(format!("{:?}", shop.rows().await).contains("Lovelace"));

    erase(&shop, id_of(&other)).await;
    let rows = shop.rows().await;
    assert!(!format!("{rows:?}").contains("Lovelace"));
    let numbers = |entry: &Value| ["id", "at", "kind", "points", "balance_after"].map(|field| entry[field].clone());
    let all = |ledger: &[Value]| ledger.iter().map(numbers).collect::<Vec<_>>();
    assert_eq!((all(&shop.ledger(id).await), shop.lots(id).await), (all(&ledger), lots));
    erase(&shop, id_of(&other)).await;
    assert_eq!(shop.rows().await, rows, "again changes nothing");
}
