//! What runs and facts do to mail: when it is due, what moves it, what ends it, and how much goes out at once.
#![cfg(test)]

mod arrivals;
mod cap;
mod handing_over;
mod night;
mod notices;
mod outage;
mod parcels;
mod program_change;
mod quota;
mod returns;
mod runs;
mod series;
mod whose;

use std::ops::RangeInclusive;

use app::Deadline;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;
use tests::{
    Ses, Shop, at,
    mailing::{delivered, four_days_ago, lifecycle, member, messages, order, reviews, shop_with, wait},
    payloads::email,
    ses::Taken,
};
use web::schedules;

const QUEUES: [&str; 7] = ["account", "mail", "quarantine", "reviews", "tier_review", "transactional", "webhook"];
/// More than any test has work for.
const MOST_RUNS: usize = 100;

/// What is in the due index until then: in which queue, and when it is due.
async fn due_by(shop: &Shop, to: Timestamp) -> Vec<(String, Timestamp)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = shop.rows().await;
    let due = rows.values().filter_map(|row| {
        let queue = text(row, "gsi1pk").strip_prefix("DUE#")?.split('#').next()?.to_owned();
        let instant = text(row, "gsi1sk").split('#').next()?.to_owned();
        Some((queue, at(&instant)))
    });
    due.filter(|(_, due_at)| *due_at <= to).collect()
}

/// Fires the schedules whenever something is due until then. Runs that would find nothing are left out: the
/// cursors are put where those would have left them.
async fn live_until(shop: &Shop, to: Timestamp) {
    let mut ran_at = None;
    for _ in 0..MOST_RUNS {
        let due = due_by(shop, to).await;
        let Some(next) = due.iter().map(|(_, due_at)| *due_at).min() else {
            return idle_until(shop, to).await;
        };
        if next > shop.now() {
            idle_until(shop, next).await;
        } else if ran_at == Some(shop.now()) {
            wait(shop, 1);
        }
        ran_at = Some(shop.now());
        let is_due = |wanted: &str| due.iter().any(|(queue, due_at)| queue == wanted && *due_at <= shop.now());
        if is_due("tier_review") {
            schedules::tiers(&shop.state, Deadline::NONE).await.unwrap();
        }
        if ["account", "mail", "quarantine", "transactional", "webhook"].into_iter().any(is_due) {
            lifecycle(shop).await;
        }
        if is_due("reviews") {
            reviews(shop).await;
        }
    }
    panic!("still not done after {MOST_RUNS} runs: {:?}", due_by(shop, to).await);
}

async fn idle_until(shop: &Shop, to: Timestamp) {
    let hour = Timestamp::from_second(to.as_second() - to.as_second().rem_euclid(3_600)).unwrap();
    for queue in QUEUES {
        shop.state.app.store.move_cursor(queue, hour).await.unwrap();
    }
    shop.move_clock(to);
}

/// So many members whose invitation is due now, and their ids.
async fn many_invited(count: u64, scenarios: &[&str]) -> (Shop, Ses, Vec<String>) {
    let (shop, ses) = shop_with(scenarios).await;
    let mut ids = Vec::new();
    for number in 1..=count {
        ids.push(member(&shop, number).await);
        delivered(&shop, number, four_days_ago()).await;
    }
    wait(&shop, 10);
    (shop, ses, ids)
}

/// As many more as the first member, with all that is theirs.
fn copied(shop: &Shop, id: &str, numbers: RangeInclusive<u64>) {
    let order_of = |number: u64| order(number)["id"].as_u64().unwrap();
    let pattern = shop.pattern(id, 1, order_of(1));
    let shard_of = |number: u64| u8::try_from(number % 8).unwrap();
    let copies = numbers.flat_map(|number| pattern.copy(number, order_of(number), shard_of(number)));
    shop.import_rows(copies.collect());
}

/// What went to that address, and when, the earliest first.
fn sent_to(ses: &Ses, number: u64) -> Vec<(String, Timestamp)> {
    let to = email(number);
    ses.taken().into_iter().filter(|mail| mail.to == to).map(|mail| (mail.scenario, mail.taken_at)).collect()
}

/// Every address once, and no other.
#[track_caller]
fn each_once(taken: &[Taken], count: u64) {
    let mut addresses: Vec<&str> = taken.iter().map(|mail| mail.to.as_str()).collect();
    addresses.sort_unstable();
    let mut all: Vec<String> = (1..=count).map(email).collect();
    all.sort_unstable();
    assert_eq!(addresses, all);
}

/// The states and reasons of a scenario's mail to all of them.
async fn states(shop: &Shop, ids: &[String], scenario: &str) -> Vec<(String, String)> {
    let mut states = Vec::new();
    for id in ids {
        let all = messages(shop, id).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let wanted = all.iter().filter(|message| message["scenario"] == scenario);
        states.extend(wanted.map(|message| (text(&message["state"]), text(&message["reason"]))));
    }
    states.sort();
    states
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(state, reason)| ((*state).to_owned(), (*reason).to_owned())).collect()
}

/// Why a mail was or was not sent, as the merchant is told.
async fn explained(shop: &Shop, id: &str, message: &Value) -> Value {
    let message = message["id"].as_str().unwrap();
    shop.get(&format!("/v1/members/{id}/messages/{message}/explain")).await.is(200)
}

fn days_after(moment: Timestamp, days: i64) -> Timestamp {
    moment + SignedDuration::from_hours(24 * days)
}

/// The time of day there.
fn local(zone: &str, moment: Timestamp) -> String {
    TimeZone::get(zone).unwrap().to_datetime(moment).strftime("%Y-%m-%d %H:%M").to_string()
}
