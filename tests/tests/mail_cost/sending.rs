//! What a run takes: by itself, and for each message that is due.

use serde_json::json;
use tests::{
    Cost, Shop,
    mailing::{INVITATION, consent, four_days_ago, lifecycle, member, message},
    payloads::*,
    shop::{ADMIN, bearer},
};

use crate::*;

const CURSOR: &[&str] = &["GetItem"];
const SHARDS: &[&str] = &["Query"; 8];
const CLAIM: [&[&str]; 2] = [&["GetItem"], COMMIT];
const COMMIT: &[&str] = &["TransactWriteItems"];
/// The program, the member and the order; then their other mail, what is against the address, their reviews, and what
/// they bought.
const EVERYTHING: [&[&str]; 2] =
    [&["Query", "BatchGetItem", "GetItem"], &["Query", "GetItem", "BatchGetItem", "BatchGetItem"]];
/// A cursor, and an index that is read as it was a moment ago.
const READ_BY_A_RUN: f64 = 5.0;
const READ_FOR_A_MESSAGE: f64 = 9.0;

/// Claimed, decided on and settled by so many commits more.
fn of_one(commits: usize, write_units: f64) -> Cost {
    let trips = [&[CURSOR, SHARDS], &CLAIM[..], &EVERYTHING[..], &vec![COMMIT; commits]].concat();
    cost(&trips, READ_BY_A_RUN + READ_FOR_A_MESSAGE, write_units)
}

#[tokio::test]
async fn a_run_with_nothing_due_reads_the_cursor_and_the_hour_and_writes_nothing() {
    let (shop, _) = shop_that_invites().await;
    shop.move_clock(at(NOW) + SignedDuration::from_mins(80));
    reviews(&shop).await;
    lifecycle(&shop).await;
    assert_eq!(cost_of_run(&shop).await, cost(&[CURSOR, SHARDS], READ_BY_A_RUN, 0.0));
    shop.wire.clear();
    lifecycle(&shop).await;
    // accounts and events, whether a new program has begun to plan again, then mail that may have been sent, that is
    // waited for, and all other
    let trips = [[CURSOR, SHARDS].repeat(2), vec![&["Query"]], [CURSOR, SHARDS].repeat(3)].concat();
    assert_eq!(shop.wire.cost(), cost(&trips, 5.0 * READ_BY_A_RUN + 1.0, 0.0));
}

#[tokio::test]
async fn an_invitation_is_read_once_and_written_as_claimed_as_being_sent_and_as_sent() {
    let (shop, ses) = shop_that_invites().await;
    invited_later(&shop, 1).await;
    when_due(&shop).await;
    // each of the three moves its place in the index; the account counts the mail
    assert_eq!(cost_of_run(&shop).await, of_one(2, 4.0 + 6.0 + 4.0));
    assert_eq!(ses.taken().len(), 1);
}

#[tokio::test]
async fn each_further_invitation_of_a_run_costs_what_the_first_one_does() {
    let (shop, ses) = shop_that_invites().await;
    for number in 1..=3 {
        invited_later(&shop, number).await;
    }
    when_due(&shop).await;
    let took = cost_of_run(&shop).await;
    let of_message = of_one(2, 14.0).calls.len() - 9;
    assert_eq!((took.calls.len(), took.read_units), (9 + 3 * of_message, READ_BY_A_RUN + 3.0 * READ_FOR_A_MESSAGE));
    assert_eq!(took.write_units, 3.0 * 14.0);
    assert_eq!(ses.wire.calls().iter().filter(|call| call.operation == "GetAccount").count(), 1);
}

#[tokio::test]
async fn what_is_skipped_or_waits_costs_one_commit_less_and_no_account() {
    for (state, reason) in [("skipped", "no_consent"), ("planned", "quiet_hours")] {
        let (shop, ses) = shop_that_invites().await;
        let id = invited_later(&shop, 1).await;
        if state == "skipped" {
            consent(&shop, &id, json!({"marketing": "withdrawn"})).await;
        } else {
            live_in(&shop, &id, "Asia/Tokyo").await;
        }
        when_due(&shop).await;
        assert_eq!(cost_of_run(&shop).await, of_one(1, 8.0), "{state}");
        let found = message(&shop, &id, INVITATION).await;
        assert_eq!((&found["state"], &found["reason"]), (&json!(state), &json!(reason)));
        assert!(ses.taken().is_empty());
    }
}

async fn live_in(shop: &Shop, id: &str, zone: &str) {
    let body = json!({"time_zone": zone}).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(ADMIN).as_header()], body).await.is(200);
}

#[tokio::test]
async fn products_and_reviews_of_an_order_are_read_by_one_call_however_many_there_are() {
    let (shop, ses) = shop_that_invites().await;
    member(&shop, 1).await;
    let lines = [("19.99", 2), ("5.00", 1), ("12.50", 3), ("7.25", 1), ("31.00", 1)];
    let order = paid_order(6_120_000_000_009, &Buyer::with_account(1), at("2026-06-10T10:00:00Z"), &lines);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-11T10:00:00Z"))).await.is(200);
    let arrived_at = four_days_ago() + SignedDuration::from_mins(85);
    shop.send("fulfillment_events/create", &delivery(&order, 1, arrived_at)).await.is(200);
    when_due(&shop).await;
    let took = cost_of_run(&shop).await;
    let of_one = of_one(2, 14.0);
    assert_eq!((&took.calls, took.trips, took.write_units), (&of_one.calls, of_one.trips, of_one.write_units));
    assert_eq!(ses.taken().len(), 1);
}
