//! What is known of a member changes as the storefront says, all of it or nothing.

use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at,
    payloads::*,
    shop::{ADMIN, STOREFRONT, bearer},
};

use crate::{NOW, enrol, history, id_of, link, order};

async fn patch_keyed(shop: &Shop, id: &str, body: &Value, key: Option<&str>) -> Answer {
    let bearer = bearer(STOREFRONT);
    let headers: Vec<_> = [bearer.as_header()].into_iter().chain(key.map(|key| ("idempotency-key", key))).collect();
    shop.call("PATCH", &format!("/v1/members/{id}"), &headers, body.to_string()).await
}

async fn patch(shop: &Shop, id: &str, body: Value) -> Answer {
    patch_keyed(shop, id, &body, None).await
}

async fn ada(shop: &Shop) -> Value {
    let body = json!({"email": "ada@example.com", "name": "Ada King", "locale": "en-GB", "time_zone": "Europe/London",
        "country": "GB", "birthday": "1990-12-10", "links": [link(1)]});
    let (status, member) = enrol(shop, body).await;
    assert_eq!(status, 201);
    member
}

fn with(member: &Value, fields: &Value) -> Value {
    let mut member = member.clone();
    member.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    member
}

#[tokio::test]
async fn each_field_changes_alone_and_the_others_stay() {
    let shop = Shop::open(NOW).await;
    let mut member = ada(&shop).await;
    let (id, entries) = (id_of(&member).to_owned(), history(&shop, &member).await);
    for said in [
        json!({"name": " Augusta Ada King "}),
        json!({"locale": "de-AT"}),
        json!({"time_zone": "Europe/Vienna"}),
        json!({"country": "AT"}),
        json!({"birthday": "1990-12-11"}),
        json!({"email": "Augusta@example.com"}),
    ] {
        let answer = patch(&shop, &id, said.clone()).await;
        let expected = match said {
            _ if said["email"].is_string() => json!({"email": "augusta@example.com"}),
            _ if said["name"].is_string() => json!({"name": "Augusta Ada King"}),
            said => said,
        };
        member = with(&member, &expected);
        assert_eq!(answer.is(200), member);
        assert_eq!(shop.member(&id).await, member);
    }
    assert_eq!(history(&shop, &member).await, entries, "nothing is posted");
}

#[tokio::test]
async fn several_fields_change_at_once_and_null_removes() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let nulls = json!({"name": null, "locale": null, "time_zone": null, "country": null, "birthday": null});
    let expected = with(&member, &nulls);
    assert_eq!(patch(&shop, id_of(&member), nulls).await.is(200), expected);
    let said = json!({"name": "Ada", "locale": "en", "time_zone": "Asia/Tokyo", "country": "JP"});
    let expected = with(&expected, &said);
    assert_eq!(patch(&shop, id_of(&member), said).await.is(200), expected);
}

#[tokio::test]
async fn what_says_nothing_new_changes_nothing() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let rows = shop.rows().await;
    let same = json!({"email": "ADA@example.com", "name": "Ada King", "locale": "en-GB", "time_zone": "Europe/London",
        "country": "GB", "birthday": "1990-12-10", "links": [link(1)], "consent": {}});
    for body in [json!({}), json!({"links": []}), same] {
        assert_eq!(patch(&shop, id_of(&member), body).await.is(200), member);
        assert_eq!(shop.rows().await, rows);
    }
}

#[tokio::test]
async fn every_bad_field_is_named_and_nothing_is_half_done() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let rows = shop.rows().await;
    let bad = json!({"email": "ada", "name": " ", "locale": "english", "time_zone": "Vienna", "country": "at",
        "birthday": "2026-06-21", "consent": {"marketing": "yes"},
        "links": [link(2), {"source": "", "customer_id": ""}]});
    let problem = patch(&shop, id_of(&member), bad).await.is_problem(400, "invalid-request");
    let expected = ["/birthday", "/consent/marketing", "/country", "/email", "/links/1/customer_id"].into_iter();
    let expected: Vec<_> = expected.chain(["/links/1/source", "/locale", "/name", "/time_zone"]).collect();
    assert_eq!(named(&problem), expected);
    let nulls = json!({"email": null, "links": null, "consent": null, "name": "Eve"});
    let problem = patch(&shop, id_of(&member), nulls).await.is_problem(400, "invalid-request");
    assert_eq!(named(&problem), ["/consent", "/email", "/links"]);
    let many: Vec<Value> = (100..121).map(link).collect();
    for (body, pointer) in [
        (json!({"consent": {"marketing": null}}), "/consent/marketing"),
        (json!({"links": many}), "/links"),
        (json!({"status": "enrolled"}), "/status"),
        (json!({"name": 5}), "/name"),
        (json!({"links": [{"source": "woo:shop"}]}), "/links/0/customer_id"),
    ] {
        let problem = patch(&shop, id_of(&member), body).await.is_problem(400, "invalid-request");
        assert_eq!(named(&problem), [pointer]);
    }
    assert_eq!(shop.rows().await, rows);
}

fn named(problem: &Value) -> Vec<&str> {
    let mut named: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    named.sort_unstable();
    named
}

#[tokio::test]
async fn a_birthday_is_changed_once_a_year_and_the_rest_of_a_refused_change_is_not_done() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let id = id_of(&member);
    patch(&shop, id, json!({"birthday": "1990-06-25"})).await.is(200);
    patch(&shop, id, json!({"birthday": null})).await.is(200);
    let rows = shop.rows().await;
    shop.move_clock(at("2027-06-19T12:00:00Z"));
    let again = json!({"birthday": "1990-06-26", "name": "Eve", "email": "eve@example.com", "links": [link(2)]});
    let problem = patch(&shop, id, again.clone()).await.is_problem(409, "birthday-locked");
    assert!(problem["detail"].as_str().unwrap().contains("2027-06-20"), "{problem}");
    assert_eq!(shop.rows().await, rows);
    shop.move_clock(at("2027-06-21T12:00:00Z"));
    assert_eq!(patch(&shop, id, again).await.is(200)["birthday"], "1990-06-26");
}

#[tokio::test]
async fn a_new_address_leads_to_the_member_and_the_former_is_free() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    patch(&shop, id_of(&member), json!({"email": "king@example.com"})).await.is(200);
    assert_eq!(id_of(&shop.find("king@example.com").await.unwrap()), id_of(&member));
    assert_eq!(shop.find("ada@example.com").await, None);
    let (status, other) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    assert_eq!((status, &other["points"]["available"]), (201, &json!(0)), "joining is not paid again for it");
}

#[tokio::test]
async fn what_is_another_member_s_is_a_conflict() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let (_, bob) = enrol(&shop, json!({"email": "bob@example.com", "links": [link(2)]})).await;
    let rows = shop.rows().await;
    let taken = patch(&shop, id_of(&member), json!({"name": "Bob", "email": "bob@example.com"})).await;
    assert_eq!(taken.is_problem(409, "member-exists")["member_id"], bob["id"]);
    let taken = patch(&shop, id_of(&member), json!({"name": "Bob", "links": [link(3), link(2)]})).await;
    taken.is_problem(409, "links-conflict");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_link_is_added_and_its_orders_are_the_member_s() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let changed = patch(&shop, id_of(&member), json!({"links": [link(2), link(2), link(1)]})).await.is(200);
    assert_eq!(changed["links"], json!([link(1), link(2)]));
    assert_eq!(shop.id_of_customer(customer_id(2)).await, id_of(&member));
    shop.send("orders/paid", &order(1, &Buyer::with_account(2))).await.is(200);
    assert_eq!(shop.member(id_of(&member)).await["points"]["pending"], 30);
    let links = |numbers: std::ops::Range<u64>| json!({"links": numbers.map(link).collect::<Vec<_>>()});
    patch(&shop, id_of(&member), links(10..30)).await.is(200);
    patch(&shop, id_of(&member), links(30..48)).await.is(200);
    patch(&shop, id_of(&member), links(48..49)).await.is_problem(409, "too-many-links");
}

#[tokio::test]
async fn a_change_of_consent_is_dated_and_told() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let endpoint = json!({"url": "https://crm.example/hooks", "events": ["consent.changed"]});
    shop.post("/v1/endpoints", &endpoint, None).await.is(201);
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    for state in ["granted", "granted", "withdrawn"] {
        let changed =
            patch(&shop, id_of(&member), json!({"consent": {"marketing": state, "proof": {"confirmed": true}}}))
                .await
                .is(200);
        assert_eq!(changed["consent"]["marketing"], state);
        shop.move_clock(shop.now() + jiff::SignedDuration::from_hours(1));
    }
    assert_eq!(shop.member(id_of(&member)).await["consent"]["marketing_at"], "2026-06-21T14:00:00Z");
    let events = shop.get("/v1/events").await.is(200);
    assert_eq!(events["events"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_the_storefront_said_before_does_not_undo_a_change() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    let created = customer(&buyer, at("2026-06-19T10:00:00Z"));
    shop.send("customers/create", &created).await.is(200);
    let member = shop.find(&buyer.email).await.unwrap();
    patch(&shop, id_of(&member), json!({"name": "Countess"})).await.is(200);
    shop.send("customers/update", &later(&created, at("2026-06-20T11:00:00Z"))).await.is(200);
    assert_eq!(shop.member(id_of(&member)).await["name"], "Countess");
    shop.move_clock(at("2026-06-20T14:00:00Z"));
    shop.send("customers/update", &later(&created, at("2026-06-20T13:00:00Z"))).await.is(200);
    assert_eq!(shop.member(id_of(&member)).await["name"], member["name"]);
}

#[tokio::test]
async fn the_same_key_again_changes_nothing_again() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let body = json!({"name": "Countess"});
    let changed = patch_keyed(&shop, id_of(&member), &body, Some("k-1")).await.is(200);
    patch(&shop, id_of(&member), json!({"country": "AT"})).await.is(200);
    let rows = shop.rows().await;
    let again = patch_keyed(&shop, id_of(&member), &body, Some("k-1")).await.is(200);
    assert_eq!(again, with(&changed, &json!({"country": "AT"})));
    let other = patch_keyed(&shop, id_of(&member), &json!({"name": "Eve"}), Some("k-1")).await;
    other.is_problem(422, "idempotency-key-reused");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn the_erased_are_not_found_and_the_merged_are_who_they_are_now() {
    let shop = Shop::open(NOW).await;
    let member = ada(&shop).await;
    let (_, bob) = enrol(&shop, json!({"email": "bob@example.com"})).await;
    shop.merge(id_of(&bob), id_of(&member)).await;
    let changed = patch(&shop, id_of(&bob), json!({"name": "Both", "email": "bob@example.com"})).await.is(200);
    assert_eq!((&changed["id"], &changed["name"]), (&member["id"], &json!("Both")));
    for address in ["ada@example.com", "bob@example.com"] {
        assert_eq!(shop.find(address).await, Some(changed.clone()), "{address}");
    }
    let path = format!("/v1/members/{}", id_of(&member));
    shop.call("DELETE", &path, &[bearer(ADMIN).as_header()], "").await.is(204);
    for id in [id_of(&member), id_of(&bob), "mem_nobody", "nobody"] {
        patch(&shop, id, json!({"name": "Ada"})).await.is_problem(404, "not-found");
    }
}
