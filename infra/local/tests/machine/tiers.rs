use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Running, orders::order, start, time};

#[tokio::test]
async fn who_buys_nothing_for_a_year_is_a_step_down_after_it_by_the_schedule() {
    let running = silver_since("2026-06-18T09:00:00Z").await;
    let began = Instant::now();
    let moved = running.post("/local/clock", json!({ "advance": "P13M" })).await;
    // besides the review, it was mail's turn now and then
    assert!(moved["fired"].as_u64().is_some_and(|fired| fired > 0), "{moved}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(running.mia().await["tier"]["id"], "bronze");
    let change = newest_change(&running).await;
    assert_eq!((&change["from"], &change["to"]), (&json!("silver"), &json!("bronze")));
    // the period ended on the 18th at 09:00; the schedule's next time is ten minutes later
    assert_eq!(time(&change["since"]), "2027-06-18T09:00:00Z".parse::<Timestamp>().unwrap());
    assert_eq!(time(&change["at"]), "2027-06-18T09:10:00Z".parse::<Timestamp>().unwrap());
}

#[tokio::test]
async fn after_the_clock_went_back_the_function_reviews_who_is_due_before_the_old_time() {
    let running = start().await;
    running.set_clock("2031-01-01T00:00:00Z").await;
    running.post("/local/functions/tiers", json!({})).await;
    running.set_clock("2031-03-01T00:00:00Z").await;
    running.post("/local/functions/tiers", json!({})).await;
    let running = silver_in(running, "2026-06-18T09:00:00Z").await;
    // before the schedule would do it
    running.set_clock("2027-06-18T09:05:00Z").await;
    let report = running.post("/local/functions/tiers", json!({})).await;
    assert_eq!(report, json!({ "reviewed": 1, "changed": 1, "failed": 0, "stopped_early": false }));
    assert_eq!(newest_change(&running).await["to"], "bronze");
}

#[tokio::test]
async fn the_running_clock_fires_the_schedule_too() {
    let running = silver_since("2026-06-18T09:00:00Z").await;
    running.set_clock("2027-06-18T09:09:59.5Z").await;
    let waits_until = Instant::now() + Duration::from_secs(20);
    while newest_change(&running).await["to"] != "bronze" {
        assert!(Instant::now() < waits_until, "nobody was reviewed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Mia, who became silver then.
async fn silver_since(paid_at: &str) -> Running {
    silver_in(start().await, paid_at).await
}

async fn silver_in(running: Running, paid_at: &str) -> Running {
    running.set_clock(paid_at).await;
    running.pay(&order(1, paid_at, "110.00")).await;
    assert_eq!(running.mia().await["tier"]["id"], "silver");
    running
}

async fn newest_change(running: &Running) -> Value {
    let id = running.mia().await["id"].as_str().unwrap().to_owned();
    running.get(&format!("/v1/members/{id}/tiers")).await["tier_changes"][0].clone()
}
