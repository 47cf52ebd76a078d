//! Caps count when something is recorded, by the program's calendar, whatever time the caller claims.

use serde_json::json;
use tests::{Shop, at};

use crate::{balance, change_program, record, shop_with_buyer, shop_with_member};

async fn status(shop: &Shop, member: &str, kind: &str, key: &str) -> u16 {
    record(shop, member, &json!({"type": kind}), key).await.status
}

#[tokio::test]
async fn a_check_in_counts_once_a_day_and_for_fifty_points_a_month() {
    let (shop, id) = shop_with_member().await;
    for day in 1..=31 {
        shop.move_clock(at(&format!("2026-07-{day:02}T23:59:59Z")));
        let expected = if day <= 10 { 201 } else { 409 };
        assert_eq!(status(&shop, &id, "check_in", &format!("first-{day}")).await, expected, "on day {day}");
        let again = record(&shop, &id, &json!({"type": "check_in"}), &format!("again-{day}")).await;
        again.is_problem(409, "cap-reached");
    }
    shop.move_clock(at("2026-08-01T00:00:00Z"));
    assert_eq!(status(&shop, &id, "check_in", "august").await, 201);
    assert_eq!(balance(&shop, &id).await, 155);
}

#[tokio::test]
async fn no_clock_of_a_caller_opens_a_cap() {
    let (shop, id) = shop_with_member().await;
    for (number, occurred_at) in
        ["2026-06-20T12:00:00Z", "2026-06-19T12:00:00Z", "2026-06-21T11:00:00Z", "2025-07-01T00:00:00Z"]
            .into_iter()
            .enumerate()
    {
        let body = json!({"type": "check_in", "occurred_at": occurred_at});
        let expected = if number == 0 { 201 } else { 409 };
        assert_eq!(record(&shop, &id, &body, &format!("k-{number}")).await.status, expected, "{occurred_at}");
    }
    assert_eq!(balance(&shop, &id).await, 105);
}

#[tokio::test]
async fn a_day_is_the_program_s_day() {
    let (shop, id) = shop_with_member().await;
    change_program(&shop, &[("/zone", json!("America/New_York"))]).await;
    shop.move_clock(at("2026-06-22T03:59:59Z"));
    assert_eq!(status(&shop, &id, "check_in", "k-1").await, 201);
    shop.move_clock(at("2026-06-22T04:00:00Z"));
    assert_eq!(status(&shop, &id, "check_in", "k-2").await, 201, "midnight in New York");
    shop.move_clock(at("2026-06-23T03:59:59Z"));
    assert_eq!(status(&shop, &id, "check_in", "k-3").await, 409);
}

#[tokio::test]
async fn a_share_counts_five_times_a_month() {
    let (shop, id) = shop_with_buyer().await;
    let before = balance(&shop, &id).await;
    for day in 21..=28 {
        shop.move_clock(at(&format!("2026-06-{day}T12:00:00Z")));
        let expected = if day < 26 { 201 } else { 409 };
        assert_eq!(status(&shop, &id, "share", &format!("k-{day}")).await, expected, "on day {day}");
    }
    assert_eq!(balance(&shop, &id).await, before + 50);
}

#[tokio::test]
async fn caps_of_a_year_and_of_a_lifetime_hold_and_points_never_come_in_parts() {
    let (shop, id) = shop_with_member().await;
    let caps = json!([{"period": "year", "points": 50}, {"period": "lifetime", "times": 4}]);
    let quiz = json!({"points": 20, "caps": caps});
    change_program(&shop, &[("/activities/quiz", quiz)]).await;
    for (number, (now, expected)) in [
        ("2026-06-20T12:00:00Z", 201),
        ("2026-12-31T12:00:00Z", 201),
        ("2026-12-31T13:00:00Z", 409),
        ("2027-01-01T00:00:00Z", 201),
        ("2027-01-02T00:00:00Z", 201),
        ("2028-01-02T00:00:00Z", 409),
    ]
    .into_iter()
    .enumerate()
    {
        shop.move_clock(at(now));
        assert_eq!(status(&shop, &id, "quiz", &format!("k-{number}")).await, expected, "{now}");
    }
}
