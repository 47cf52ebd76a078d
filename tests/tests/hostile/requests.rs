//! The API's own fields: what is hostile is refused by its field, or is kept as the text that it is.

use form_urlencoded::byte_serialize;
use serde_json::{Value, json};
use tests::{
    Shop,
    payloads::email,
    shop::{ADMIN, bearer},
};

use crate::{
    hostile_strings, open,
    telling::{refused, told},
};

const MEMBER_FIELDS: [&str; 8] =
    ["/email", "/name", "/locale", "/time_zone", "/country", "/birthday", "/links/0/source", "/links/0/customer_id"];

/// Every payload alone, and 64 KiB of one.
fn texts() -> Vec<String> {
    let long = "<b>{{7919*6841}}".repeat(4_096);
    hostile_strings::alone().map(str::to_owned).chain([long]).collect()
}

async fn ada(shop: &Shop) -> String {
    let body = json!({"email": email(1), "name": "Ada"});
    shop.post("/v1/members", &body, None).await.is(201)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_field_of_a_member_is_refused_by_its_name_or_kept_as_it_was_written() {
    let (shop, _) = open().await;
    let bearer = bearer(ADMIN);
    for (number, text) in (2..).zip(texts()) {
        let harmless = json!({"email": email(number), "name": "Mia", "locale": "en", "time_zone": "Etc/UTC",
            "country": "US", "birthday": "1990-02-28",
            "links": [{"source": "storefront:local", "customer_id": number.to_string()}]});
        let mut hostile = harmless.clone();
        MEMBER_FIELDS.iter().for_each(|pointer| *hostile.pointer_mut(pointer).unwrap() = json!(text));
        let enrol = async |body: &Value| shop.post("/v1/members", body, None).await;
        let (taken, member) = told(&harmless, hostile.clone(), 201, enrol).await;
        assert_eq!(taken["email"], harmless["email"]);
        is_kept(&taken, &member);
        let path = format!("/v1/members/{}", member["id"].as_str().unwrap());
        if number % 4 != 0 {
            continue;
        }
        // a birthday can be changed once a year
        hostile.as_object_mut().unwrap().remove("birthday");
        let change = async |body: &Value| shop.call("PATCH", &path, &[bearer.as_header()], body.to_string()).await;
        let (taken, member) = told(&harmless, hostile, 200, change).await;
        is_kept(&taken, &member);
    }
}

fn is_kept(taken: &Value, member: &Value) {
    for field in ["name", "locale", "time_zone", "country"] {
        assert_eq!(member[field].as_str().unwrap(), taken[field].as_str().unwrap().trim(), "{member}");
    }
    assert!(member["links"].as_array().unwrap().contains(&taken["links"][0]), "{taken} {member}");
}

#[tokio::test]
async fn deeds_orders_and_codes_are_refused_by_their_field_or_are_nobodys() {
    let (shop, _) = open().await;
    let id = ada(&shop).await;
    let member = |rest: &str| format!("/v1/members/{id}/{rest}");
    for (place, text) in texts().into_iter().enumerate() {
        let price = json!({"amount": text, "currency": "USD"});
        let requests = [
            (member("activities"), json!({"type": text}), vec!["/type"]),
            (member("activities"), json!({"type": "survey", "subject": text}), vec!["/subject"]),
            (member("adjustments"), json!({"points": 5, "reason": text}), vec!["/reason"]),
            (member("redemptions"), json!({"reward_id": text}), vec!["/reward_id"]),
            (
                member("holds"),
                json!({"points": text, "order_total": price, "ttl_secs": 60}),
                vec!["/points", "/order_total", "/order_total/amount"],
            ),
            (member("merge"), json!({"from": text}), vec!["/from"]),
            ("/v1/quotes".to_owned(), json!({"currency": text, "lines": []}), vec!["/currency", "/lines"]),
        ];
        // each request meets a third of them
        let requests = requests.into_iter().enumerate().filter(|(number, _)| (number + place).is_multiple_of(3));
        for (number, (path, body, pointers)) in requests {
            let key = format!("k-{number}-{place}");
            let answer = shop.post(&path, &body, Some(&key)).await;
            if answer.status == 400 {
                let named = refused(answer);
                assert!(named.iter().all(|pointer| pointers.contains(&pointer.as_str())), "{path} {text:?}: {named:?}");
            } else {
                assert!([200, 201, 404, 409, 422].contains(&answer.status), "{path} {text:.60?}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_in_a_path_or_a_query_is_answered_as_a_problem_that_repeats_no_markup_as_html() {
    let (shop, _) = open().await;
    let id = ada(&shop).await;
    for text in texts().into_iter().filter(|text| text.len() < 1_000) {
        let text: String = byte_serialize(text.as_bytes()).collect();
        let text = text.replace('+', "%20");
        for path in [
            format!("/v1/coupons/{text}/validate"),
            format!("/v1/referrals/{text}/claim"),
            format!("/v1/members/{text}/merge"),
        ] {
            let body = json!({"member_id": id, "from": id});
            let answer = shop.post(&path, &body, Some("k-1")).await;
            assert!([400, 404, 422].contains(&answer.status), "{path}: {answer:?}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        }
        for path in [
            format!("/v1/orders/{text}/1/explain"),
            format!("/v1/orders/storefront:local/{text}/explain"),
            format!("/v1/products/{text}"),
            format!("/v1/members?email={text}"),
            format!("/v1/members?source={text}&customer_id={text}"),
            format!("/v1/members/{id}/ledger?cursor={text}"),
            format!("/v1/reviews?product_id={text}"),
        ] {
            let answer = shop.get(&path).await;
            let kind = answer.header("content-type").unwrap().to_owned();
            assert!(["application/json", "application/problem+json"].contains(&kind.as_str()), "{path}: {kind}");
            assert!([200, 400, 404].contains(&answer.status), "{path}: {answer:?}");
        }
        for path in ["u", "r", "c"] {
            let page = tests::page_of(shop.page(&format!("/{path}/{text}")).await, 404);
            assert!(page.has("main"));
        }
    }
}
