use std::time::{Duration, Instant};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use web::clock::Clock;

use crate::{orders::order, start};

#[tokio::test]
async fn the_clock_begins_at_the_machine_s_time_and_runs_on() {
    let running = start().await;
    let first = running.now().await;
    assert!(Clock::System.now().duration_since(first).abs() < SignedDuration::from_secs(5));
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert!(running.now().await > first);
}

#[tokio::test]
async fn a_clock_that_was_moved_runs_on_from_there() {
    let running = start().await;
    let moved = running.post("/local/clock", json!({ "now": "2027-03-01T00:00:00Z" })).await;
    assert_eq!(moved, json!({ "now": "2027-03-01T00:00:00Z", "fired": 0 }));
    tokio::time::sleep(Duration::from_millis(350)).await;
    let after = running.now().await.duration_since("2027-03-01T00:00:00Z".parse().unwrap());
    assert!(after > SignedDuration::ZERO && after < SignedDuration::from_secs(5), "{after}");
}

#[tokio::test]
async fn time_goes_back_only_while_there_are_no_members() {
    let running = start().await;
    running.set_clock("2026-06-18T10:00:00Z").await;
    running.set_clock("2026-06-01T10:00:00Z").await;
    running.set_clock("2026-06-18T10:00:00Z").await;
    running.pay(&order(1, "2026-06-18T09:00:00Z", "19.99")).await;
    let (status, problem) = running.refused("/local/clock", json!({ "now": "2026-06-18T09:00:00Z" })).await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:regulars:problem:has-members")));
    assert_eq!(running.refused("/local/clock", json!({ "advance": "-PT1H" })).await.0, 409);
    assert!(running.now().await >= "2026-06-18T10:00:00Z".parse::<Timestamp>().unwrap());
    running.post("/local/clock", json!({ "advance": "PT1H" })).await;
}

#[tokio::test]
async fn moves_at_the_same_time_wait_for_each_other() {
    let running = start().await;
    running.set_clock("2026-06-01T00:00:00Z").await;
    let day = json!({ "advance": "P1D" });
    join_all((0..10).map(|_| running.post("/local/clock", day.clone()))).await;
    let passed = running.now().await.duration_since("2026-06-11T00:00:00Z".parse().unwrap());
    assert!(passed >= SignedDuration::ZERO && passed < SignedDuration::from_secs(30), "{passed}");
}

#[tokio::test]
async fn a_bad_move_names_the_field() {
    let running = start().await;
    let bad = [
        (json!({ "advance": "soon" }), "/advance"),
        (json!({ "advance": 30 }), "/advance"),
        (json!({ "now": "tomorrow" }), "/now"),
        (json!({ "now": "1970-01-01T00:00:00Z" }), "/now"),
        (json!({ "now": "2026-06-01T00:00:00Z", "advance": "P1D" }), "/now"),
        (json!({ "forward": "P1D" }), "/forward"),
        (json!({}), "/advance"),
        (json!([]), ""),
    ];
    for (body, pointer) in bad {
        let (status, problem) = running.refused("/local/clock", body.clone()).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!(pointer)), "{body}: {problem}");
    }
}

#[tokio::test]
async fn sixty_days_with_ten_members_take_no_time_to_speak_of() {
    let running = start().await;
    running.set_clock("2026-06-18T10:00:00Z").await;
    for number in 0..10 {
        running.bring(number, &format!("reader.{number}@example.com"), "2026-06-15T09:00:00Z").await;
    }
    let began = Instant::now();
    running.post("/local/clock", json!({ "advance": "P60D" })).await;
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let mail = running.mail("").await;
    assert!(mail.len() >= 50, "three welcomes, care, tips and two invitations each, but what {} were", mail.len());
}
