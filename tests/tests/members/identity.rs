//! Who an order or an account belongs to.

use serde_json::json;
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, entries, history, link, order};

#[tokio::test]
async fn a_guest_s_order_joins_the_later_account_with_the_same_verified_address() {
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &order(1, &Buyer::guest(1))).await.is(200);
    let guest = shop.find(&email(1)).await.unwrap();
    let created = customer(&Buyer::with_account(1), at("2026-06-20T10:00:00Z"));
    shop.send("customers/create", &created).await.is(200);
    let member = shop.member(&shop.id_of_customer(customer_id(1)).await).await;
    assert_eq!((&member["id"], &member["status"]), (&guest["id"], &json!("enrolled")));
    assert_eq!(member["links"], json!([link(1)]));
    assert_eq!(history(&shop, &member).await, entries(&[("purchase", 30), ("enrol", 100)]));
}

#[tokio::test]
async fn a_guest_s_order_joins_by_the_account_holder_s_own_order_too() {
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &order(1, &Buyer::guest(1))).await.is(200);
    shop.send("orders/paid", &order(2, &Buyer::with_account(1))).await.is(200);
    let member = shop.find(&email(1)).await.unwrap();
    assert_eq!((&member["status"], &member["links"]), (&json!("enrolled"), &json!([link(1)])));
    assert_eq!(history(&shop, &member).await, entries(&[("purchase", 30), ("purchase", 30)]));
}

#[tokio::test]
async fn an_account_with_an_unverified_address_does_not_get_a_guest_s_points() {
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &order(1, &Buyer::guest(1))).await.is(200);
    let guest = shop.find(&email(1)).await.unwrap();
    let impostor = Buyer { verified: false, ..Buyer::with_account(1) };
    shop.send("customers/create", &customer(&impostor, at("2026-06-20T10:00:00Z"))).await.is(200);
    shop.send("orders/paid", &order(2, &impostor)).await.is(200);
    let other = shop.member(&shop.id_of_customer(customer_id(1)).await).await;
    assert_ne!(other["id"], guest["id"]);
    assert_eq!(history(&shop, &guest).await, entries(&[("purchase", 30)]));
    assert_eq!(shop.find(&email(1)).await.unwrap()["id"], guest["id"], "the address stays the guest's");
}

#[tokio::test]
async fn an_order_of_another_customer_moves_its_points() {
    let shop = Shop::open(NOW).await;
    let (one, other) = (Buyer::with_account(1), Buyer::with_account(2));
    let bought = order(1, &one);
    shop.send("orders/paid", &bought).await.is(200);
    let mut moved = later(&bought, at("2026-06-20T10:00:00Z"));
    moved["customer"] = customer(&other, at("2026-06-20T10:00:00Z"));
    shop.send("orders/updated", &moved).await.is(200);
    let (one, other) = (shop.find(&one.email).await.unwrap(), shop.find(&other.email).await.unwrap());
    assert_eq!(history(&shop, &one).await, entries(&[("purchase", 30), ("reassignment", -30)]));
    assert_eq!(history(&shop, &other).await, entries(&[("purchase", 30)]));
    assert_eq!((&one["points"]["pending"], &other["points"]["pending"]), (&json!(0), &json!(30)));
    assert_eq!(shop.explain_order(&bought).await["member_id"], other["id"]);
}

#[tokio::test]
async fn withdrawn_consent_stays_withdrawn_whatever_an_old_event_says() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    assert_eq!(shop.find(&buyer.email).await.unwrap()["consent"]["marketing"], "granted");
    let mut withdrawal = tests::captured("customers-consent-update").payload();
    withdrawal["customer_id"] = json!(buyer.customer_id);
    withdrawal["email_marketing_consent"]["consent_updated_at"] = json!("2026-06-15T10:00:00Z");
    shop.send("customers_email_marketing_consent/update", &withdrawal).await.is(200);
    let mut old_order = order(1, &buyer);
    old_order["customer"]["email_marketing_consent"]["consent_updated_at"] = json!("2026-06-01T10:00:00Z");
    shop.send("orders/paid", &old_order).await.is(200);
    shop.send("customers/update", &customer(&buyer, at("2026-06-14T10:00:00Z"))).await.is(200);
    let consent = &shop.find(&buyer.email).await.unwrap()["consent"];
    assert_eq!(
        (&consent["marketing"], &consent["marketing_at"]),
        (&json!("withdrawn"), &json!("2026-06-15T10:00:00Z"))
    );
}

#[tokio::test]
async fn what_a_known_buyer_says_at_the_checkout_is_heard_from_the_order() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    let consent = async || shop.find(&buyer.email).await.unwrap()["consent"].clone();
    let said = |number: u64, state: &str, at: &str| {
        let mut order = order(number, &buyer);
        order["customer"]["email_marketing_consent"] =
            json!({"state": state, "opt_in_level": "confirmed_opt_in", "consent_updated_at": at});
        order
    };
    shop.send("orders/paid", &said(1, "unsubscribed", "2026-06-16T10:00:00Z")).await.is(200);
    let withdrawn = consent().await;
    assert_eq!(
        (&withdrawn["marketing"], &withdrawn["marketing_at"]),
        (&json!("withdrawn"), &json!("2026-06-16T10:00:00Z"))
    );
    let again = said(2, "subscribed", "2026-06-17T10:00:00Z");
    shop.send("orders/paid", &again).await.is(200);
    assert_eq!(consent().await["marketing"], "granted");
    // it is paid for already: only what it says of them is new
    let mut cancelled = cancelled(&again, at("2026-06-17T12:00:00Z"));
    cancelled["customer"]["email_marketing_consent"]["state"] = json!("unsubscribed");
    cancelled["customer"]["email_marketing_consent"]["consent_updated_at"] = json!("2026-06-17T11:00:00Z");
    shop.send("orders/cancelled", &cancelled).await.is(200);
    assert_eq!(consent().await["marketing"], "withdrawn");
    shop.send("orders/paid", &said(3, "subscribed", "2026-06-17T10:00:00Z")).await.is(200);
    assert_eq!(consent().await["marketing"], "withdrawn", "an old word revives nothing");
    let proofs = shop.rows().await.into_keys().filter(|key| key.contains(" / CON#")).count();
    assert_eq!(proofs, 4, "each change has its proof");
}

#[tokio::test]
async fn a_grant_at_the_checkout_waits_where_the_order_goes_and_is_none_for_another_mailbox() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    let enrolled = json!({"email": buyer.email, "links": [link(1)], "locale": "en-US"});
    shop.post("/v1/members", &enrolled, None).await.is(201);
    let said = |number: u64, email: &str, state: &str, day: u8| {
        let mut order = order(number, &buyer);
        order["customer"]["email"] = json!(email);
        order["customer"]["email_marketing_consent"] = json!({"state": state, "opt_in_level": "single_opt_in",
            "consent_updated_at": format!("2026-06-{day}T10:00:00Z")});
        for address in ["shipping_address", "billing_address"] {
            order[address]["country_code"] = json!("DE");
        }
        order
    };
    let consent = async || shop.find(&buyer.email).await.unwrap()["consent"]["marketing"].clone();
    shop.send("orders/paid", &said(1, "another@example.com", "subscribed", 15)).await.is(200);
    assert_eq!(consent().await, "unknown");
    shop.send("orders/paid", &said(2, &buyer.email, "subscribed", 16)).await.is(200);
    assert_eq!(consent().await, "pending");
    shop.send("orders/paid", &said(3, "another@example.com", "unsubscribed", 17)).await.is(200);
    assert_eq!(consent().await, "withdrawn", "a no is heard from anywhere");
}

#[tokio::test]
async fn who_deletes_their_account_wants_no_mail_even_if_the_storefront_s_clock_was_ahead() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    let ahead = shop.now() + jiff::SignedDuration::from_hours(3);
    shop.send("customers/create", &customer(&buyer, ahead)).await.is(200);
    assert_eq!(shop.find(&buyer.email).await.unwrap()["consent"]["marketing"], "granted");
    shop.send("customers/delete", &json!({"id": buyer.customer_id})).await.is(200);
    assert_eq!(shop.find(&buyer.email).await.unwrap()["consent"]["marketing"], "withdrawn");
}

#[tokio::test]
async fn who_deletes_their_account_is_a_guest_again_and_keeps_the_points() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    shop.send("customers/delete", &json!({"id": buyer.customer_id})).await.is(200);
    let member = shop.find(&buyer.email).await.unwrap();
    assert_eq!((&member["status"], &member["consent"]["marketing"]), (&json!("guest"), &json!("withdrawn")));
    assert_eq!(member["points"]["available"], 100);
    shop.send("customers/delete", &json!({"id": customer_id(99)})).await.is(200);
}
