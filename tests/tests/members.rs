//! Members as the API shows them: enrolment, lookups, ledger, lots, adjustments.
#![cfg(test)]

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*, shop::SOURCE};

const NOW: &str = "2026-06-20T12:00:00Z";

fn order(id: u64, buyer: &Buyer) -> Value {
    paid_order(id, buyer, at("2026-06-19T10:00:00Z"), &[("30.00", 1)])
}

fn link(number: u64) -> Value {
    json!({"source": SOURCE, "customer_id": customer_id(number).to_string()})
}

async fn enrol(shop: &Shop, body: Value) -> (u16, Value) {
    let answer = shop.post("/v1/members", &body, None).await;
    (answer.status, answer.body)
}

fn id_of(member: &Value) -> &str {
    member["id"].as_str().unwrap()
}

/// Kind and points of each entry, the oldest first.
async fn history(shop: &Shop, member: &Value) -> Vec<(String, i64)> {
    let entries = shop.ledger(id_of(member)).await.into_iter().rev();
    entries.map(|entry| (entry["kind"].as_str().unwrap().to_owned(), entry["points"].as_i64().unwrap())).collect()
}

fn entries(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(kind, points)| ((*kind).to_owned(), *points)).collect()
}

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
        "consent": {"marketing": "granted", "marketing_at": "2026-06-20T12:00:00Z"},
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
    assert_eq!(consent, &json!({"marketing": "withdrawn", "marketing_at": "2026-06-15T10:00:00Z"}));
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

#[tokio::test]
async fn the_ledger_is_read_page_by_page() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    for number in 1..=4 {
        shop.adjust(id_of(&ada), number, &format!("k-{number}")).await;
    }
    let path = format!("/v1/members/{}/ledger", id_of(&ada));
    let mut pages: Vec<Vec<i64>> = Vec::new();
    let mut next = Some(format!("{path}?limit=2"));
    while let Some(here) = next {
        let answer = shop.get(&here).await;
        let link = answer.header("link").map(|link| link.trim_start_matches('<').split_once('>').unwrap());
        next = link.map(|(there, rest)| {
            assert_eq!(rest, "; rel=\"next\"");
            there.to_owned()
        });
        let page = answer.is(200);
        let cursor = next.as_ref().map(|next| next.rsplit_once("cursor=").unwrap().1);
        assert_eq!(page["next_cursor"].as_str(), cursor);
        pages.push(page["entries"].as_array().unwrap().iter().map(|entry| entry["points"].as_i64().unwrap()).collect());
    }
    assert_eq!(pages, [vec![4, 3], vec![2, 1], vec![100]]);
    let all = shop.get(&path).await;
    assert_eq!(all.header("link"), None);
    let all = all.is(200);
    assert_eq!((all["entries"].as_array().unwrap().len(), &all["next_cursor"]), (5, &Value::Null));
    let beyond = shop.get(&format!("{path}?cursor=before-1")).await.is(200);
    assert_eq!(beyond, json!({"entries": [], "next_cursor": null}));
}

#[tokio::test]
async fn what_expired_is_shown_before_it_is_written_and_then_is_the_same_entry() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    shop.move_clock(at("2027-06-30T23:59:59Z"));
    assert_eq!(shop.lots(id_of(&ada)).await["available"], 100, "to the end of its day");
    shop.move_clock(at("2027-07-02T12:00:00Z"));
    let rows = shop.rows().await;
    let implied = shop.ledger(id_of(&ada)).await.remove(0);
    assert_eq!(
        implied,
        json!({"id": "led_000000000002", "at": "2027-07-01T00:00:00Z", "kind": "expiry", "points": -100,
            "balance_after": 0, "reason": "expired after 2027-06-30", "order": null, "program_version": 1})
    );
    let explain = format!("/v1/members/{}/ledger/led_000000000002/explain", id_of(&ada));
    let explained = shop.get(&explain).await.is(200);
    assert_eq!(explained["entry"], implied);
    let lots = shop.lots(id_of(&ada)).await;
    assert_eq!((&lots["lots"], &lots["ledger"]), (&json!([]), &json!(0)));
    assert_eq!(shop.rows().await, rows, "reading writes nothing");

    shop.adjust(id_of(&ada), 5, "k-1").await;
    let ledger = shop.ledger(id_of(&ada)).await;
    assert_eq!((&ledger[0]["id"], &ledger[0]["balance_after"]), (&json!("led_000000000003"), &json!(5)));
    assert_eq!(ledger[1], implied);
    assert_eq!(shop.get(&explain).await.is(200), explained);
}

#[tokio::test]
async fn lots_are_as_they_were_at_any_past_moment() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    shop.send("orders/paid", &order(1, &buyer)).await.is(200);
    shop.move_clock(at("2026-07-25T12:00:00Z"));
    shop.adjust(&id, -110, "k-1").await;
    for (as_of, available, pending) in [
        ("2026-06-20T11:59:59Z", 0, 0),
        ("2026-06-20T12:00:00Z", 100, 0),
        ("2026-06-21T12:00:00Z", 100, 30),
        ("2026-07-18T23:59:59Z", 100, 30),
        ("2026-07-19T00:00:00Z", 130, 0),
        ("2026-07-25T12:00:00Z", 20, 0),
    ] {
        let lots = shop.get(&format!("/v1/members/{id}/lots?as_of={as_of}")).await.is(200);
        let expected = (&json!(as_of), &json!(available), &json!(pending), &json!(available + pending));
        assert_eq!((&lots["as_of"], &lots["available"], &lots["pending"], &lots["ledger"]), expected);
    }
    let now = shop.lots(&id).await;
    let lot = json!({"points": 20, "state": "available", "available_on": null, "expires_on": "2027-06-30"});
    assert_eq!(now["lots"], json!([lot]), "lots that expire together are one");
}

#[tokio::test]
async fn adjustments_go_up_and_down_and_into_debt_which_later_points_pay() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    let entry = shop.adjust(id_of(&ada), -130, "k-1").await;
    assert_eq!(
        entry,
        json!({"id": "led_000000000002", "at": NOW, "kind": "adjustment", "points": -130, "balance_after": -30,
            "reason": "by hand", "order": null, "program_version": 1})
    );
    let points = shop.member(id_of(&ada)).await["points"].clone();
    assert_eq!(points, json!({"available": 0, "pending": 0, "held": 0, "debt": 30, "expiring_next": null}));
    assert_eq!(shop.adjust(id_of(&ada), 50, "k-2").await["balance_after"], 20);
    let points = shop.member(id_of(&ada)).await["points"].clone();
    assert_eq!((&points["available"], &points["debt"]), (&json!(20), &json!(0)));
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

#[tokio::test]
async fn each_change_of_tier_is_kept_with_its_dates() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    for (number, paid_at, price) in [(1, "2026-06-01T10:00:00Z", "210.00"), (2, "2026-06-10T10:00:00Z", "300.00")] {
        shop.send("orders/paid", &paid_order(number, &buyer, at(paid_at), &[(price, 1)])).await.is(200);
    }
    let id = shop.id_of_customer(customer_id(1)).await;
    let member = shop.member(&id).await;
    assert_eq!((&member["tier"]["id"], &member["tier"]["until"]), (&json!("gold"), &json!("2027-06-10T10:00:00Z")));
    assert_eq!(
        member["tier"]["benefits"],
        json!([{"kind": "free_shipping", "title": "Free shipping", "value": null},
            {"kind": "early_access", "title": "Early access to new products", "value": null}])
    );
    assert_eq!(
        shop.get(&format!("/v1/members/{id}/tiers")).await.is(200)["tier_changes"],
        json!([
            {"at": NOW, "from": "silver", "to": "gold", "since": "2026-06-10T10:00:00Z", "until": "2027-06-10T10:00:00Z"},
            {"at": NOW, "from": "bronze", "to": "silver", "since": "2026-06-01T10:00:00Z", "until": "2027-06-01T10:00:00Z"},
        ])
    );
    let refunded = refund(&paid_order(2, &buyer, at("2026-06-10T10:00:00Z"), &[("300.00", 1)]), 9, at(NOW), &[(0, 1)]);
    shop.send("refunds/create", &refunded).await.is(200);
    assert_eq!(shop.member(&id).await["tier"]["id"], "silver", "the upgrade rested on what was refunded");
}
