//! Reviews that a storefront tells of by signed events.

use serde_json::{Value, json};
use tests::{Shop, captured::event, shop::ADMIN};

use crate::{each, judge, listed};

async fn shop() -> (Shop, String) {
    let shop = Shop::open("2026-06-30T12:00:00Z").await;
    shop.send_standard(&event("events-order-paid").body, shop.now()).await.is(200);
    let found = shop.get("/v1/members?source=storefront:local&customer_id=c_1881").await.is(200);
    let id = found["members"][0]["id"].as_str().unwrap().to_owned();
    (shop, id)
}

fn told() -> Value {
    serde_json::from_str(&event("events-review-created").body).unwrap()
}

async fn tell(shop: &Shop, body: &Value) -> Value {
    shop.send_standard(&body.to_string(), shop.now()).await.is(200)
}

#[tokio::test]
async fn a_review_that_is_told_is_kept_with_its_stars_and_its_words() {
    let (shop, id) = shop().await;
    assert_eq!(tell(&shop, &told()).await, json!({"result": "posted"}));
    let review = listed(&shop, ADMIN, "/v1/reviews").await[0].clone();
    assert_eq!(
        (&review["source"], &review["rating"], &review["member_id"]),
        (&json!("storefront"), &json!(5), &json!(id))
    );
    assert_eq!((&review["title"], &review["text"]), (&told()["data"]["title"], &told()["data"]["text"]));
    assert_eq!((&review["created_at"], &review["incentivised"]), (&told()["data"]["created_at"], &json!(true)));
    assert_eq!(tell(&shop, &told()).await, json!({"result": "known"}));
    assert_eq!(listed(&shop, ADMIN, "/v1/reviews").await, [review]);
}

#[tokio::test]
async fn what_is_told_late_does_not_overwrite_what_is_newer() {
    let (shop, _) = shop().await;
    let mut newer = told();
    newer["data"]["id"] = json!("rev_5522");
    newer["data"]["created_at"] = json!("2026-06-30T09:00:00Z");
    newer["data"]["rating"] = json!(2);
    assert_eq!(tell(&shop, &newer).await["result"], "posted");
    let of_the_same = json!({"result": "ignored", "reason": "the subject has earned already"});
    assert_eq!(tell(&shop, &told()).await, of_the_same);
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/reviews").await, "rating"), [2]);
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/cases").await, "kind"), ["bad_review"]);
    newer["data"]["id"] = json!("rev_5523");
    newer["data"]["created_at"] = json!("2026-06-30T11:00:00Z");
    newer["data"]["rating"] = json!(4);
    assert_eq!(tell(&shop, &newer).await["result"], "kept");
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/reviews").await, "rating"), [4]);
}

#[tokio::test]
async fn events_that_come_again_in_any_order_open_no_case_again() {
    let (shop, _) = shop().await;
    let events = [(2, "rev_1", "08:00"), (5, "rev_2", "09:00"), (1, "rev_3", "10:00"), (4, "rev_4", "11:00")];
    let events = events.map(|(rating, id, time)| {
        let mut event = told();
        event["data"]["id"] = json!(id);
        event["data"]["rating"] = json!(rating);
        event["data"]["created_at"] = json!(format!("2026-06-30T{time}:00Z"));
        event
    });
    for event in &events {
        tell(&shop, event).await;
    }
    let cases = listed(&shop, ADMIN, "/v1/cases").await;
    assert_eq!(each(&cases, "about").iter().map(|about| &about["rating"]).collect::<Vec<_>>(), [4]);

    for event in events.iter().rev().chain(&events) {
        crate::later(&shop, 1);
        tell(&shop, event).await;
        assert_eq!(listed(&shop, ADMIN, "/v1/cases").await, cases);
    }
}

#[tokio::test]
async fn without_stars_it_is_an_activity_alone() {
    let (shop, _) = shop().await;
    let mut bare = told();
    bare["data"].as_object_mut().unwrap().remove("rating");
    assert_eq!(tell(&shop, &bare).await, json!({"result": "posted"}));
    assert!(listed(&shop, ADMIN, "/v1/reviews").await.is_empty());
    // the stars come with another telling of it
    assert_eq!(tell(&shop, &told()).await["result"], "kept");
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/reviews").await, "incentivised"), [true]);
}

#[tokio::test]
async fn what_is_too_long_is_cut_and_what_is_no_review_is_refused() {
    let (shop, _) = shop().await;
    let mut long = told();
    (long["data"]["title"], long["data"]["text"]) = (json!("t".repeat(500)), json!("é".repeat(100_000)));
    long["data"]["author"] = json!("  Ada\u{202e}  ");
    tell(&shop, &long).await;
    let review = listed(&shop, ADMIN, "/v1/reviews").await[0].clone();
    assert_eq!(
        (review["title"].as_str().unwrap().len(), review["text"].as_str().unwrap().chars().count()),
        (120, 5_000)
    );
    assert_eq!(review["author"], "Ada");
    judge(&shop, &review, json!({"state": "rejected"})).await;
    for (field, value) in [
        ("rating", json!(0)),
        ("rating", json!(4.5)),
        ("rating", json!("great")),
        ("title", json!({"text": "x"})),
        ("text", json!(7)),
        ("product_id", json!("a b")),
    ] {
        let mut bad = told();
        bad["data"][field] = value;
        let problem = shop.send_standard(&bad.to_string(), shop.now()).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], format!("/data/{field}"), "{problem}");
    }
}
