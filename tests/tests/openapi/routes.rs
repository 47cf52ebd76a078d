//! What holds of every route's description.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::{
    Shop, member_token,
    shop::{ADMIN, bearer},
};

use crate::{Described, NOW};

const TOO_LARGE: usize = 1024 * 1024 + 1;

/// (method, path, operation) of every route.
fn operations(description: &Value) -> Vec<(String, String, Value)> {
    let paths = description["paths"].as_object().unwrap();
    let of = |path: &str, item: &Value| {
        let methods = item.as_object().unwrap().iter();
        methods
            .map(|(method, operation)| (method.to_uppercase(), path.to_owned(), operation.clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(|(path, item)| of(path, item)).collect()
}

#[tokio::test]
async fn every_route_with_a_body_says_that_it_may_be_too_large_and_answers_so() {
    let shop = Shop::open(NOW).await;
    let member = shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201);
    let token = member_token(member["id"].as_str().unwrap(), shop.now());
    let (description, large) = (shop.get("/openapi.json").await.is(200), vec![b' '; TOO_LARGE]);
    let mut with_bodies = 0;
    for (method, path, operation) in operations(&description) {
        let key = bearer(if path.starts_with("/v1/me/") { &token } else { ADMIN });
        let address = path.replace(['{', '}'], "");
        let answer = shop.call(&method, &address, &[key.as_header()], &large).await;
        let (described, answered) = (operation["responses"].get("413").is_some(), answer.status == 413);
        assert_eq!(described, answered, "{method} {path}: {answer:?}");
        assert!(answered || operation.get("requestBody").is_none(), "{method} {path} has a body that is not read");
        with_bodies += usize::from(answered);
    }
    assert!(with_bodies > 25, "{with_bodies}");
}

/// Every POST of the API: whether it needs an `Idempotency-Key`, because points or money would move twice without.
const POSTS: &[(&str, bool)] = &[
    // once for each address and link
    ("/v1/members", false),
    ("/v1/members/{id}/merge", true),
    ("/v1/members/{id}/activities", true),
    ("/v1/members/{id}/activities/{activity}/approve", true),
    ("/v1/members/{id}/adjustments", true),
    ("/v1/members/{id}/holds", true),
    ("/v1/members/{id}/redemptions", true),
    ("/v1/members/{id}/reviews", true),
    ("/v1/members/{id}/tokens", false),
    ("/v1/me/activities", true),
    ("/v1/me/redemptions", true),
    ("/v1/me/referrals/{code}/claim", true),
    ("/v1/referrals/{code}/claim", true),
    ("/v1/coupons/{code}/validate", false),
    ("/v1/quotes", false),
    ("/v1/program/preview", false),
    ("/v1/program/templates/preview", false),
    ("/v1/rewards/{id}/codes", false),
    // the same part again changes nothing, whatever its key
    ("/v1/imports", false),
    ("/v1/endpoints", false),
    ("/v1/events/{id}/redeliver", false),
];

#[tokio::test]
async fn what_moves_points_or_money_needs_an_idempotency_key() {
    let shop = Shop::open(NOW).await;
    let member = shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201);
    let token = member_token(member["id"].as_str().unwrap(), shop.now());
    let description = shop.get("/openapi.json").await.is(200);
    let posts =
        operations(&description).into_iter().filter(|(method, path, _)| method == "POST" && path.starts_with("/v1/"));
    for (_, path, operation) in posts {
        let (_, needs) =
            POSTS.iter().find(|(known, _)| *known == path).unwrap_or_else(|| panic!("does POST {path} move points?"));
        let key = bearer(if path.starts_with("/v1/me/") { &token } else { ADMIN });
        let answer = shop.call("POST", &path.replace(['{', '}'], ""), &[key.as_header()], "{}").await;
        let refused = answer.body["type"] == "urn:regulars:problem:idempotency-key-missing";
        assert_eq!((refused, answer.status == 400 && refused), (*needs, *needs), "POST {path}: {answer:?}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let described = parameters.iter().any(|one| one["name"] == "Idempotency-Key" && one["required"] == true);
        assert_eq!(described, *needs, "POST {path}");
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own() {
    let shop = Shop::open(NOW).await;
    let all = operations(&shop.get("/openapi.json").await.is(200));
    let names: BTreeSet<&str> = all.iter().map(|(.., operation)| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), all.len());
    assert!(names.contains("get_members_by_id_ledger"), "{names:?}");
}

/// JSON pointers of objects of which nothing is said.
fn bare_objects(at: &str, value: &Value, found: &mut Vec<String>) {
    let is_object =
        value["type"] == "object" || value["type"].as_array().is_some_and(|all| all.contains(&json!("object")));
    let says =
        ["properties", "additionalProperties", "allOf", "description"].iter().any(|word| value.get(word).is_some());
    if is_object && !says {
        found.push(at.to_owned());
    }
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| bare_objects(&format!("{at}/{name}"), field, found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| bare_objects(&format!("{at}/{index}"), item, found))
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_object_is_described_by_being_one() {
    let shop = Shop::open(NOW).await;
    let mut found = Vec::new();
    bare_objects("", &shop.get("/openapi.json").await.is(200), &mut found);
    // a description of descriptions is published elsewhere
    found.retain(|pointer| !pointer.starts_with("/paths//openapi.json/"));
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn the_program_is_described_section_by_section() {
    let shop = Shop::open(NOW).await;
    let mut described = Described::by(&shop).await;
    let schema = described.schema("/components/schemas/ProgramShape");
    let program = shop.get("/v1/program").await.is(200);
    assert_eq!(described.faults(&program, schema), None);
    let sections = &described.description["components"]["schemas"]["ProgramShape"]["properties"];
    let unknown: BTreeMap<_, _> =
        program.as_object().unwrap().iter().filter(|(name, _)| sections.get(name).is_none()).collect();
    assert!(unknown.is_empty(), "sections of the program that shapes/program.rs does not describe: {unknown:#?}");
    let mut wrong = program;
    wrong["tiers"]["basis"] = json!("visits");
    assert!(described.faults(&wrong, schema).is_some());
}

#[tokio::test]
async fn a_hold_is_of_a_number_of_points_or_of_the_most_that_there_are() {
    let mut described = Described::by(&Shop::open(NOW).await).await;
    let schema = described.schema("/components/schemas/HoldAskShape");
    let ask = |points: Value| json!({"points": points, "order_total": {"amount": "100.00", "currency": "USD"}});
    for points in [json!("max"), json!(100)] {
        assert_eq!(described.faults(&ask(points), schema), None);
    }
    for points in [json!("most"), json!(1.5), json!({})] {
        assert!(described.faults(&ask(points), schema).is_some());
    }
}
