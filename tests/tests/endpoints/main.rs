//! The merchant's own servers are told what happens: signed, at least once, and over days if need be.
#![cfg(test)]

mod kinds;
mod managing;
mod silent;

use app::Deadline;
use futures::{StreamExt as _, stream};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Buyer, Fault, Receiver, Shop, at,
    payloads::*,
    receiver::Reply,
    shop::{ADMIN, bearer},
};
use web::schedules;

const NOW: &str = "2026-06-20T12:00:00Z";
const TWO_MINUTES: SignedDuration = SignedDuration::from_mins(2);

/// What of events was served, and what failed.
async fn run(shop: &Shop) -> (u64, u64) {
    let run = schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
    (run.events.served, run.events.failed)
}

/// A shop that tells a server of these events; with the endpoint as it was answered.
async fn shop_telling(events: &[&str]) -> (Shop, Receiver, Value) {
    let (shop, receiver) = (Shop::open(NOW).await, Receiver::open().await);
    let endpoint = json!({"url": receiver.url, "events": events});
    let endpoint = shop.post("/v1/endpoints", &endpoint, None).await.is(201);
    (shop, receiver, endpoint)
}

async fn change(shop: &Shop, endpoint: &Value, change: Value) -> Value {
    let path = format!("/v1/endpoints/{}", endpoint["id"].as_str().unwrap());
    shop.call("PATCH", &path, &[bearer(ADMIN).as_header()], change.to_string()).await.is(200)
}

/// Somebody buys for enough to become silver.
async fn becomes_silver(shop: &Shop, buyer: u64) {
    let order = paid_order(6_120_000_000_000 + buyer, &Buyer::with_account(buyer), shop.now(), &[("250.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
}

async fn events(shop: &Shop) -> Vec<Value> {
    shop.get("/v1/events").await.is(200)["events"].as_array().unwrap().clone()
}

/// State, attempts and last status of the only delivery of the only event.
async fn delivery(shop: &Shop) -> (String, u64, Value) {
    let events = events(shop).await;
    assert_eq!(events.len(), 1);
    let delivery = &events[0]["deliveries"][0];
    let state = delivery["state"].as_str().unwrap().to_owned();
    (state, delivery["attempts"].as_u64().unwrap(), delivery["last_status"].clone())
}

/// Moves the clock to the next attempt, and runs.
async fn try_again(shop: &Shop) -> bool {
    let next = events(shop).await[0]["deliveries"][0]["next_attempt_at"].clone();
    let Some(next) = next.as_str() else { return false };
    shop.move_clock(at(next) + SignedDuration::from_secs(1));
    run(shop).await;
    true
}

#[tokio::test]
async fn an_event_is_posted_once_signed_and_without_anything_that_names_the_person() {
    let (shop, receiver, endpoint) = shop_telling(&["tier.changed"]).await;
    becomes_silver(&shop, 1).await;
    assert_eq!(delivery(&shop).await, ("pending".to_owned(), 0, Value::Null));
    assert_eq!(run(&shop).await, (1, 0));
    assert_eq!(run(&shop).await, (0, 0));
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].is_signed_by(endpoint["secret"].as_str().unwrap(), shop.now()));
    let (body, event) = (received[0].body(), &events(&shop).await[0]);
    assert_eq!((&body["type"], &body["timestamp"]), (&json!("tier.changed"), &json!(NOW)));
    assert_eq!((&body["data"]["from"], &body["data"]["to"]), (&json!("bronze"), &json!("silver")));
    assert_eq!(body["data"]["member_id"], shop.id_of_customer(customer_id(1)).await.as_str());
    assert_eq!((&event["id"], &event["data"]), (&json!(received[0].header("webhook-id")), &body["data"]));
    assert!(!body.to_string().contains("example.com"), "{body}");
    assert_eq!(delivery(&shop).await, ("delivered".to_owned(), 1, json!(204)));
}

#[tokio::test]
async fn a_server_that_fails_is_tried_again_until_it_recovers_days_later() {
    let (shop, receiver, _) = shop_telling(&["tier.changed"]).await;
    receiver.answers([500, 503, 302, 404, 429, 500, 500].map(Reply::Status));
    becomes_silver(&shop, 1).await;
    run(&shop).await;
    assert_eq!(delivery(&shop).await, ("pending".to_owned(), 1, json!(500)));
    while try_again(&shop).await {}
    assert_eq!(delivery(&shop).await, ("delivered".to_owned(), 8, json!(204)));
    assert!(shop.now().duration_since(at(NOW)) > SignedDuration::from_hours(24));
    let received = receiver.received();
    assert!(received.iter().all(|one| one.header("webhook-id") == received[0].header("webhook-id")));
}

#[tokio::test]
async fn after_ten_attempts_an_event_has_failed_and_can_be_sent_again() {
    let (shop, receiver, _) = shop_telling(&["tier.changed"]).await;
    receiver.answers(std::iter::repeat_n(Reply::Status(500), 10));
    becomes_silver(&shop, 1).await;
    run(&shop).await;
    while try_again(&shop).await {}
    assert_eq!(delivery(&shop).await, ("failed".to_owned(), 10, json!(500)));
    let took = shop.now().duration_since(at(NOW));
    assert!(took > SignedDuration::from_hours(75) && took < SignedDuration::from_hours(92), "{took}");
    let id = events(&shop).await[0]["id"].as_str().unwrap().to_owned();
    shop.post(&format!("/v1/events/{id}/redeliver"), &json!({}), None).await.is(202);
    run(&shop).await;
    assert_eq!(delivery(&shop).await, ("delivered".to_owned(), 1, json!(204)));
    shop.post("/v1/events/evt_1/redeliver", &json!({}), None).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_pause_that_the_server_asks_for_is_kept_and_a_redirect_is_not_followed() {
    let (shop, receiver, _) = shop_telling(&["tier.changed"]).await;
    let elsewhere = Receiver::open().await;
    receiver.answers([
        Reply::With(503, "retry-after", "3600".to_owned()),
        Reply::With(307, "location", elsewhere.url.clone()),
    ]);
    becomes_silver(&shop, 1).await;
    run(&shop).await;
    assert_eq!(events(&shop).await[0]["deliveries"][0]["next_attempt_at"], "2026-06-20T13:00:00Z");
    try_again(&shop).await;
    assert_eq!(delivery(&shop).await, ("pending".to_owned(), 2, json!(307)));
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn runs_at_the_same_time_send_each_event_once() {
    let (shop, receiver, _) = shop_telling(&["tier.changed"]).await;
    for buyer in 1..=20 {
        becomes_silver(&shop, buyer).await;
    }
    let instances = [shop.another_instance(), shop.another_instance(), shop.another_instance()];
    let runs = futures::future::join_all(instances.iter().map(run)).await;
    assert_eq!(runs.iter().map(|(served, _)| served).sum::<u64>(), 20);
    assert!(runs.iter().all(|(_, failed)| *failed == 0));
    assert_eq!(receiver.received().len(), 20);
}

#[tokio::test]
async fn a_server_that_is_gone_is_switched_off() {
    let (shop, receiver, endpoint) = shop_telling(&["tier.changed"]).await;
    receiver.answers([Reply::Status(410)]);
    becomes_silver(&shop, 1).await;
    run(&shop).await;
    assert_eq!(delivery(&shop).await, ("failed".to_owned(), 1, json!(410)));
    let shown = shop.get(&format!("/v1/endpoints/{}", endpoint["id"].as_str().unwrap())).await.is(200);
    assert_eq!((&shown["on"], &shown["secret"]), (&json!(false), &Value::Null));
    becomes_silver(&shop, 2).await;
    assert_eq!(events(&shop).await.len(), 1, "nobody listens any more");
    change(&shop, &endpoint, json!({"on": true})).await;
    becomes_silver(&shop, 3).await;
    run(&shop).await;
    assert_eq!(receiver.received().len(), 2);
}

/// Every call of a run is broken in turn. Whatever was lost, the next runs deliver it, and say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_anywhere_loses_no_event() {
    let faults = [Fault::Refused, Fault::AnswerLost, Fault::TimedOutAfterwards, Fault::Throttled, Fault::Conflict];
    let calls = [("GetItem", 0..3), ("Query", 0..3), ("TransactWriteItems", 0..2)];
    let broken = faults.into_iter().flat_map(|fault| {
        let calls = calls.clone().into_iter();
        calls.flat_map(move |(operation, numbers)| numbers.map(move |number| (fault, operation, number)))
    });
    stream::iter(broken)
        .for_each_concurrent(16, async |(fault, operation, first)| {
            let (shop, receiver, _) = shop_telling(&["tier.changed"]).await;
            becomes_silver(&shop, 1).await;
            shop.wire.break_calls_of(operation, fault, first, 1_000);
            // the run may fail as a whole: the schedule fires again
            drop(schedules::lifecycle(&shop.state, Deadline::NONE).await);
            shop.wire.clear();
            for _ in 0..2 {
                shop.move_clock(shop.now() + TWO_MINUTES);
                run(&shop).await;
            }
            let ((state, ..), times) = (delivery(&shop).await, receiver.received().len());
            assert!(state == "delivered" && (1..=2).contains(&times), "{fault:?} {operation} {first}: {state} {times}");
        })
        .await;
}

#[tokio::test]
async fn without_an_endpoint_an_event_costs_nothing_and_with_one_a_row_and_its_place_in_the_index() {
    let (shop, _, endpoint) = shop_telling(&["tier.changed"]).await;
    let cost = async |buyer| {
        // not their first order
        let small = paid_order(6_130_000_000_000 + buyer, &Buyer::with_account(buyer), shop.now(), &[("10.00", 1)]);
        shop.send("orders/paid", &small).await.is(200);
        shop.wire.clear();
        becomes_silver(&shop, buyer).await;
        shop.wire.cost()
    };
    let with = cost(1).await;
    change(&shop, &endpoint, json!({"on": false})).await;
    let without = cost(2).await;
    assert_eq!((with.trips, &with.calls, with.read_units), (without.trips, &without.calls, without.read_units));
    assert_eq!(with.write_units, without.write_units + 3.0);
}
