//! A member has one review of a product, and may change their mind.

use serde_json::{Value, json};
use tests::shop::{ADMIN, PUBLISHABLE};

use crate::{PRODUCT, change_reviews, each, judge, later, listed, post, review, shop_with_buyer};

#[tokio::test]
async fn the_next_one_takes_the_place_of_the_first() {
    let (shop, id) = shop_with_buyer().await;
    let first = post(&shop, &id, &json!({"product_id": PRODUCT, "rating": 5, "text": "Splendid"}), "k-1").await.is(201);
    let replied = judge(&shop, &first, json!({"reply": "Thank you"})).await;
    later(&shop, 60);
    let second = post(&shop, &id, &json!({"product_id": PRODUCT, "rating": 4, "text": "Good"}), "k-2").await.is(201);
    assert_eq!((&second["id"], &second["created_at"]), (&first["id"], &first["created_at"]));
    assert_ne!(second["updated_at"], first["updated_at"]);
    assert_eq!((&second["rating"], &second["text"], &second["reply"]), (&json!(4), &json!("Good"), &replied["reply"]));
    let all = listed(&shop, PUBLISHABLE, "/v1/reviews").await;
    assert_eq!(each(&all, "text"), ["Good"]);
}

#[tokio::test]
async fn the_same_again_changes_nothing() {
    let (shop, id) = shop_with_buyer().await;
    let first = review(&shop, &id, PRODUCT, 5).await;
    let rows = shop.rows().await.into_iter().filter(|(key, _)| !key.starts_with("IDEM")).collect::<Vec<_>>();
    later(&shop, 60);
    assert_eq!(review(&shop, &id, PRODUCT, 5).await, first);
    assert_eq!(shop.rows().await.into_iter().filter(|(key, _)| !key.starts_with("IDEM")).collect::<Vec<_>>(), rows);
}

#[tokio::test]
async fn who_was_rejected_waits_for_a_person_whatever_they_write() {
    let (shop, id) = shop_with_buyer().await;
    let first = review(&shop, &id, PRODUCT, 1).await;
    assert_eq!(judge(&shop, &first, json!({"state": "rejected"})).await["state"], "rejected");
    for stars in [2, 5] {
        later(&shop, 60);
        assert_eq!(review(&shop, &id, PRODUCT, stars).await["state"], "pending");
    }
    assert_eq!(listed(&shop, PUBLISHABLE, "/v1/reviews").await, Vec::<Value>::new());
    judge(&shop, &first, json!({"state": "published"})).await;
    assert_eq!(each(&listed(&shop, PUBLISHABLE, "/v1/reviews").await, "rating"), [5]);
}

#[tokio::test]
async fn the_program_says_what_is_shown_at_once() {
    let (shop, id) = shop_with_buyer().await;
    change_reviews(&shop, json!({"publish": "after_approval"})).await;
    let first = review(&shop, &id, PRODUCT, 5).await;
    assert_eq!(first["state"], "pending");
    judge(&shop, &first, json!({"state": "published"})).await;
    later(&shop, 60);
    assert_eq!(review(&shop, &id, PRODUCT, 4).await["state"], "pending");
    change_reviews(&shop, json!({"publish": "at_once"})).await;
    assert_eq!(review(&shop, &id, crate::SECOND, 1).await["state"], "published");
    assert_eq!(each(&listed(&shop, ADMIN, "/v1/reviews").await, "state"), ["published", "pending"]);
}

#[tokio::test]
async fn a_program_s_faults_with_reviews_are_named() {
    let (shop, _) = shop_with_buyer().await;
    for (reviews, pointer) in [
        (json!({"publish": "sometimes"}), "/reviews/publish"),
        (json!({"publish": "from_rating"}), "/reviews/publish"),
        (json!({"from_rating": 4}), "/reviews/from_rating"),
        (json!({"alert_at_most": 6}), "/reviews/alert_at_most"),
        (json!({"answer_within_hours": 0}), "/reviews/answer_within_hours"),
        (json!({"stars": 5}), "/reviews/stars"),
    ] {
        let read = shop.get("/v1/program").await;
        let etag = read.header("etag").unwrap().to_owned();
        let mut program = read.is(200);
        program["reviews"] = reviews.clone();
        let problem = shop.put_program(&program, Some(&etag)).await.is_problem(400, "invalid-request");
        let pointers: Vec<&Value> = each(problem["errors"].as_array().unwrap(), "pointer");
        assert_eq!(pointers, [pointer], "{reviews}");
    }
}
