//! Every call to the database is broken in turn, in every way. After redelivery the table holds what it
//! holds without the fault, row by row; and nothing is ever half done.
#![cfg(test)]

mod checkouts;
mod members;
mod merchant;
mod orders;
mod privacy;

use std::collections::BTreeMap;

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Fault, Shop, at,
    payloads::*,
    shop::{ADMIN, bearer},
};

const NOW: &str = "2026-06-20T12:00:00Z";
const FAULTS: [Fault; 6] =
    [Fault::Refused, Fault::AnswerLost, Fault::TimedOut, Fault::TimedOutAfterwards, Fault::Throttled, Fault::Conflict];
/// More than any request makes with all its retries.
const ALL: usize = 1_000;

type Rows = BTreeMap<String, Value>;

#[derive(Clone)]
enum Ask {
    Event(&'static str, Value),
    /// A request under a key; what stands in braces in path or body is an earlier answer's, as `{@0/id}`.
    Call(&'static str, String, Value, Option<&'static str>),
    /// A change of the program.
    Program(fn(&mut Value)),
}

/// One request, and what came before it.
#[derive(Clone)]
struct Case {
    before: Vec<Ask>,
    ask: Ask,
    /// The answer of the request, and those that it may have when it is sent again after a 503.
    status: u16,
    again: &'static [u16],
    /// It is one commit: a fault leaves all of it or none of it. Others go on where they were stopped.
    at_once: bool,
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

/// A member with a hundred points for joining; their id is the answer's.
fn enrolled(number: u64) -> Ask {
    call("POST", "/v1/members", json!({"email": email(number)}), None)
}

/// More points for the member of the first answer.
fn given(points: i64) -> Ask {
    let body = json!({"points": points, "reason": "a gift"});
    call("POST", "/v1/members/{@0/id}/adjustments", body, Some("given"))
}

fn event(before: Vec<Ask>, topic: &'static str, payload: Value) -> Case {
    Case { before, ask: Ask::Event(topic, payload), status: 200, again: &[200], at_once: true }
}

fn call(method: &'static str, path: &str, body: Value, key: Option<&'static str>) -> Ask {
    Ask::Call(method, path.to_owned(), body, key)
}

fn post(path: &str, body: Value) -> Ask {
    call("POST", path, body, Some("k-1"))
}

/// What is asked under a key is answered the same when it is asked again.
fn keyed(before: Vec<Ask>, ask: Ask, status: u16) -> Case {
    let again: &[u16] = if status == 201 { &[201] } else { &[200, 204] };
    Case { before, ask, status, again, at_once: true }
}

/// What the answers so far say at each `{@number/pointer}`.
fn filled(text: &str, answers: &[Value]) -> String {
    let mut parts = text.split("{@");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (place, rest) = part.split_once('}').unwrap();
        let (number, pointer) = place.split_once('/').unwrap();
        let said = &answers[number.parse::<usize>().unwrap()];
        let said = said.pointer(&format!("/{pointer}")).unwrap_or_else(|| panic!("{place} of {said}"));
        filled += said.as_str().unwrap();
        filled += rest;
    }
    filled
}

async fn ask(shop: &Shop, ask: &Ask, answers: &[Value]) -> Answer {
    match ask {
        Ask::Event(topic, payload) => shop.send_bytes(topic, filled(&payload.to_string(), answers).as_bytes()).await,
        Ask::Call(method, path, body, key) => {
            let bearer = bearer(ADMIN);
            let headers: Vec<_> =
                [bearer.as_header()].into_iter().chain(key.map(|key| ("idempotency-key", key))).collect();
            let body = if body.is_null() { String::new() } else { filled(&body.to_string(), answers) };
            shop.call(method, &filled(path, answers), &headers, body).await
        }
        Ask::Program(change) => {
            let mut program = shop.get("/v1/program").await.is(200);
            change(&mut program);
            shop.put_program(&program, Some("\"1\"")).await
        }
    }
}

async fn shop_before(case: &Case) -> (Shop, Vec<Value>) {
    let shop = Shop::open(NOW).await;
    let mut answers = Vec::new();
    for earlier in &case.before {
        let answer = ask(&shop, earlier, &answers).await;
        assert!(answer.status < 300, "{answer:?}");
        answers.push(answer.body);
    }
    shop.wire.clear();
    (shop, answers)
}

/// The rows that are others than before.
fn changed<'a>(before: &Rows, rows: &'a Rows) -> Vec<&'a Value> {
    rows.iter().filter(|(key, row)| before.get(*key) != Some(row)).map(|(_, row)| row).collect()
}

async fn breaks_nowhere(case: Case) {
    let (sound, answers) = shop_before(&case).await;
    let before = sound.rows().await;
    let answer = ask(&sound, &case.ask, &answers).await;
    assert_eq!(answer.status, case.status, "{answer:?}");
    let (after, calls) = (sound.rows().await, sound.wire.calls());
    assert_ne!(before, after);
    let all = (0..calls.len()).flat_map(|call| FAULTS.map(|fault| (call, fault)));
    let possible = all.filter(|(call, fault)| *fault != Fault::Conflict || calls[*call].writes());
    let broken = possible.flat_map(|(call, fault)| [1, ALL].map(|calls| Broken { fault, call, calls }));
    let (case, before, after) = (&case, &before, &after);
    stream::iter(broken)
        .for_each_concurrent(12, |broken| async move {
            let (shop, answers) = shop_before(case).await;
            shop.wire.break_calls(broken.fault, broken.call, broken.calls);
            let first = ask(&shop, &case.ask, &answers).await;
            shop.wire.clear();
            let rows = shop.rows().await;
            let is_whole = !case.at_once || rows == *before || rows == *after;
            assert!(is_whole, "{broken:?}: half done, {:#?}", changed(before, &rows));
            if broken.calls == ALL {
                assert_eq!(first.status, 503, "{broken:?}: {}", first.body);
                assert!(first.header("retry-after").is_some(), "{broken:?}");
                let again = ask(&shop, &case.ask, &answers).await;
                assert!(case.again.contains(&again.status), "{broken:?}: {}", again.body);
            } else {
                assert_eq!(first.status, case.status, "{broken:?}: {}", first.body);
            }
            let ended = shop.rows().await;
            assert!(
                ended == *after,
                "{broken:?}: {:#?} instead of {:#?}",
                changed(after, &ended),
                changed(&ended, after)
            );
        })
        .await;
}
