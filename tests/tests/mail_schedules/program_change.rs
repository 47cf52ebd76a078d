//! A new program plans anew what the old one had planned, in as many runs as that takes, wherever they are cut off.

use std::{ops::Range, time::Duration};

use app::Deadline;
use serde_json::{Value, json};
use tests::{
    Ses, Shop, at,
    mailing::{INVITATION, NOW, delivered, lifecycle, member, message, shop_with},
    payloads::email,
};
use web::schedules;

use crate::{copied, days_after, live_until, sent_to};

/// Where the replanning is cut off: at each but the last of so many parts.
const PARTS: usize = 4;
const REMINDER: &str = "review_invitation_2";

/// Puts a program in force in which the invitation is set otherwise.
async fn set(shop: &Shop, setting: &str, value: Value) {
    let answer = shop.get("/v1/program").await;
    let etag = answer.header("etag").unwrap().to_owned();
    let mut program = answer.is(200);
    program["mail"]["scenarios"]["review_invitation"][setting] = value;
    shop.put_program(&program, Some(&etag)).await.is(200);
}

async fn shown(shop: &Shop, id: &str, scenario: &str) -> (String, String, String) {
    let mail = message(shop, id, scenario).await;
    let text = |name: &str| mail[name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("reason"), text("due_at"))
}

fn waits(due_at: &str) -> (String, String, String) {
    ("planned".to_owned(), String::new(), due_at.to_owned())
}

/// Somebody whose order has come now.
async fn served(scenarios: &[&str]) -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(scenarios).await;
    lifecycle(&shop).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, at(NOW)).await;
    (shop, ses, id)
}

#[tokio::test]
async fn other_days_move_what_is_planned() {
    let (shop, ses, id) = served(&["review_invitation"]).await;
    let first = message(&shop, &id, INVITATION).await["id"].clone();
    set(&shop, "steps", json!(["P6D", "P8D"])).await;
    lifecycle(&shop).await;
    assert_eq!(shown(&shop, &id, INVITATION).await, waits("2026-06-26T16:00:00Z"));
    assert_eq!(shown(&shop, &id, REMINDER).await, waits("2026-06-28T16:00:00Z"));
    assert_eq!(message(&shop, &id, INVITATION).await["id"], first);
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert_eq!(
        sent_to(&ses, 1),
        [(INVITATION, 6), (REMINDER, 8)].map(|(name, days)| (name.to_owned(), days_after(at(NOW), days)))
    );
}

#[tokio::test]
async fn a_step_less_ends_what_was_planned_of_it_and_leaves_the_other() {
    let (shop, ses, id) = served(&["review_invitation"]).await;
    set(&shop, "steps", json!(["P4D"])).await;
    lifecycle(&shop).await;
    assert_eq!(shown(&shop, &id, INVITATION).await, waits("2026-06-24T16:00:00Z"));
    let (state, reason, _) = shown(&shop, &id, REMINDER).await;
    assert_eq!((state.as_str(), reason.as_str()), ("skipped", "scenario_off"));
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert_eq!(sent_to(&ses, 1).len(), 1);
}

#[tokio::test]
async fn switched_off_it_ends_and_switched_on_again_only_what_has_not_passed_is_planned() {
    let (shop, ses, id) = served(&["review_invitation"]).await;
    set(&shop, "on", json!(false)).await;
    lifecycle(&shop).await;
    for scenario in [INVITATION, REMINDER] {
        let (state, reason, _) = shown(&shop, &id, scenario).await;
        assert_eq!((state.as_str(), reason.as_str()), ("skipped", "scenario_off"));
    }
    // the first one's week is over, the second one's is not
    live_until(&shop, days_after(at(NOW), 12)).await;
    set(&shop, "on", json!(true)).await;
    lifecycle(&shop).await;
    assert_eq!(shown(&shop, &id, INVITATION).await.0, "skipped");
    assert_eq!(shown(&shop, &id, REMINDER).await, waits("2026-07-01T16:00:00Z"));
    live_until(&shop, days_after(at(NOW), 30)).await;
    assert_eq!(sent_to(&ses, 1).into_iter().map(|(name, _)| name).collect::<Vec<_>>(), [REMINDER]);
}

const MEMBERS: u64 = 16;
/// Of no use but to make the table longer than a page.
const FILLERS: Range<u64> = 1_000..2_600;

/// A shop that has just got a program by which the invitations of all its members come later.
async fn changed() -> Shop {
    let (shop, _, id) = served(&["review_invitation"]).await;
    copied(&shop, &id, 2..=MEMBERS);
    let proof = shop.pattern(&id, 1, 0).only(&["CON#"]);
    shop.import_rows(FILLERS.flat_map(|number| proof.copy(number, 0, 0)).collect());
    set(&shop, "steps", json!(["P6D", "P8D"])).await;
    shop.wire.clear();
    shop
}

/// The rows of the copies, whose ids are the same in every shop, once nothing is to be planned again.
async fn settled(shop: &Shop) -> Vec<String> {
    while schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap().replanned.stopped_early {}
    let rows = shop.rows().await.into_values().map(|row| row.to_string());
    rows.filter(|row| !row.contains(&email(1))).collect()
}

/// The rows that one has and the other has not.
#[track_caller]
fn are_the_same(rows: &[String], expected: &[String], when: &str) {
    let differ: Vec<&String> = rows
        .iter()
        .filter(|row| !expected.contains(row))
        .chain(expected.iter().filter(|row| !rows.contains(row)))
        .collect();
    assert!(differ.is_empty(), "{when}: {differ:#?}");
}

/// Where the next run goes on.
async fn place(shop: &Shop) -> Option<String> {
    let rows = shop.rows().await;
    let replan = rows.into_iter().find(|(key, _)| key.ends_with("REPLAN")).unwrap_or_else(|| panic!("no replan"));
    replan.1["after"].as_str().map(ToOwned::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_it_is_cut_off_the_next_run_goes_on_and_ends_the_same() {
    let shop = changed().await;
    let expected = settled(&shop).await;
    let calls = shop.wire.calls().len();
    assert!(expected.iter().filter(|row| row.contains("2026-06-26T16:00:00Z")).count() >= 15);
    let mut gone_on = 0;
    for part in 1..PARTS {
        let shop = changed().await;
        let stop = shop.wire.stop_at(calls * part / PARTS, part % 2 == 0);
        tokio::select! { () = stop.reached() => {}, () = lifecycle(&shop) => panic!("it ran to its end") }
        let is_further = place(&shop).await.is_some();
        shop.wire.clear();
        are_the_same(&settled(&shop).await, &expected, &format!("killed at {part} of {PARTS}"));
        let left = shop.wire.calls().len();
        gone_on += usize::from(is_further && left < calls);
    }
    assert!(gone_on > 0, "what was done is not done again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_without_time_plans_nothing_again_and_the_next_one_does() {
    let expected = settled(&changed().await).await;
    let shop = changed().await;
    schedules::lifecycle(&shop.state, Deadline::within(Duration::ZERO)).await.unwrap();
    assert_eq!(place(&shop).await, None);
    are_the_same(&settled(&shop).await, &expected, "after a run without time");
}
