//! A change of the program plans again what is not sent yet: of everybody, by what is in force.

use std::time::Duration;

use app::{Deadline, run_lifecycle::Lifecycle};
use jiff::SignedDuration;
use rules::ids::{MemberId, MessageId};
use serde_json::json;
use tests::{Shop, at};
use web::schedules;

use crate::{INVITATION, NOW, changed, delivered, member, message, shop_with};

/// The first invitation is due so many days after the delivery from now on.
async fn invite_after(shop: &Shop, days: u32) {
    let step = json!(format!("P{days}D"));
    changed(shop, |program| program["mail"]["scenarios"]["review_invitation"]["steps"][0] = step).await;
}

async fn deadline_at(shop: &Shop, id: &str) -> jiff::Timestamp {
    let message = message(shop, id, INVITATION).await["id"].as_str().unwrap().to_owned();
    let (id, message) = (MemberId::parse(id).unwrap(), MessageId::parse(&message).unwrap());
    shop.state.app.store.message(&id, &message).await.unwrap().unwrap().deadline_at
}

#[tokio::test]
async fn how_long_a_mail_may_wait_follows_the_program_where_it_is_due_when_it_was() {
    let (shop, _) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, at(NOW)).await;
    let due = due_at(&shop, &id).await;
    for days in [20, 2] {
        let longest = json!(format!("P{days}D"));
        changed(&shop, |program| program["mail"]["scenarios"]["review_invitation"]["deadline"] = longest).await;
        shop.move_clock(shop.now() + SignedDuration::from_mins(1));
        assert!(run(&shop).await.replanned.served > 0);
        let deadline = deadline_at(&shop, &id).await;
        assert_eq!((due_at(&shop, &id).await, deadline), (due, due + SignedDuration::from_hours(24 * i64::from(days))));
    }
    assert_eq!(run(&shop).await.replanned, app::Tally::default(), "it is done");
}

#[tokio::test]
async fn what_a_consent_planned_follows_the_program_too_and_a_step_that_is_gone_is_not_sent() {
    let (shop, ses) = shop_with(&["welcome"]).await;
    let id = member(&shop, 1).await;
    run(&shop).await;
    let due = async |step: &str| at(message(&shop, &id, step).await["due_at"].as_str().unwrap());
    let (second, third) = (due("welcome_2").await, due("welcome_3").await);
    changed(&shop, |program| program["mail"]["scenarios"]["welcome"]["steps"] = json!(["P0D", "P3D"])).await;
    shop.move_clock(shop.now() + SignedDuration::from_mins(1));
    run(&shop).await;
    assert_eq!((due("welcome_2").await, due("welcome_3").await), (second + SignedDuration::from_hours(24), third));
    shop.move_clock(third + SignedDuration::from_mins(1));
    run(&shop).await;
    let third = message(&shop, &id, "welcome_3").await;
    assert_eq!((&third["state"], &third["reason"]), (&json!("skipped"), &json!("scenario_off")));
    assert_eq!(ses.taken().len(), 2);
}

async fn run(shop: &Shop) -> Lifecycle {
    schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap()
}

async fn due_at(shop: &Shop, id: &str) -> jiff::Timestamp {
    at(message(shop, id, INVITATION).await["due_at"].as_str().unwrap())
}

#[tokio::test]
async fn a_run_that_began_before_the_program_changed_leaves_it_to_the_next() {
    let (shop, _) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, at(NOW)).await;
    let before = due_at(&shop, &id).await;
    let begun = at("2026-06-20T17:00:00Z");
    shop.move_clock(begun + SignedDuration::from_secs(30));
    invite_after(&shop, 6).await;
    shop.move_clock(begun);
    let early = run(&shop).await.replanned;
    assert_eq!((early.served, early.stopped_early, due_at(&shop, &id).await), (0, true, before));
    shop.move_clock(begun + SignedDuration::from_mins(1));
    run(&shop).await;
    assert_eq!(due_at(&shop, &id).await, before + SignedDuration::from_hours(48));
    assert_eq!(run(&shop).await.replanned, app::Tally::default(), "it is done");
}

#[tokio::test]
async fn a_row_that_fails_keeps_nobody_else_s_mail_from_being_planned_again() {
    let (shop, _) = shop_with(&["review_invitation"]).await;
    let mut ids = Vec::new();
    for number in 1..=4 {
        ids.push(member(&shop, number).await);
        delivered(&shop, number, at(NOW)).await;
    }
    let before = due_at(&shop, &ids[0]).await;
    run(&shop).await;
    shop.set_readable(&ids[1], "ACCOUNT", false).await;
    invite_after(&shop, 6).await;
    let stopped = schedules::lifecycle(&shop.state, Deadline::within(Duration::ZERO)).await.unwrap().replanned;
    assert!(stopped.stopped_early, "without any time it is not done");
    let planned = run(&shop).await.replanned;
    assert_eq!((planned.served, planned.failed), (3, 2), "their order and their account");
    for id in [&ids[0], &ids[2], &ids[3]] {
        assert_eq!(due_at(&shop, id).await, before + SignedDuration::from_hours(48));
    }
    assert_eq!(run(&shop).await.replanned, app::Tally::default(), "it is done");
}
