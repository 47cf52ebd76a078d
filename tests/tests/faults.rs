//! Every call to the database is broken in turn, in every way. After redelivery the table holds what it
//! holds without the fault, row by row; and nothing is ever half done.
#![cfg(test)]

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use tests::{Answer, Buyer, Fault, Shop, at, payloads::*};

const NOW: &str = "2026-06-20T12:00:00Z";
const FAULTS: [Fault; 6] =
    [Fault::Refused, Fault::AnswerLost, Fault::TimedOut, Fault::TimedOutAfterwards, Fault::Throttled, Fault::Conflict];
/// More than any request makes with all its retries.
const ALL: usize = 1_000;

#[derive(Clone)]
enum Ask {
    Event(&'static str, Value),
    Post(&'static str, Value, Option<&'static str>),
}

/// One request, and what came before it.
#[derive(Clone)]
struct Case {
    before: Vec<Ask>,
    ask: Ask,
    /// The answer of the request, and those that it may have when it is sent again after a 503.
    status: u16,
    again: &'static [u16],
}

/// One call of a case that is broken.
#[derive(Clone, Copy, Debug)]
struct Broken {
    fault: Fault,
    call: usize,
    calls: usize,
}

fn buyer() -> Buyer {
    Buyer::with_account(1)
}

fn order() -> Value {
    paid_order(6_120_000_000_001, &buyer(), at("2026-06-18T10:00:00Z"), &[("19.99", 2), ("5.00", 1)])
}

fn earlier_order() -> Value {
    paid_order(6_120_000_000_000, &buyer(), at("2026-05-01T10:00:00Z"), &[("230.00", 1)])
}

fn event(before: Vec<Ask>, topic: &'static str, payload: Value) -> Case {
    Case { before, ask: Ask::Event(topic, payload), status: 200, again: &[200] }
}

/// The id of the member goes where the path has `{id}`.
async fn ask(shop: &Shop, ask: &Ask) -> Answer {
    match ask {
        Ask::Event(topic, payload) => shop.send(topic, payload).await,
        Ask::Post(path, body, key) => {
            let path = match path.split_once("{id}") {
                Some((before, after)) => format!("{before}{}{after}", id(shop).await),
                None => (*path).to_owned(),
            };
            shop.post(&path, body, *key).await
        }
    }
}

/// Of the only member, read past the wire.
async fn id(shop: &Shop) -> String {
    shop.only_member().await
}

async fn shop_before(case: &Case) -> Shop {
    let shop = Shop::open(NOW).await;
    for earlier in &case.before {
        assert!(ask(&shop, earlier).await.status < 300);
    }
    shop.wire.clear();
    shop
}

async fn breaks_nowhere(case: Case) {
    let sound = shop_before(&case).await;
    let before = sound.rows().await;
    ask(&sound, &case.ask).await.is(case.status);
    let (after, calls) = (sound.rows().await, sound.wire.calls());
    assert_ne!(before, after);
    let all = (0..calls.len()).flat_map(|call| FAULTS.map(|fault| (call, fault)));
    let possible = all.filter(|(call, fault)| *fault != Fault::Conflict || calls[*call].writes());
    let broken = possible.flat_map(|(call, fault)| [1, ALL].map(|calls| Broken { fault, call, calls }));
    let (case, before, after) = (&case, &before, &after);
    stream::iter(broken)
        .for_each_concurrent(12, |broken| async move {
            let shop = shop_before(case).await;
            shop.wire.break_calls(broken.fault, broken.call, broken.calls);
            let first = ask(&shop, &case.ask).await;
            shop.wire.clear();
            let rows = shop.rows().await;
            assert!(rows == *before || rows == *after, "{broken:?}: half done, {rows:#?}");
            if broken.calls == ALL {
                assert_eq!(first.status, 503, "{broken:?}: {}", first.body);
                assert!(first.header("retry-after").is_some(), "{broken:?}");
                let again = ask(&shop, &case.ask).await;
                assert!(case.again.contains(&again.status), "{broken:?}: {}", again.body);
            } else {
                assert_eq!(first.status, case.status, "{broken:?}: {}", first.body);
            }
            assert_eq!(shop.rows().await, *after, "{broken:?}");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_member_s_order_survives_every_fault() {
    breaks_nowhere(event(vec![], "orders/paid", order())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_member_s_order_survives_every_fault() {
    let before = vec![Ask::Event("orders/paid", earlier_order())];
    breaks_nowhere(event(before, "orders/paid", order())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_survives_every_fault() {
    let refund = refund(&order(), 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(1, 1)]);
    breaks_nowhere(event(vec![Ask::Event("orders/paid", order())], "refunds/create", refund)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_before_its_order_survives_every_fault() {
    let refund = refund(&order(), 930_000_000_001, at("2026-06-19T10:00:00Z"), &[(1, 1)]);
    breaks_nowhere(event(vec![], "refunds/create", refund)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_survives_every_fault() {
    let delivery = delivery(&order(), 5_440_000_000_001, at("2026-06-19T10:00:00Z"));
    breaks_nowhere(event(vec![Ask::Event("orders/paid", order())], "fulfillment_events/create", delivery)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_customer_account_survives_every_fault() {
    breaks_nowhere(event(vec![], "customers/create", customer(&buyer(), at("2026-06-19T10:00:00Z")))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_changes_hands_survives_every_fault() {
    let mut reassigned = later(&order(), at("2026-06-19T10:00:00Z"));
    reassigned["customer"] = customer(&Buyer::with_account(2), at("2026-06-19T10:00:00Z"));
    let others = customer(&Buyer::with_account(2), at("2026-06-01T10:00:00Z"));
    let before = vec![Ask::Event("orders/paid", order()), Ask::Event("customers/create", others)];
    breaks_nowhere(event(before, "orders/updated", reassigned)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_under_a_key_survives_every_fault() {
    let body = json!({"email": "ada@example.com", "links": [{"source": "woo:shop", "customer_id": "26"}]});
    let enrol = Ask::Post("/v1/members", body, Some("k-1"));
    breaks_nowhere(Case { before: vec![], ask: enrol, status: 201, again: &[201] }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_without_a_key_survives_every_fault() {
    let enrol = Ask::Post("/v1/members", json!({"email": "ada@example.com"}), None);
    breaks_nowhere(Case { before: vec![], ask: enrol, status: 201, again: &[201, 409] }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_s_enrolment_survives_every_fault() {
    let guest = Buyer::guest(1);
    let order = paid_order(6_120_000_000_001, &guest, at("2026-06-18T10:00:00Z"), &[("19.99", 2)]);
    let enrol = Ask::Post("/v1/members", json!({"email": guest.email}), Some("k-1"));
    let before = vec![Ask::Event("orders/paid", order)];
    breaks_nowhere(Case { before, ask: enrol, status: 201, again: &[201] }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adjustment_survives_every_fault() {
    let before = vec![Ask::Event("orders/paid", order())];
    let adjust = Ask::Post("/v1/members/{id}/adjustments", json!({"points": -25, "reason": "sorry"}), Some("k-1"));
    breaks_nowhere(Case { before, ask: adjust, status: 201, again: &[201] }).await;
}

#[tokio::test]
async fn a_new_deployment_s_first_event_survives_every_fault() {
    for fault in FAULTS {
        for (call, calls) in (0..6).flat_map(|call| [(call, 1), (call, ALL)]) {
            let shop = Shop::open_without_program(NOW).await;
            shop.wire.break_calls(fault, call, calls);
            shop.send("orders/paid", &order()).await;
            shop.wire.clear();
            shop.deliver("orders/paid", &order()).await;
            let rows = shop.rows().await;
            assert_eq!(rows.keys().filter(|key| key.starts_with("PROGRAM")).count(), 1, "{fault:?} {call} {calls}");
            assert_eq!(rows.keys().filter(|key| key.contains(" / LED#")).count(), 1, "{fault:?} {call} {calls}");
        }
    }
}
