//! What a member has said to mail: by topic, confirmed where that is asked for, and never without a proof.

use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at,
    payloads::*,
    shop::{SOURCE, STOREFRONT, bearer},
};

use crate::{NOW, enrol, id_of};

async fn patch(shop: &Shop, id: &str, consent: Value) -> Answer {
    let body = json!({"consent": consent});
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(STOREFRONT).as_header()], body.to_string()).await
}

async fn stated(shop: &Shop, id: &str, consent: Value) -> Value {
    patch(shop, id, consent).await.is(200)["consent"].clone()
}

/// Somebody in that country, who has said nothing yet.
async fn ada(shop: &Shop, country: &str) -> String {
    let (_, member) = enrol(shop, json!({"email": "ada@example.com", "country": country})).await;
    id_of(&member).to_owned()
}

/// Every proof, without the keys of its row.
async fn proofs(shop: &Shop) -> Vec<Value> {
    let rows = shop.rows().await.into_iter().filter(|(key, _)| key.contains(" / CON#"));
    rows.map(|(_, mut row)| {
        row.as_object_mut().unwrap().retain(|name, _| !["pk", "sk", "v"].contains(&name.as_str()));
        row
    })
    .collect()
}

#[tokio::test]
async fn each_topic_is_switched_alone_and_marketing_stays_as_it_is() {
    let shop = Shop::open(NOW).await;
    let id = ada(&shop, "US").await;
    stated(&shop, &id, json!({"marketing": "granted"})).await;
    let all = json!({"reviews": true, "replenishment": true, "loyalty": true, "offers": true});
    for topic in ["reviews", "replenishment", "loyalty", "offers"] {
        shop.move_clock(shop.now() + jiff::SignedDuration::from_mins(1));
        let consent = stated(&shop, &id, json!({"topics": {topic: false}})).await;
        let mut expected = all.clone();
        expected[topic] = json!(false);
        assert_eq!((&consent["topics"], &consent["marketing"]), (&expected, &json!("granted")));
        shop.move_clock(shop.now() + jiff::SignedDuration::from_mins(1));
        assert_eq!(stated(&shop, &id, json!({"topics": {topic: true}})).await["topics"], all);
    }
    assert_eq!(shop.member(&id).await["consent"]["marketing_at"], NOW);
}

#[tokio::test]
async fn a_grant_said_once_waits_where_the_law_wants_it_shown_and_nowhere_else() {
    for (country, expected) in [("DE", "pending"), ("GB", "pending"), ("US", "granted"), ("CH", "granted")] {
        let shop = Shop::open(NOW).await;
        let id = ada(&shop, country).await;
        assert_eq!(stated(&shop, &id, json!({"marketing": "granted"})).await["marketing"], expected, "{country}");
        let confirmed = json!({"marketing": "granted", "proof": {"confirmed": true, "text_version": "3"}});
        shop.move_clock(at("2026-06-20T12:05:00Z"));
        assert_eq!(stated(&shop, &id, confirmed).await["marketing"], "granted", "{country}");
        shop.move_clock(at("2026-06-20T12:06:00Z"));
        let again = stated(&shop, &id, json!({"marketing": "granted"})).await;
        assert_eq!(again["marketing"], "granted", "{country}: asked again, they have not lost it");
    }
}

#[tokio::test]
async fn of_a_storefront_s_single_opt_in_the_member_s_country_decides() {
    let shop = Shop::open(NOW).await;
    for (number, country, level, expected) in [
        (1, "DE", "single_opt_in", "pending"),
        (2, "DE", "confirmed_opt_in", "granted"),
        (3, "US", "single_opt_in", "granted"),
    ] {
        let buyer = Buyer::with_account(number);
        let mut created = customer(&buyer, at("2026-06-19T10:00:00Z"));
        created["email_marketing_consent"] =
            json!({"state": "not_subscribed", "opt_in_level": null, "consent_updated_at": null});
        created["default_address"]["country_code"] = json!(country);
        shop.send("customers/create", &created).await.is(200);
        // the topic tells no country
        let consent =
            json!({"state": "subscribed", "opt_in_level": level, "consent_updated_at": "2026-06-20T10:00:00Z"});
        let topic = json!({"customer_id": buyer.customer_id, "email_marketing_consent": consent});
        shop.send("customers_email_marketing_consent/update", &topic).await.is(200);
        let member = shop.find(&buyer.email).await.unwrap();
        assert_eq!(member["consent"]["marketing"], expected, "{country} {level}");
    }
    let sources: Vec<_> = proofs(&shop).await.iter().map(|proof| proof["source"].clone()).collect();
    assert_eq!(sources, [json!(SOURCE), json!(SOURCE), json!(SOURCE)]);
}

#[tokio::test]
async fn every_statement_leaves_a_proof_in_the_commit_of_what_it_changes() {
    let shop = Shop::open(NOW).await;
    let id = ada(&shop, "US").await;
    assert!(proofs(&shop).await.is_empty(), "nothing was said yet");
    let proof = json!({"source": "checkout", "text_version": "2026-01", "ip": "203.0.113.7"});
    stated(&shop, &id, json!({"marketing": "granted", "topics": {"offers": false}, "proof": proof})).await;
    shop.move_clock(at("2026-06-20T13:00:00Z"));
    stated(&shop, &id, json!({"marketing": "withdrawn"})).await;
    let kept = proofs(&shop).await;
    assert_eq!(kept.len(), 2);
    let key = kept[0]["origin_key"].as_str().unwrap();
    let first = json!({"at": NOW, "state": "granted", "topics": {"offers": false}, "source": "checkout",
        "text_version": "2026-01", "origin_key": key});
    assert_eq!(kept, [first, json!({"at": "2026-06-20T13:00:00Z", "state": "withdrawn", "source": "api"})]);
    assert!(!format!("{:?}", shop.rows().await).contains("203.0.113.7"), "the address is kept as its keyed hash alone");
    let rows = shop.rows().await;
    stated(&shop, &id, json!({"topics": {"offers": false}})).await;
    assert_eq!(shop.rows().await, rows, "what is so already is not said again");
    let export = shop.get(&format!("/v1/members/{id}/export")).await.is(200);
    assert_eq!(export["consents"].as_array().unwrap().len(), 2);
    assert_eq!(export["member"]["consent"]["topics"]["offers"], json!(false));
}

#[tokio::test]
async fn who_says_no_now_is_not_outdone_by_a_clock_that_goes_ahead() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-20T20:00:00Z"))).await.is(200);
    let member = shop.find(&buyer.email).await.unwrap();
    assert_eq!(member["consent"]["marketing_at"], "2026-06-20T20:00:00Z");
    assert_eq!(stated(&shop, id_of(&member), json!({"marketing": "withdrawn"})).await["marketing"], "withdrawn");
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    shop.send("customers/update", &later(&customer(&buyer, at("2026-06-20T20:00:00Z")), shop.now())).await.is(200);
    assert_eq!(shop.member(id_of(&member)).await["consent"]["marketing"], "withdrawn");
}

#[tokio::test]
async fn an_event_switches_topics_by_its_own_time_and_tells_of_them() {
    let shop = Shop::open(NOW).await;
    let endpoint = json!({"url": "https://crm.example/hooks", "events": ["consent.changed"]});
    shop.post("/v1/endpoints", &endpoint, None).await.is(201);
    let send = async |kind: &str, data: Value| {
        let body = json!({"type": kind, "timestamp": "2026-06-20T11:00:00Z", "data": data});
        shop.send_standard(&body.to_string(), shop.now()).await.is(200)
    };
    let consent = json!({"marketing": "granted", "marketing_at": "2026-06-20T10:00:00Z", "confirmed": true});
    send(
        "customer.updated",
        json!({"id": "7", "email": "eva@example.com", "email_verified": true, "country": "DE", "consent": consent}),
    )
    .await;
    let off = |at: &str, on: bool| json!({"customer_id": "7", "consent": {"topics": {"loyalty": on}, "topics_at": at}});
    send("consent.updated", off("2026-06-20T10:30:00Z", false)).await;
    send("consent.updated", off("2026-06-20T10:20:00Z", true)).await;
    let eva = shop.find("eva@example.com").await.unwrap();
    assert_eq!(
        (&eva["consent"]["marketing"], &eva["consent"]["topics"]["loyalty"]),
        (&json!("granted"), &json!(false))
    );
    assert_eq!(shop.get("/v1/events").await.is(200)["events"].as_array().unwrap().len(), 2);
    assert_eq!(proofs(&shop).await.len(), 2);
}

#[tokio::test]
async fn a_grant_of_one_mailbox_is_asked_for_from_the_other_when_two_members_are_one() {
    let (shop, _) = Shop::open_with_mail(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com", "country": "DE"})).await;
    let (_, eva) = enrol(&shop, json!({"email": "eva@example.com", "country": "DE"})).await;
    let (ada, eva) = (id_of(&ada), id_of(&eva));
    let confirmed = json!({"marketing": "granted", "proof": {"confirmed": true, "text_version": "3"}});
    assert_eq!(stated(&shop, ada, confirmed).await["marketing"], "granted");
    let merged = shop.merge(ada, eva).await;
    assert_eq!((&merged["email"], &merged["consent"]["marketing"]), (&json!("eva@example.com"), &json!("pending")));
    assert_eq!(asked(&shop, eva).await, 1);
}

#[tokio::test]
async fn the_later_choice_of_two_members_who_are_one_holds_for_each_topic() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com", "country": "US"})).await;
    let (_, bob) = enrol(&shop, json!({"email": "bob@example.com", "country": "US"})).await;
    let (ada, bob) = (id_of(&ada), id_of(&bob));
    stated(&shop, ada, json!({"marketing": "granted", "topics": {"offers": false, "loyalty": false}})).await;
    shop.move_clock(at("2026-06-20T13:00:00Z"));
    stated(&shop, bob, json!({"topics": {"reviews": false}})).await;
    stated(&shop, ada, json!({"topics": {"loyalty": true}})).await;
    let merged = shop.merge(bob, ada).await;
    let topics = json!({"reviews": false, "replenishment": true, "loyalty": true, "offers": false});
    assert_eq!((&merged["consent"]["marketing"], &merged["consent"]["topics"]), (&json!("granted"), &topics));
}

#[tokio::test]
async fn an_import_that_proves_nothing_waits_and_one_that_does_holds() {
    let shop = Shop::open(NOW).await;
    let row = |email: &str, consent: Value| json!({"email": email, "country": "DE", "consent": consent});
    let rows = json!([
        row("ada@example.com", json!({"marketing": "granted", "at": "2026-01-01T00:00:00Z"})),
        row("bob@example.com", json!({"marketing": "granted", "at": "2026-01-01T00:00:00Z", "text_version": "3"})),
    ]);
    let import = json!({"source": "storefront:local", "kind": "members", "format": "regulars", "data": rows});
    shop.post("/v1/imports", &import, None).await.is(200);
    for (email, expected) in [("ada@example.com", "pending"), ("bob@example.com", "granted")] {
        assert_eq!(shop.find(email).await.unwrap()["consent"]["marketing"], expected, "{email}");
    }
}

#[tokio::test]
async fn every_bad_field_of_a_statement_is_named() {
    let shop = Shop::open(NOW).await;
    let id = ada(&shop, "US").await;
    let proof = json!({"source": "", "text_version": "a\nb", "ip": "1.2.3"});
    let problem =
        patch(&shop, &id, json!({"marketing": "maybe", "proof": proof})).await.is_problem(400, "invalid-request");
    let mut named: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    named.sort_by_key(ToString::to_string);
    let expected = ["/consent/marketing", "/consent/proof/ip", "/consent/proof/source", "/consent/proof/text_version"];
    assert_eq!(named, expected.map(Value::from));
    for (bad, pointer) in [
        (json!({"topics": {"spam": true}}), "/consent/topics/spam"),
        (json!({"topics": {"offers": "no"}}), "/consent/topics/offers"),
        (json!({"proof": {"signature": "x"}}), "/consent/proof/signature"),
    ] {
        let problem = patch(&shop, &id, bad).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
}

/// How often they were asked to confirm.
async fn asked(shop: &Shop, id: &str) -> usize {
    let listed = shop.get(&format!("/v1/members/{id}/messages?limit=100")).await.is(200);
    let all = listed["messages"].as_array().unwrap();
    all.iter().filter(|message| message["scenario"] == "confirm_subscription_1").count()
}

#[tokio::test]
async fn who_lost_the_mail_that_asks_them_gets_another_once_a_day() {
    let (shop, _) = Shop::open_with_mail(NOW).await;
    let id = ada(&shop, "DE").await;
    for (hours, expected) in [(0, 1), (1, 1), (23, 1), (24, 2), (30, 2), (48, 3)] {
        shop.move_clock(at(NOW) + jiff::SignedDuration::from_hours(hours));
        assert_eq!(stated(&shop, &id, json!({"marketing": "granted"})).await["marketing"], "pending");
        assert_eq!(asked(&shop, &id).await, expected, "after {hours} hours");
    }
    stated(&shop, &id, json!({"marketing": "withdrawn"})).await;
    stated(&shop, &id, json!({"marketing": "granted"})).await;
    assert_eq!(asked(&shop, &id).await, 4, "who said no and yes again is asked at once");
    let body = json!({"name": "Ada King"}).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(STOREFRONT).as_header()], body).await.is(200);
    assert_eq!(asked(&shop, &id).await, 4, "another change says nothing of it");
}

#[tokio::test]
async fn a_new_address_has_confirmed_nothing_where_that_is_asked_for() {
    for (country, expected, mails) in [("DE", "pending", 1), ("US", "granted", 0)] {
        let (shop, _) = Shop::open_with_mail(NOW).await;
        let id = ada(&shop, country).await;
        stated(&shop, &id, json!({"marketing": "granted", "proof": {"confirmed": true, "text_version": "3"}})).await;
        shop.move_clock(at("2026-06-20T13:00:00Z"));
        let body = json!({"email": "eve@example.com"}).to_string();
        let path = format!("/v1/members/{id}");
        let changed = shop.call("PATCH", &path, &[bearer(STOREFRONT).as_header()], body).await.is(200);
        assert_eq!(changed["consent"]["marketing"], expected, "{country}");
        assert_eq!((asked(&shop, &id).await, proofs(&shop).await.len()), (mails, 1 + mails), "{country}");
        let both = json!({"email": "ida@example.com",
            "consent": {"marketing": "granted", "proof": {"confirmed": true, "text_version": "3"}}});
        let changed = shop.call("PATCH", &path, &[bearer(STOREFRONT).as_header()], both.to_string()).await.is(200);
        assert_eq!(changed["consent"]["marketing"], "granted", "{country}: said and shown with the new address");
    }
}

#[tokio::test]
async fn what_a_storefront_tells_again_of_the_old_mailbox_grants_nothing_to_the_new_one() {
    let (shop, _) = Shop::open_with_mail(NOW).await;
    let buyer = Buyer::with_account(1);
    let mut told = customer(&buyer, at("2026-06-19T10:00:00Z"));
    told["default_address"]["country_code"] = json!("DE");
    told["email_marketing_consent"] = json!({"state": "subscribed", "opt_in_level": "confirmed_opt_in",
        "consent_updated_at": "2026-06-19T10:00:00Z"});
    shop.send("customers/create", &told).await.is(200);
    let id = id_of(&shop.find(&buyer.email).await.unwrap()).to_owned();
    assert_eq!(shop.member(&id).await["consent"]["marketing"], "granted");
    for minute in [1, 2] {
        let mut moved = later(&told, at("2026-06-20T11:00:00Z") + jiff::SignedDuration::from_mins(minute));
        moved["email"] = json!("eve@example.com");
        shop.send("customers/update", &moved).await.is(200);
        let member = shop.member(&id).await;
        assert_eq!((&member["email"], &member["consent"]["marketing"]), (&json!("eve@example.com"), &json!("pending")));
        assert_eq!(asked(&shop, &id).await, 1);
    }
}
