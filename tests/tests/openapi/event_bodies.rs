//! The bodies of Standard Webhooks in the description: those that we take are taken as described, and those
//! that we send are as described.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use storefront::standard_webhooks;
use tests::{Buyer, Shop, at, payloads::*};

use crate::{Described, NOW};

const TAKEN: &str = "events that we take";
const SENT: &str = "events that we send";

/// (name, example) of every event of that tag.
fn examples(description: &Value, tag: &str) -> Vec<(String, Value)> {
    let all = description["webhooks"].as_object().unwrap().iter();
    let with_tag = all.filter(|(_, item)| item["post"]["tags"] == json!([tag]));
    with_tag.map(|(name, item)| (name.clone(), body(item)["example"].clone())).collect()
}

fn body(item: &Value) -> &Value {
    &item["post"]["requestBody"]["content"]["application/json"]
}

fn pointer(name: &str) -> String {
    let name = name.replace('*', "%2A");
    format!("/webhooks/{name}/post/requestBody/content/application~1json/schema")
}

/// Every field of a value, by its JSON pointer.
fn pointers(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let at = format!("{at}/{name}");
                pointers(&at, field, found);
                found.push(at);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(&format!("{at}/{index}"), item, found));
        }
        _ => {}
    }
}

/// The body without that field.
fn without(body: &Value, pointer: &str) -> Value {
    let mut body = body.clone();
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(name);
    body
}

async fn is_taken(shop: &Shop, body: &Value) -> bool {
    let answer = shop.send_standard(&body.to_string(), shop.now()).await;
    assert!([200, 400].contains(&answer.status), "{body}: {answer:?}");
    answer.status == 200
}

#[tokio::test]
async fn every_type_that_the_parser_knows_is_described_with_an_example_that_is_taken() {
    let shop = Shop::open(NOW).await;
    let mut described = Described::by(&shop).await;
    let examples = examples(&described.description, TAKEN);
    let names: BTreeSet<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, standard_webhooks::types().collect());
    for (name, example) in &examples {
        let schema = described.schema(&pointer(name));
        assert_eq!(described.faults(example, schema), None, "{name}");
        let taken = shop.send_standard(&example.to_string(), shop.now()).await.is(200);
        let ignored = taken["reason"].as_str().unwrap_or_default().starts_with("no points follow");
        let nothing_follows = described.description["webhooks"][name]["post"]["description"].as_str().unwrap();
        assert_eq!(ignored, nothing_follows.contains("nothing follows"), "{name}: {taken}");
    }
}

#[tokio::test]
async fn whatever_fits_the_description_is_taken_and_what_is_missed_is_said_to_be_needed() {
    let shop = Shop::open(NOW).await;
    let mut described = Described::by(&shop).await;
    let (mut fitting, mut unfit) = (0, 0);
    for (name, example) in examples(&described.description, TAKEN) {
        let schema = described.schema(&pointer(&name));
        let mut all = Vec::new();
        pointers("", &example, &mut all);
        for pointer in all {
            let missed = without(&example, &pointer);
            let fits = described.faults(&missed, schema).is_none();
            // a code that is none is none of ours, which has no order refused
            let is_forgiven = pointer.starts_with("/data/discount_codes/");
            assert!(is_forgiven || fits == is_taken(&shop, &missed).await, "{name} without {pointer}: {fits}");
            for other in [json!(null), json!({}), json!([]), json!(17.5), json!("?"), json!(""), json!("\u{e9}")] {
                let mut changed = example.clone();
                *changed.pointer_mut(&pointer).unwrap() = other.clone();
                let fits = described.faults(&changed, schema).is_none();
                assert!(!fits || is_taken(&shop, &changed).await, "{name}: {other} fits {pointer} and is not taken");
                if fits { fitting += 1 } else { unfit += 1 }
            }
        }
    }
    assert!(fitting > 100 && unfit > 500, "{fitting} fit, {unfit} do not");
}

#[tokio::test]
async fn the_examples_of_what_we_send_are_as_described_and_so_is_what_we_send() {
    let shop = Shop::open(NOW).await;
    let mut described = Described::by(&shop).await;
    let examples = examples(&described.description, SENT);
    let names: BTreeSet<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    for (name, example) in &examples {
        let schema = described.schema(&pointer(name));
        assert_eq!(described.faults(example, schema), None, "{name}");
    }
    let endpoint = json!({"url": "https://erp.example/hooks", "events": names});
    shop.post("/v1/endpoints", &endpoint, None).await.is(201);
    let order = paid_order(6_120_000_000_001, &Buyer::with_account(1), at(NOW), &[("250.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    let member = shop.id_of_customer(customer_id(1)).await;
    shop.adjust(&member, 1_000, "k-1").await;
    shop.redeem(&member, "coupon_5", "k-2").await.is(201);
    let bearer = tests::shop::bearer(tests::shop::ADMIN);
    let change = json!({"consent": {"marketing": "withdrawn"}});
    shop.call("PATCH", &format!("/v1/members/{member}"), &[bearer.as_header()], change.to_string()).await.is(200);
    let list = shop.get("/v1/events").await.is(200);
    let seen: BTreeSet<&str> = list["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            let name = event["type"].as_str().unwrap();
            let body = json!({"type": name, "timestamp": event["at"], "data": event["data"]});
            let schema = described.schema(&pointer(name));
            assert_eq!(described.faults(&body, schema), None, "{event}");
            name
        })
        .collect();
    assert_eq!(seen, ["consent.changed", "coupon.issued", "redemption.created", "tier.changed"].into());
}
