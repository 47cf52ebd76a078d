//! Endpoints as the merchant sets them, and the list of events.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Shop, at,
    shop::{ADMIN, bearer},
};

use crate::{NOW, becomes_silver, change, delivery, events, run, shop_telling};

#[tokio::test]
async fn an_endpoint_is_read_changed_and_listed_without_its_secret() {
    let (shop, receiver, endpoint) = shop_telling(&["tier.changed", "points.available", "tier.changed"]).await;
    assert!(endpoint["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(endpoint["events"], json!(["points.available", "tier.changed"]));
    let changed = change(&shop, &endpoint, json!({"events": ["case.opened"]})).await;
    let expected = json!({"id": endpoint["id"], "url": receiver.url, "events": ["case.opened"], "on": true,
        "created_at": NOW});
    assert_eq!(changed, expected);
    assert_eq!(shop.get("/v1/endpoints").await.is(200), json!({"endpoints": [expected], "next_cursor": null}));
}

#[tokio::test]
async fn a_bad_endpoint_names_its_fields() {
    let shop = Shop::open(NOW).await;
    for (body, pointer) in [
        (json!({"url": "https://erp.example/", "events": []}), "/events"),
        (json!({"url": "https://erp.example/", "events": ["tier.changed", "tier.lost"]}), "/events/1"),
        (json!({"url": "http://erp.example/", "events": ["tier.changed"]}), "/url"),
        (json!({"url": "https://10.0.0.1/", "events": ["tier.changed"]}), "/url"),
        (json!({"url": "https://169.254.169.254/latest", "events": ["tier.changed"]}), "/url"),
        (json!({"url": "erp", "events": ["tier.changed"]}), "/url"),
        (json!({"url": "https://erp.example/", "events": ["tier.changed"], "on": true}), "/on"),
    ] {
        let problem = shop.post("/v1/endpoints", &body, None).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
    }
}

#[tokio::test]
async fn there_are_ten_endpoints_at_most_and_the_same_request_makes_one() {
    let shop = Shop::open(NOW).await;
    let body = json!({"url": "https://erp.example/", "events": ["tier.changed"]});
    let first = shop.post("/v1/endpoints", &body, Some("k-1")).await.is(201);
    assert_eq!(shop.post("/v1/endpoints", &body, Some("k-1")).await.is(201), first);
    for _ in 1..10 {
        shop.post("/v1/endpoints", &body, None).await.is(201);
    }
    shop.post("/v1/endpoints", &body, None).await.is_problem(409, "too-many-endpoints");
}

#[tokio::test]
async fn events_are_listed_in_order_by_pages_and_by_kind() {
    let (shop, _, _) = shop_telling(&["tier.changed", "consent.changed"]).await;
    for buyer in 1..=5 {
        shop.move_clock(shop.now() + SignedDuration::from_hours(20));
        becomes_silver(&shop, buyer).await;
    }
    let all = events(&shop).await;
    let mut paged = Vec::new();
    let mut path = "/v1/events?limit=2".to_owned();
    loop {
        let page = shop.get(&path).await.is(200);
        paged.extend(page["events"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/events?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, all);
    let times: Vec<&str> = all.iter().map(|event| event["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let tiers = shop.get("/v1/events?type=tier.changed").await.is(200)["events"].clone();
    assert_eq!(tiers.as_array().unwrap().len(), 5);
    let after = format!("/v1/events?type=tier.changed&after={}", tiers[3]["id"].as_str().unwrap());
    assert_eq!(shop.get(&after).await.is(200)["events"], json!([tiers[4]]));
    shop.get("/v1/events?type=tier.lost").await.is_problem(400, "invalid-request");
    shop.get("/v1/events?after=yesterday").await.is_problem(400, "invalid-request");
}

#[tokio::test]
async fn what_was_for_an_endpoint_that_is_off_or_removed_is_skipped() {
    let (shop, receiver, endpoint) = shop_telling(&["tier.changed"]).await;
    becomes_silver(&shop, 1).await;
    let path = format!("/v1/endpoints/{}", endpoint["id"].as_str().unwrap());
    shop.call("DELETE", &path, &[bearer(ADMIN).as_header()], "").await.is(204);
    shop.get(&path).await.is_problem(404, "not-found");
    shop.call("DELETE", &path, &[bearer(ADMIN).as_header()], "").await.is_problem(404, "not-found");
    run(&shop).await;
    assert_eq!(delivery(&shop).await, ("skipped".to_owned(), 0, Value::Null));
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn while_a_secret_is_replaced_both_sign_for_a_day() {
    let (shop, receiver, endpoint) = shop_telling(&["tier.changed"]).await;
    let changed = change(&shop, &endpoint, json!({"rotate_secret": true})).await;
    let secrets = [endpoint["secret"].as_str().unwrap(), changed["secret"].as_str().unwrap()];
    assert_ne!(secrets[0], secrets[1]);
    becomes_silver(&shop, 1).await;
    run(&shop).await;
    shop.move_clock(at(NOW) + SignedDuration::from_hours(24));
    becomes_silver(&shop, 2).await;
    run(&shop).await;
    let signed: Vec<[bool; 2]> = receiver
        .received()
        .iter()
        .map(|one| {
            let sent_at: i64 = one.header("webhook-timestamp").parse().unwrap();
            secrets.map(|secret| one.is_signed_by(secret, jiff::Timestamp::from_second(sent_at).unwrap()))
        })
        .collect();
    assert_eq!(signed, [[true, true], [false, true]]);
}
