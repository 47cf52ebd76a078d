//! A bad review is a case that somebody at the shop resolves.

use serde_json::{Value, json};
use tests::{
    Shop, at, captured,
    shop::{ADMIN, STOREFRONT},
};

use crate::{NOW, PRODUCT, SECOND, buyer, change_reviews, each, later, listed, patch, review, shop_with_buyer};

async fn resolve(shop: &Shop, case: &Value, body: &Value) -> Value {
    patch(shop, &format!("/v1/cases/{}", case["id"].as_str().unwrap()), body).await.is(200)
}

#[tokio::test]
async fn three_stars_or_fewer_open_one_at_once_that_is_due_in_two_days() {
    let (shop, id) = shop_with_buyer().await;
    review(&shop, &id, SECOND, 4).await;
    assert!(listed(&shop, ADMIN, "/v1/cases").await.is_empty());
    let bad = review(&shop, &id, PRODUCT, 3).await;
    let case = shop.get("/v1/cases").await.is(200)["cases"][0].clone();
    assert_eq!((&case["kind"], &case["state"], &case["member_id"]), (&json!("bad_review"), &json!("open"), &json!(id)));
    assert_eq!(case["about"], json!({"review": bad["id"], "product": PRODUCT, "rating": 3}));
    assert_eq!((&case["opened_at"], &case["due_at"]), (&json!(NOW), &json!("2026-06-22T12:00:00Z")));
    assert_eq!(shop.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap())).await.is(200), case);
    shop.get_as(STOREFRONT, "/v1/cases").await.is_problem(403, "forbidden");
}

#[tokio::test]
async fn the_program_says_from_how_many_stars_and_how_fast() {
    let (shop, id) = shop_with_buyer().await;
    change_reviews(&shop, json!({"alert_at_most": 0})).await;
    review(&shop, &id, PRODUCT, 1).await;
    assert!(listed(&shop, ADMIN, "/v1/cases").await.is_empty());
    change_reviews(&shop, json!({"alert_at_most": 4, "answer_within_hours": 2})).await;
    review(&shop, &id, SECOND, 4).await;
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/cases").await, "due_at"), ["2026-06-20T14:00:00Z"]);
}

#[tokio::test]
async fn however_often_it_is_changed_a_review_has_one_case_that_stays_resolved_until_a_good_one_turns_bad() {
    let (shop, id) = shop_with_buyer().await;
    review(&shop, &id, PRODUCT, 3).await;
    later(&shop, 10);
    review(&shop, &id, PRODUCT, 1).await;
    let cases = listed(&shop, ADMIN, "/v1/cases").await;
    assert_eq!((cases.len(), &cases[0]["about"]["rating"], &cases[0]["opened_at"]), (1, &json!(1), &json!(NOW)));
    let note = json!({"state": "resolved", "note": " Called them.\u{202e} "});
    let resolved = resolve(&shop, &cases[0], &note).await;
    assert_eq!((&resolved["state"], &resolved["note"]), (&json!("resolved"), &json!("Called them.")));
    assert_eq!(resolved["resolved_at"], "2026-06-20T12:10:00Z");
    later(&shop, 10);
    assert_eq!(resolve(&shop, &resolved, &json!({"state": "resolved"})).await, resolved);
    for stars in [2, 5] {
        later(&shop, 10);
        review(&shop, &id, PRODUCT, stars).await;
        assert_eq!(listed(&shop, ADMIN, "/v1/cases").await, std::slice::from_ref(&resolved));
    }
    later(&shop, 10);
    review(&shop, &id, PRODUCT, 1).await;
    let again = listed(&shop, ADMIN, "/v1/cases").await;
    assert_eq!((again.len(), &again[0]["id"], &again[0]["state"]), (1, &resolved["id"], &json!("open")));
    assert_eq!(again[0]["opened_at"], json!(shop.now()));
}

#[tokio::test]
async fn an_endpoint_is_told_of_it_once() {
    let (shop, id) = shop_with_buyer().await;
    let endpoint = json!({"url": "https://erp.example/hooks", "events": ["case.opened"]});
    shop.post("/v1/endpoints", &endpoint, None).await.is(201);
    let bad = review(&shop, &id, PRODUCT, 2).await;
    later(&shop, 10);
    review(&shop, &id, PRODUCT, 1).await;
    let events = shop.get("/v1/events").await.is(200)["events"].as_array().unwrap().clone();
    assert_eq!(each(&events, "type"), ["case.opened"]);
    let case = listed(&shop, ADMIN, "/v1/cases").await[0].clone();
    assert_eq!(
        events[0]["data"],
        json!({"kind": "bad_review", "about": {"review": bad["id"], "product": PRODUCT, "rating": 2}, "member_id": id,
            "case_id": case["id"], "opened_at": case["opened_at"], "due_at": case["due_at"]})
    );
}

#[tokio::test]
async fn what_is_urgent_is_first_and_what_is_resolved_is_last() {
    let shop = Shop::open(NOW).await;
    let mut opened = Vec::new();
    for (number, hours) in [(1, 48), (2, 2), (3, 24), (4, 12)] {
        let id = buyer(&shop, number).await;
        change_reviews(&shop, json!({"answer_within_hours": hours})).await;
        review(&shop, &id, PRODUCT, 1).await;
        opened.push(listed(&shop, ADMIN, &format!("/v1/cases?member_id={id}")).await[0].clone());
        later(&shop, 1);
    }
    shop.send("shop/redact", &captured("shop-redact").payload()).await.is(200);
    let redact = listed(&shop, ADMIN, "/v1/cases?kind=shop_redact").await;
    assert_eq!((redact.len(), &redact[0]["member_id"], &redact[0]["state"]), (1, &Value::Null, &json!("open")));
    assert!(redact[0]["source"].is_string(), "{redact:?}");
    for number in [2, 0] {
        resolve(&shop, &opened[number], &json!({"state": "resolved"})).await;
        later(&shop, 1);
    }
    let id = |case: &Value| case["id"].as_str().unwrap().to_owned();
    let open = [id(&opened[1]), id(&opened[3]), id(&redact[0])];
    let resolved = [id(&opened[0]), id(&opened[2])];
    for limit in [1, 2, 3, 100] {
        for (query, wanted) in [
            (String::new(), [open.as_slice(), &resolved].concat()),
            ("&state=open".to_owned(), open.to_vec()),
            ("&state=resolved".to_owned(), resolved.to_vec()),
            ("&kind=bad_review".to_owned(), [&open[..2], &resolved].concat()),
            ("&state=resolved&kind=data_request".to_owned(), Vec::new()),
        ] {
            let mut path = format!("/v1/cases?limit={limit}{query}");
            let mut found = Vec::new();
            loop {
                let answer = shop.get(&path).await;
                let link = answer.header("link").map(str::to_owned);
                found.extend(answer.is(200)["cases"].as_array().unwrap().iter().map(id));
                let Some(link) = link else { break };
                path = link.split(['<', '>']).nth(1).unwrap().to_owned();
            }
            assert_eq!(found, wanted, "{limit} {query}");
        }
    }
}

#[tokio::test]
async fn a_shop_that_leaves_again_long_after_is_a_case_again() {
    let shop = Shop::open(NOW).await;
    let payload = captured("shop-redact").payload();
    shop.send("shop/redact", &payload).await.is(200);
    let first = listed(&shop, ADMIN, "/v1/cases").await;
    resolve(&shop, &first[0], &json!({"state": "resolved", "note": "done"})).await;
    shop.send("shop/redact", &payload).await.is(200);
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/cases").await, "state"), ["resolved"]);
    shop.move_clock(at("2026-12-20T12:00:00Z"));
    shop.send("shop/redact", &payload).await.is(200);
    let again = listed(&shop, ADMIN, "/v1/cases").await;
    assert_eq!((again.len(), &again[0]["id"], &again[0]["state"]), (1, &first[0]["id"], &json!("open")));
    assert_eq!(again[0]["opened_at"], "2026-12-20T12:00:00Z");
}

#[tokio::test]
async fn a_case_of_nobody_and_a_bad_word_on_one_are_refused() {
    let (shop, id) = shop_with_buyer().await;
    review(&shop, &id, PRODUCT, 1).await;
    let path = format!("/v1/cases/{}", listed(&shop, ADMIN, "/v1/cases").await[0]["id"].as_str().unwrap());
    for (body, pointer) in [
        (json!({"state": "open"}), "/state"),
        (json!({}), "/state"),
        (json!({"state": "resolved", "note": "x".repeat(2_001)}), "/note"),
        (json!({"state": "resolved", "by": "Ada"}), "/by"),
    ] {
        let problem = patch(&shop, &path, &body).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    for nobody in ["case_0", "x%23y"] {
        shop.get(&format!("/v1/cases/{nobody}")).await.is_problem(404, "not-found");
        patch(&shop, &format!("/v1/cases/{nobody}"), &json!({"state": "resolved"})).await.is_problem(404, "not-found");
    }
    shop.get("/v1/cases?member_id=mem_nobody").await.is_problem(404, "not-found");
    for query in ["state=closed", "kind=angry", "cursor=x", "cursor=O~1~2~case_1", "member_id=a%23b"] {
        shop.get(&format!("/v1/cases?{query}")).await.is_problem(400, "invalid-request");
    }
}
