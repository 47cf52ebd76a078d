//! The review of tiers.
#![cfg(test)]

use std::ops::Range;

use app::Deadline;
use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::{Value, json};
use tests::{Buyer, Cost, Fault, Shop, at, payloads::*};
use web::schedules;

const BOUGHT_AT: &str = "2026-05-10T11:00:00Z";
const PERIOD_ENDS_AT: &str = "2027-05-10T11:00:00Z";

async fn review(shop: &Shop) -> (u64, u64, u64) {
    let review = schedules::tiers(&shop.state, Deadline::NONE).await.unwrap();
    (review.reviewed, review.changed, review.failed)
}

/// A shop two days before the period ends of these buyers, who all became silver at once.
async fn shop_with_silver(buyers: Range<u64>) -> Shop {
    let shop = Shop::open("2027-05-08T12:00:00Z").await;
    for number in buyers {
        buy(&shop, number, 6_120_000_000_000 + number, BOUGHT_AT, "210.00").await;
    }
    shop
}

async fn buy(shop: &Shop, buyer: u64, order: u64, paid_at: &str, price: &str) {
    let order = paid_order(order, &Buyer::with_account(buyer), at(paid_at), &[(price, 1)]);
    shop.send("orders/paid", &order).await.is(200);
}

async fn tier(shop: &Shop, buyer: u64) -> String {
    let member = shop.member(&shop.id_of_customer(customer_id(buyer)).await).await;
    member["tier"]["id"].as_str().unwrap().to_owned()
}

/// The changes of tier that are written down, the newest first.
async fn history(shop: &Shop, buyer: u64) -> Vec<(String, String, String)> {
    let id = shop.id_of_customer(customer_id(buyer)).await;
    let list = shop.get(&format!("/v1/members/{id}/tiers")).await.is(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let changes = list["tier_changes"].as_array().unwrap();
    changes.iter().map(|change| (text(&change["from"]), text(&change["to"]), text(&change["since"]))).collect()
}

fn step_down() -> (String, String, String) {
    ("silver".to_owned(), "bronze".to_owned(), PERIOD_ENDS_AT.to_owned())
}

async fn cursor(shop: &Shop) -> Option<Timestamp> {
    let rows = shop.rows().await;
    let (_, row) = rows.iter().find(|(key, _)| key.starts_with("CURSOR#"))?;
    Some(at(row["at"].as_str().unwrap()))
}

#[tokio::test]
async fn the_step_down_is_written_at_the_end_of_the_period() {
    let shop = shop_with_silver(1..2).await;
    shop.move_clock(at("2027-05-10T10:59:59Z"));
    assert_eq!(review(&shop).await, (0, 0, 0));
    assert_eq!(tier(&shop, 1).await, "silver");

    shop.move_clock(at("2027-05-10T11:00:01Z"));
    assert_eq!(tier(&shop, 1).await, "bronze", "what a member sees does not wait for the job");
    assert_eq!(history(&shop, 1).await.len(), 1);
    assert_eq!(review(&shop).await, (1, 1, 0));
    let history = history(&shop, 1).await;
    assert_eq!((history.len(), &history[0]), (2, &step_down()));
}

#[tokio::test]
async fn fired_twice_it_changes_nothing_more() {
    let shop = shop_with_silver(1..4).await;
    shop.move_clock(at("2027-05-10T12:00:00Z"));
    assert_eq!(review(&shop).await, (3, 3, 0));
    let rows = shop.rows().await;
    assert_eq!(review(&shop).await, (0, 0, 0));
    assert_eq!(review(&shop.another_instance()).await, (0, 0, 0));
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn fired_twice_at_once_it_changes_everybody_once() {
    let shop = shop_with_silver(1..21).await;
    shop.move_clock(at("2027-05-10T12:00:00Z"));
    let (here, there) = (shop.another_instance(), shop.another_instance());
    let ((_, one, failed), (_, other, also_failed)) = futures::join!(review(&here), review(&there));
    assert_eq!((one + other, failed + also_failed), (20, 0));
    for buyer in 1..21 {
        assert_eq!(history(&shop, buyer).await.len(), 2);
    }
}

#[tokio::test]
async fn members_who_are_not_due_are_not_touched() {
    let shop = shop_with_silver(1..2).await;
    buy(&shop, 2, 6_120_000_000_002, "2026-07-01T11:00:00Z", "300.00").await;
    buy(&shop, 3, 6_120_000_000_003, "2026-07-01T11:00:00Z", "20.00").await;
    let before = shop.rows().await;
    shop.move_clock(at("2027-05-11T00:10:00Z"));
    assert_eq!(review(&shop).await, (1, 1, 0));
    let after = shop.rows().await;
    for key in after.keys().filter(|key| key.contains("buyer-2@") || key.contains("buyer-3@")) {
        assert_eq!(before.get(key), after.get(key), "{key}");
    }
}

#[tokio::test]
async fn who_bought_enough_again_keeps_the_tier_for_another_year() {
    let shop = shop_with_silver(1..2).await;
    buy(&shop, 1, 6_120_000_000_002, "2027-03-01T11:00:00Z", "205.00").await;
    shop.move_clock(at("2027-05-10T12:00:00Z"));
    assert_eq!(review(&shop).await, (1, 0, 0));
    let member = shop.member(&shop.id_of_customer(customer_id(1)).await).await;
    let until = json!("2028-05-10T11:00:00Z");
    assert_eq!((&member["tier"]["id"], &member["tier"]["until"]), (&json!("silver"), &until));
    assert_eq!(review(&shop).await, (0, 0, 0));
    shop.move_clock(at("2028-05-10T12:00:00Z"));
    assert_eq!(tier(&shop, 1).await, "bronze");
}

#[tokio::test]
async fn gold_steps_down_one_level_at_a_time() {
    let shop = shop_with_silver(0..0).await;
    buy(&shop, 1, 6_120_000_000_001, BOUGHT_AT, "600.00").await;
    assert_eq!(tier(&shop, 1).await, "gold");
    shop.move_clock(at("2027-05-10T12:00:00Z"));
    assert_eq!(review(&shop).await, (1, 1, 0));
    assert_eq!(tier(&shop, 1).await, "silver");
    shop.move_clock(at("2028-05-10T12:00:00Z"));
    assert_eq!(tier(&shop, 1).await, "bronze");
}

#[tokio::test]
async fn a_tier_is_kept_during_the_grace_after_its_period() {
    let shop = shop_with_silver(0..0).await;
    let program = shop.get("/v1/program").await;
    let etag = program.header("etag").unwrap().to_owned();
    let mut with_grace = program.is(200);
    with_grace["tiers"]["grace_days"] = json!(10);
    shop.put_program(&with_grace, Some(&etag)).await.is(200);
    buy(&shop, 1, 6_120_000_000_001, BOUGHT_AT, "210.00").await;

    shop.move_clock(at("2027-05-10T12:00:00Z"));
    assert_eq!(review(&shop).await, (1, 0, 0));
    assert_eq!(tier(&shop, 1).await, "silver");
    shop.move_clock(at("2027-05-19T23:59:59Z"));
    assert_eq!(review(&shop).await, (0, 0, 0));
    assert_eq!(tier(&shop, 1).await, "silver");
    shop.move_clock(at("2027-05-20T00:10:00Z"));
    assert_eq!(review(&shop).await, (1, 1, 0));
    assert_eq!(tier(&shop, 1).await, "bronze");
    assert_eq!(history(&shop, 1).await[0].2, "2027-05-20T00:00:00Z");
}

#[tokio::test]
async fn the_cursor_passes_a_day_once_it_is_empty_and_the_index_has_caught_up() {
    let shop = shop_with_silver(1..2).await;
    shop.move_clock(at("2027-05-12T00:14:00Z"));
    review(&shop).await;
    assert_eq!(cursor(&shop).await, Some(at("2027-05-11T00:00:00Z")), "the 11th ended 14 minutes ago");
    shop.move_clock(at("2027-05-12T00:15:00Z"));
    review(&shop).await;
    assert_eq!(cursor(&shop).await, Some(at("2027-05-12T00:00:00Z")));
}

#[tokio::test]
async fn a_job_that_did_not_run_for_weeks_catches_up() {
    let shop = shop_with_silver(1..2).await;
    buy(&shop, 2, 6_120_000_000_002, "2026-05-25T11:00:00Z", "250.00").await;
    shop.move_clock(at("2027-07-10T00:20:00Z"));
    assert_eq!(review(&shop).await, (2, 2, 0));
    assert_eq!(history(&shop, 1).await[0], step_down());
    assert_eq!(cursor(&shop).await, Some(at("2027-07-10T00:00:00Z")));
}

/// These all become silver at that moment.
async fn become_silver(shop: &Shop, buyers: Range<u64>, paid_at: &str) {
    let instances: Vec<Shop> = (0..4).map(|_| shop.another_instance()).collect();
    let bought = buyers.zip(instances.iter().cycle()).map(async |(number, shop)| {
        let order = paid_order(6_120_000_000_000 + number, &Buyer::with_account(number), at(paid_at), &[("210.00", 1)]);
        shop.deliver("orders/paid", &order).await
    });
    stream::iter(bought).buffer_unordered(4).for_each(async |_| ()).await;
}

/// What one run takes of the database.
async fn cost_of_review(shop: &Shop) -> Cost {
    shop.wire.clear();
    assert_eq!(review(shop).await, (100, 100, 0));
    shop.wire.cost()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_costs_what_is_due_and_a_thousand_due_at_once_are_all_reviewed_once() {
    let (small, large) = (Shop::open("2027-05-08T12:00:00Z").await, Shop::open("2027-05-08T12:00:00Z").await);
    become_silver(&small, 0..100, BOUGHT_AT).await;
    become_silver(&large, 0..100, BOUGHT_AT).await;
    become_silver(&large, 100..1_100, "2026-05-12T11:00:00Z").await;
    become_silver(&large, 1_100..2_000, "2026-07-12T11:00:00Z").await;
    for shop in [&small, &large] {
        shop.move_clock(at("2027-05-10T12:00:00Z"));
    }
    let (few, many) = (cost_of_review(&small).await, cost_of_review(&large).await);
    let is_alike = |few: f64, many: f64| (many - few).abs() <= 0.05 * few;
    assert!(
        is_alike(few.read_units, many.read_units) && is_alike(few.write_units, many.write_units),
        "{few:?} {many:?}"
    );
    assert!(many.calls.len() * 100 <= few.calls.len() * 105, "{} {}", few.calls.len(), many.calls.len());

    large.move_clock(at("2027-05-12T12:00:00Z"));
    let (here, there) = (large.another_instance(), large.another_instance());
    let ((_, one, failed), (_, other, also_failed)) = futures::join!(review(&here), review(&there));
    assert_eq!((one + other, failed + also_failed), (1_000, 0));
    assert_eq!(review(&large).await, (0, 0, 0));
    assert_eq!(large.count("TIER#").await, 2_000 + 100 + 1_000, "each change is written once");
}

#[tokio::test]
async fn a_member_whose_review_fails_holds_up_nobody_and_is_reviewed_when_that_is_mended() {
    let shop = shop_with_silver(1..6).await;
    let broken = shop.id_of_customer(customer_id(3)).await;
    shop.set_readable(&broken, "ACCOUNT", false).await;
    shop.move_clock(at("2027-05-12T00:20:00Z"));
    assert_eq!(review(&shop).await, (4, 4, 1));
    assert_eq!(cursor(&shop).await, Some(at("2027-05-12T00:00:00Z")), "the day of the failure is passed");
    for (after_secs, failed) in [(29, 0), (30, 1), (329, 0), (330, 1)] {
        shop.move_clock(at("2027-05-12T00:20:00Z") + jiff::SignedDuration::from_secs(after_secs));
        assert_eq!(review(&shop).await, (0, 0, failed), "after {after_secs} seconds");
    }
    shop.set_readable(&broken, "ACCOUNT", true).await;
    shop.move_clock(at("2027-05-12T00:50:00Z"));
    assert_eq!(review(&shop).await, (1, 1, 0));
    assert_eq!(history(&shop, 3).await[0], step_down());
}

#[tokio::test]
async fn days_without_anything_due_are_read_several_at_once_and_end_with_the_time() {
    let shop = shop_with_silver(0..0).await;
    review(&shop).await;
    shop.move_clock(at("2027-06-27T12:00:00Z"));
    shop.wire.clear();
    let stopped = schedules::tiers(&shop.state, Deadline::within(std::time::Duration::ZERO)).await.unwrap();
    assert!(stopped.stopped_early);
    assert!(shop.wire.cost().calls.len() <= 2, "{:?}", shop.wire.cost());
    shop.wire.clear();
    review(&shop).await;
    let cost = shop.wire.cost();
    // 51 days, which 8 shards each have
    assert_eq!(cost.calls.iter().filter(|call| *call == "Query").count(), 51 * 8 + 1);
    assert!(cost.trips < 35, "{}", cost.trips);
    assert_eq!(cursor(&shop).await, Some(at("2027-06-27T00:00:00Z")));
}

#[tokio::test]
async fn a_run_that_has_no_time_left_stops_and_the_next_one_goes_on() {
    let shop = shop_with_silver(1..4).await;
    shop.move_clock(at("2027-05-10T12:00:00Z"));
    let stopped = schedules::tiers(&shop.state, Deadline::within(std::time::Duration::ZERO)).await.unwrap();
    assert_eq!((stopped.reviewed, stopped.failed, stopped.stopped_early), (0, 0, true));
    assert_eq!(review(&shop).await, (3, 3, 0));
}

#[tokio::test]
async fn a_run_that_dies_in_the_middle_is_made_good_by_the_next() {
    for (operation, first) in [("Query", 9), ("Query", 10), ("GetItem", 2), ("TransactWriteItems", 1)] {
        let shop = shop_with_silver(1..4).await;
        shop.move_clock(at("2027-05-10T12:00:00Z"));
        shop.wire.break_calls_of(operation, Fault::AnswerLost, first, 1_000);
        drop(schedules::tiers(&shop.state, Deadline::NONE).await);
        shop.wire.clear();
        shop.move_clock(at("2027-05-10T12:01:00Z"));
        review(&shop).await;
        for buyer in 1..4 {
            assert_eq!(history(&shop, buyer).await.len(), 2, "{operation} {first}");
        }
    }
}
