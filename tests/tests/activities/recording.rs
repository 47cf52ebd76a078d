//! Recording, reading back, and what is refused at once.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Shop, at};

use crate::{NOW, balance, record, shop_with_member};

#[tokio::test]
async fn an_activity_is_available_at_once_and_in_the_ledger() {
    let (shop, id) = shop_with_member().await;
    let body = json!({"type": "survey", "subject": " Spring  2026", "occurred_at": "2026-06-19T08:00:00Z"});
    let survey = record(&shop, &id, &body, "k-1").await.is(201);
    let activity_id = survey["id"].as_str().unwrap();
    assert!(activity_id.starts_with("act_"), "{survey}");
    assert_eq!(
        survey,
        json!({"id": activity_id, "type": "survey", "subject": "spring 2026", "state": "posted", "points": 50,
            "occurred_at": "2026-06-19T08:00:00Z", "recorded_at": NOW})
    );
    assert_eq!(balance(&shop, &id).await, 150);
    let entry = shop.ledger(&id).await.remove(0);
    assert_eq!(
        (&entry["kind"], &entry["points"], &entry["reason"]),
        (&json!("activity"), &json!(50), &json!("survey of `spring 2026` recorded"))
    );
    assert_eq!(record(&shop, &id, &body, "k-1").await.is(201), survey, "the same request again");
    assert_eq!(balance(&shop, &id).await, 150);
    record(&shop, &id, &json!({"type": "check_in"}), "k-1").await.is_problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn points_expire_by_when_it_occurred() {
    let (shop, id) = shop_with_member().await;
    let body = json!({"type": "survey", "subject": "a", "occurred_at": "2025-08-02T00:00:00Z"});
    record(&shop, &id, &body, "k-1").await.is(201);
    let lots = shop.lots(&id).await;
    assert_eq!(lots["lots"][0]["expires_on"], "2026-08-31", "{lots}");
    let body = json!({"type": "survey", "subject": "b", "occurred_at": "2025-06-20T00:00:00Z"});
    record(&shop, &id, &body, "k-2").await.is(201);
    assert_eq!(balance(&shop, &id).await, 200, "to the end of its month");
    shop.move_clock(at("2026-07-01T00:00:00Z"));
    assert_eq!(balance(&shop, &id).await, 150);
}

#[tokio::test]
async fn bad_requests_name_their_field_and_write_nothing() {
    let (shop, id) = shop_with_member().await;
    let rows = shop.rows().await;
    for (body, pointer) in [
        (json!({"type": "dance"}), "/type"),
        (json!({"type": "enrol"}), "/type"),
        (json!({"type": "Check_in"}), "/type"),
        (json!({}), "/type"),
        (json!({"type": 7}), "/type"),
        (json!({"type": "survey"}), "/subject"),
        (json!({"type": "review"}), "/subject"),
        (json!({"type": "survey", "subject": "  "}), "/subject"),
        (json!({"type": "survey", "subject": "анкета"}), "/subject"),
        (json!({"type": "check_in", "occurred_at": "today"}), "/occurred_at"),
        (json!({"type": "check_in", "occurred_at": "2026-06-21T12:00:01Z"}), "/occurred_at"),
        (json!({"type": "check_in", "occurred_at": "2025-06-19T11:59:59Z"}), "/occurred_at"),
        (json!({"type": "check_in", "points": 500}), "/points"),
    ] {
        let problem = record(&shop, &id, &body, "k-1").await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem}");
    }
    let path = format!("/v1/members/{id}/activities");
    shop.post(&path, &json!({"type": "check_in"}), None).await.is_problem(400, "idempotency-key-missing");
    record(&shop, "mem_0", &json!({"type": "check_in"}), "k-1").await.is_problem(404, "not-found");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn activities_are_read_page_by_page_the_newest_first() {
    let (shop, id) = shop_with_member().await;
    for subject in ["a", "b", "c", "d", "e"] {
        record(&shop, &id, &json!({"type": "survey", "subject": subject}), subject).await.is(201);
    }
    let path = format!("/v1/members/{id}/activities");
    let mut seen: Vec<Vec<String>> = Vec::new();
    let mut next = Some(format!("{path}?limit=2"));
    while let Some(here) = next {
        let page = shop.get(&here).await.is(200);
        let subject = |deed: &Value| deed["subject"].as_str().unwrap().to_owned();
        seen.push(page["activities"].as_array().unwrap().iter().map(subject).collect());
        next = page["next_cursor"].as_str().map(|cursor| format!("{path}?limit=2&cursor={cursor}"));
    }
    assert_eq!(seen, [vec!["e", "d"], vec!["c", "b"], vec!["a"]]);
    let problem = shop.get(&format!("{path}?cursor=%20")).await.is_problem(400, "invalid-request");
    assert_eq!(problem["errors"][0]["pointer"], "cursor");
    shop.get("/v1/members/mem_0/activities").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_subject_earns_once_however_it_is_written() {
    let (shop, id) = shop_with_member().await;
    record(&shop, &id, &json!({"type": "social_follow", "subject": "InstaGram"}), "k-1").await.is(201);
    for (number, subject) in ["instagram", " INSTAGRAM ", "Instagram"].into_iter().enumerate() {
        let answer =
            record(&shop, &id, &json!({"type": "social_follow", "subject": subject}), &format!("again-{number}")).await;
        answer.is_problem(409, "cap-reached");
    }
    record(&shop, &id, &json!({"type": "community_join", "subject": "instagram"}), "k-2").await.is(201);
    assert_eq!(balance(&shop, &id).await, 140);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_claims_of_one_subject_at_once_exactly_one_earns() {
    let (shop, id) = shop_with_member().await;
    let instances: Vec<Shop> = (0..5).map(|_| shop.another_instance()).collect();
    let claims = (0..100).zip(instances.iter().cycle()).map(|(number, shop)| {
        let (shop, id) = (shop.clone(), id.clone());
        tokio::spawn(async move {
            let body = json!({"type": "training", "subject": "safety"});
            loop {
                // whoever is answered 503 comes again
                let status = record(&shop, &id, &body, &format!("k-{number}")).await.status;
                if status != 503 {
                    return status;
                }
            }
        })
    });
    let statuses: Vec<u16> = join_all(claims).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    assert_eq!(balance(&shop, &id).await, 200);
}
