//! Activities that a storefront tells of by signed events.

use serde_json::{Value, json};
use tests::{Shop, at, captured::event};

use crate::{balance, reverse};

/// A shop of another make with a customer who bought there.
async fn shop() -> (Shop, String) {
    let shop = Shop::open("2026-06-30T12:00:00Z").await;
    shop.send_standard(&event("events-order-paid").body, shop.now()).await.is(200);
    let found = shop.get("/v1/members?source=storefront:local&customer_id=c_1881").await.is(200);
    let id = found["members"][0]["id"].as_str().unwrap().to_owned();
    (shop, id)
}

async fn told(shop: &Shop, name: &str) -> Value {
    shop.send_standard(&event(&format!("events-{name}")).body, shop.now()).await.is(200)
}

async fn tell(shop: &Shop, data: Value) -> Value {
    let body = json!({"type": "activity.recorded", "timestamp": "2026-06-30T12:00:00Z", "data": data});
    shop.send_standard(&body.to_string(), shop.now()).await.is(200)
}

fn check_in(id: &str) -> Value {
    json!({"id": id, "customer_id": "c_1881", "type": "check_in", "occurred_at": "2026-06-30T11:00:00Z"})
}

#[tokio::test]
async fn an_event_earns_once_for_ever() {
    let (shop, id) = shop().await;
    assert_eq!(told(&shop, "activity-recorded").await, json!({"result": "posted"}));
    for days in ["2026-06-30T12:11:00Z", "2026-07-01T12:00:00Z", "2027-08-10T12:00:00Z"] {
        shop.move_clock(at(days));
        assert_eq!(told(&shop, "activity-recorded").await, json!({"result": "known"}));
    }
    let listed = shop.get(&format!("/v1/members/{id}/activities")).await.is(200);
    assert_eq!(listed["activities"].as_array().unwrap().len(), 1);
    reverse(&shop, &id, &listed["activities"][0]).await.is(200);
    assert_eq!(told(&shop, "activity-recorded").await, json!({"result": "known"}));
    assert_eq!(balance(&shop, &id).await, 0);
}

#[tokio::test]
async fn each_of_many_is_taken_for_itself() {
    let (shop, id) = shop().await;
    let answer = told(&shop, "activities-recorded").await;
    assert_eq!(answer["result"], "posted");
    assert_eq!(
        answer["activities"],
        json!([{"id": "lms-course-17-c_1881", "result": "posted"}, {"id": "lms-quiz-4-c_1881", "result": "posted"},
            {"id": "lms-badge-2-c_1881", "result": "ignored", "reason": "the program has no such activity"}])
    );
    assert_eq!(balance(&shop, &id).await, 150);
    assert_eq!(told(&shop, "activities-recorded").await["result"], "known");
    let nobody = json!({"activities": []});
    assert_eq!(tell(&shop, nobody).await, json!({"result": "ignored", "reason": "it tells of no activity"}));
}

#[tokio::test]
async fn a_review_of_what_was_bought_earns_and_of_the_same_by_another_event_does_not() {
    let (shop, id) = shop().await;
    assert_eq!(told(&shop, "review-created").await, json!({"result": "posted"}));
    let mut again: Value = serde_json::from_str(&event("events-review-created").body).unwrap();
    again["data"]["id"] = json!("rev_5522");
    let answer = shop.send_standard(&again.to_string(), shop.now()).await.is(200);
    assert_eq!(answer, json!({"result": "ignored", "reason": "the subject has earned already"}));
    again["data"]["product_id"] = json!("NEVER-BOUGHT");
    let answer = shop.send_standard(&again.to_string(), shop.now()).await.is(200);
    assert_eq!(answer, json!({"result": "kept", "reason": "no purchase proves it"}));
    assert_eq!(balance(&shop, &id).await, 50);
}

#[tokio::test]
async fn what_earns_nothing_is_answered_with_its_reason() {
    let (shop, _) = shop().await;
    assert_eq!(tell(&shop, check_in("a")).await["result"], "posted");
    assert_eq!(tell(&shop, check_in("b")).await, json!({"result": "ignored", "reason": "a cap is reached"}));
    let mut stranger = check_in("c");
    stranger["customer_id"] = json!("c_nobody");
    assert_eq!(tell(&shop, stranger).await, json!({"result": "ignored", "reason": "the customer is not known"}));
    let mut enrol = check_in("d");
    enrol["type"] = json!("enrol");
    assert_eq!(tell(&shop, enrol).await["result"], "ignored");
    let mut survey = check_in("e");
    survey["type"] = json!("survey");
    assert_eq!(tell(&shop, survey).await, json!({"result": "ignored", "reason": "the activity needs a subject"}));
    let mut ugc = check_in("f");
    ugc["type"] = json!("ugc");
    assert_eq!(tell(&shop, ugc).await, json!({"result": "waiting"}));
}

#[tokio::test]
async fn a_malformed_activity_is_refused_by_its_field() {
    let (shop, id) = shop().await;
    for (name, value) in [
        ("id", Value::Null),
        ("customer_id", json!("")),
        ("type", json!(7)),
        ("occurred_at", json!("2026-07-02T12:00:00Z")),
        ("subject", json!("чай")),
    ] {
        let mut activity = check_in("a");
        activity[name] = value;
        let body = json!({"type": "activity.recorded", "timestamp": "2026-06-30T12:00:00Z",
            "data": {"activities": [check_in("b"), activity]}});
        let problem = shop.send_standard(&body.to_string(), shop.now()).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], format!("/data/activities/1/{name}"), "{problem}");
    }
    assert_eq!(balance(&shop, &id).await, 0);
}
