//! Who is enrolled, how, and once.

use jiff::SignedDuration;
use serde_json::json;
use tests::{Buyer, Shop, at, payloads::*, shop::SOURCE};

use crate::{NOW, enrol, entries, history, id_of, link, order};

#[tokio::test]
async fn an_enrolment_answers_with_the_member() {
    let shop = Shop::open(NOW).await;
    let body = json!({"email": " Ada@Example.com", "name": "Ada King", "locale": "en-GB", "time_zone": "Europe/London",
        "country": "GB", "birthday": "1990-12-10", "consent": {"marketing": "granted"},
        "links": [{"source": "woo:shop", "customer_id": "26"}]});
    let (status, member) = enrol(&shop, body).await;
    assert_eq!(status, 201);
    assert!(id_of(&member).strip_prefix("mem_").unwrap().bytes().all(|b| b.is_ascii_alphanumeric()));
    let expected = json!({
        "id": member["id"], "status": "enrolled", "email": "ada@example.com", "name": "Ada King", "locale": "en-GB",
        "time_zone": "Europe/London", "country": "GB", "birthday": "1990-12-10",
        "links": [{"source": "woo:shop", "customer_id": "26"}],
        "consent": {"marketing": "pending", "marketing_at": "2026-06-20T12:00:00Z",
            "topics": {"reviews": true, "replenishment": true, "loyalty": true, "offers": true}},
        "points": {"available": 100, "pending": 0, "held": 0, "debt": 0,
            "expiring_next": {"points": 100, "on": "2027-06-30"}},
        "tier": {"id": "bronze", "since": "2026-06-20T12:00:00Z", "until": null, "benefits": [],
            "next": {"id": "silver", "missing": {"amount": "200.00", "currency": "USD"}}},
    });
    assert_eq!(member, expected);
    assert_eq!(shop.member(id_of(&member)).await, expected);
    assert_eq!(shop.find("ada@example.com").await, Some(expected));
}

#[tokio::test]
async fn the_same_link_again_is_the_same_member_and_a_known_address_a_conflict() {
    let shop = Shop::open(NOW).await;
    let (status, ada) = enrol(&shop, json!({"email": "ada@example.com", "links": [link(1)]})).await;
    assert_eq!(status, 201);
    let rows = shop.rows().await;
    assert_eq!(enrol(&shop, json!({"email": "ada@example.com", "links": [link(1)]})).await, (200, ada.clone()));
    let answer = shop.post("/v1/members", &json!({"email": "ADA@example.com"}), None).await;
    assert_eq!(answer.is_problem(409, "member-exists")["member_id"], ada["id"]);
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn links_of_different_members_are_a_conflict() {
    let shop = Shop::open(NOW).await;
    enrol(&shop, json!({"email": "ada@example.com", "links": [link(1)]})).await;
    enrol(&shop, json!({"email": "bob@example.com", "links": [link(2)]})).await;
    let rows = shop.rows().await;
    for body in [
        json!({"email": "eve@example.com", "links": [link(1), link(2)]}),
        json!({"email": "bob@example.com", "links": [link(1)]}),
    ] {
        shop.post("/v1/members", &body, None).await.is_problem(409, "links-conflict");
    }
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_guest_is_enrolled_by_address_and_keeps_their_points() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::guest(1);
    shop.send("orders/paid", &order(1, &buyer)).await.is(200);
    let guest = shop.find(&buyer.email).await.unwrap();
    assert_eq!((&guest["status"], &guest["points"]["pending"]), (&json!("guest"), &json!(30)));
    let (status, member) = enrol(&shop, json!({"email": buyer.email, "name": "Ada King"})).await;
    assert_eq!((status, &member["id"]), (201, &guest["id"]));
    assert_eq!((&member["status"], &member["name"]), (&json!("enrolled"), &json!("Ada King")));
    assert_eq!(history(&shop, &member).await, entries(&[("purchase", 30), ("enrol", 100)]));
}

#[tokio::test]
async fn a_guest_is_enrolled_by_link_under_a_new_address() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::without_account(1);
    shop.send("orders/paid", &order(1, &buyer)).await.is(200);
    let guest = shop.find(&buyer.email).await.unwrap();
    let (status, member) = enrol(&shop, json!({"email": "ada@example.com", "links": [link(1)]})).await;
    assert_eq!((status, &member["id"]), (200, &guest["id"]));
    assert_eq!(member["email"], "ada@example.com");
    assert_eq!(shop.find("ada@example.com").await.unwrap()["id"], guest["id"]);
    assert_eq!(shop.find(&buyer.email).await, None, "the former address is free");
}

#[tokio::test]
async fn points_for_enrolling_come_once_however_it_is_told() {
    let buyer = Buyer::with_account(1);
    let created = customer(&buyer, at("2026-06-19T10:00:00Z"));
    let enrolment = json!({"email": buyer.email, "links": [link(1)]});

    let shop = Shop::open(NOW).await;
    shop.send("customers/create", &created).await.is(200);
    shop.send("customers/create", &created).await.is(200);
    assert_eq!(shop.post("/v1/members", &enrolment, None).await.status, 200);
    let member = shop.find(&buyer.email).await.unwrap();
    assert_eq!(history(&shop, &member).await, entries(&[("enrol", 100)]));

    let shop = Shop::open(NOW).await;
    assert_eq!(shop.post("/v1/members", &enrolment, None).await.status, 201);
    shop.send("customers/create", &created).await.is(200);
    shop.send("customers/update", &later(&created, at("2026-06-20T10:00:00Z"))).await.is(200);
    let member = shop.find(&buyer.email).await.unwrap();
    assert_eq!(history(&shop, &member).await, entries(&[("enrol", 100)]));
}

#[tokio::test]
async fn an_order_of_an_account_holder_enrols_without_points_which_the_account_s_event_brings() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("orders/paid", &order(1, &buyer)).await.is(200);
    let member = shop.find(&buyer.email).await.unwrap();
    assert_eq!(member["status"], "enrolled");
    assert_eq!(history(&shop, &member).await, entries(&[("purchase", 30)]));
    let created = customer(&buyer, at("2026-06-19T09:00:00Z"));
    shop.send("customers/create", &created).await.is(200);
    assert_eq!(history(&shop, &member).await, entries(&[("purchase", 30), ("enrol", 100)]));
}

#[tokio::test]
async fn members_are_found_by_address_and_by_customer() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com", "links": [link(1)]})).await;
    let number = customer_id(1);
    for query in [
        "email=ada@example.com".to_owned(),
        "email=%20ADA%40example.com".to_owned(),
        format!("source={SOURCE}&customer_id={number}"),
        format!("source=shopify:another-shop.myshopify.com&customer_id={number}"),
    ] {
        let found = shop.get(&format!("/v1/members?{query}")).await.is(200);
        assert_eq!(found, json!({"members": [ada], "next_cursor": null}), "{query}");
    }
    for query in ["email=bob@example.com".to_owned(), format!("source=woo:shop&customer_id={number}")] {
        let found = shop.get(&format!("/v1/members?{query}")).await.is(200);
        assert_eq!(found, json!({"members": [], "next_cursor": null}), "{query}");
    }
}

#[tokio::test]
async fn a_key_brings_back_the_same_answer_for_a_day() {
    let shop = Shop::open(NOW).await;
    let body = json!({"email": "ada@example.com"});
    let ada = shop.post("/v1/members", &body, Some("k-1")).await.is(201);
    let entry = shop.adjust(id_of(&ada), 7, "k-2").await;
    shop.move_clock(at(NOW) + SignedDuration::from_hours(23));
    assert_eq!(id_of(&shop.post("/v1/members", &body, Some("k-1")).await.is(201)), id_of(&ada));
    assert_eq!(shop.adjust(id_of(&ada), 7, "k-2").await, entry);
    assert_eq!(shop.lots(id_of(&ada)).await["ledger"], 107);
    shop.move_clock(at(NOW) + SignedDuration::from_hours(24));
    assert_ne!(shop.adjust(id_of(&ada), 7, "k-2").await, entry, "the key may be taken again");
    assert_eq!(shop.lots(id_of(&ada)).await["ledger"], 114);
}
