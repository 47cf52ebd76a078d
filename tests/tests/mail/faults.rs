//! Every call to the database and to SES on the way of a mail is broken, in every way; then the schedules
//! overlap, and what SES tells comes twice and in the wrong order.

use std::collections::BTreeSet;

use futures::{StreamExt as _, join, stream};
use serde_json::json;
use tests::{Call, Fault, Ses, Shop, Wire, payloads::email};

use crate::{
    INVITATION, cases, delivered, four_days_ago, invited, lifecycle, member, message, messages, orders, overlap,
    reviews, shop_with, tell, wait,
};

const SENT: &[&str] = &["review_invitation", "staff_case"];
const FAULTS: [Fault; 7] = [
    Fault::Refused,
    Fault::AnswerLost,
    Fault::TimedOut,
    Fault::TimedOutAfterwards,
    Fault::Throttled,
    Fault::FailedAfterwards,
    Fault::Conflict,
];
/// More than any run makes.
const ALL: usize = 10_000;

/// What befalls a run at a call.
#[derive(Clone, Copy, Debug)]
enum Blow {
    Broken(Fault, usize),
    Killed { afterwards: bool },
}

#[derive(Clone, Copy, Debug)]
struct Broken {
    blow: Blow,
    call: usize,
    /// Whether SES's events come, or are lost too.
    told: bool,
}

/// The calls that differ: the shards of the index are asked at once, and any is like the first.
fn worth_breaking(calls: &[Call]) -> Vec<usize> {
    let mut asked = BTreeSet::new();
    let is_new = |call: &Call, asked: &mut BTreeSet<usize>| call.operation != "Query" || asked.insert(call.trip);
    (0..calls.len()).filter(|number| is_new(&calls[*number], &mut asked)).collect()
}

/// A read is lost in whichever way it is lost; a write may have been applied.
fn blows(call: &Call) -> Vec<Blow> {
    let of_ses = ["SendEmail", "GetAccount"].contains(&call.operation.as_str());
    if !of_ses && !call.writes() {
        let lost = [Fault::Refused, Fault::AnswerLost, Fault::TimedOut].map(|fault| Blow::Broken(fault, ALL));
        return lost
            .into_iter()
            .chain([Blow::Broken(Fault::Throttled, 1), Blow::Killed { afterwards: false }])
            .collect();
    }
    let possible = FAULTS.into_iter().filter(|fault| *fault != Fault::Conflict || !of_ses);
    let broken = possible.flat_map(|fault| [1, ALL].map(|calls| Blow::Broken(fault, calls)));
    broken.chain([false, true].map(|afterwards| Blow::Killed { afterwards })).collect()
}

/// Of the blows to a call, one in so many: each call meets others of them, and all meet each. With
/// `REGULARS_ALL_FAULTS` every call meets every blow, which takes a quarter of an hour.
const ONE_IN: usize = 3;

/// After every other one SES's events come too, twice.
#[allow(clippy::disallowed_methods, reason = "a person may ask for all of it")]
fn all_of(calls: &[Call]) -> Vec<Broken> {
    let all = std::env::var_os("REGULARS_ALL_FAULTS").is_some();
    let of_call = |(place, call): (usize, usize)| {
        let is_wanted = move |index: usize| all || calls.len() <= 2 || (index + place).is_multiple_of(ONE_IN);
        let blows = blows(&calls[call]).into_iter().enumerate().filter(move |(index, _)| is_wanted(*index));
        blows.map(move |(_, blow)| (call, blow))
    };
    let each = worth_breaking(calls).into_iter().enumerate().flat_map(of_call);
    each.enumerate().map(|(index, (call, blow))| Broken { blow, call, told: index % 2 == 0 }).collect()
}

/// Does it while that call is broken.
async fn strike<T>(wire: &Wire, broken: Broken, doing: impl Future<Output = T>) {
    match broken.blow {
        Blow::Broken(fault, calls) => {
            wire.break_calls(fault, broken.call, calls);
            doing.await;
        }
        Blow::Killed { afterwards } => {
            let stop = wire.stop_at(broken.call, afterwards);
            tokio::select! { () = stop.reached() => {}, _ = doing => {} }
        }
    }
    wire.clear();
}

/// Which function a walk is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Struck {
    Reviews,
    Lifecycle,
}

/// Its schedule fires twice, and both run at once.
async fn fire(shop: &Shop, struck: Struck) {
    match struck {
        Struck::Reviews => overlap(shop).await,
        Struck::Lifecycle => {
            let other = shop.another_instance();
            join!(lifecycle(shop), lifecycle(&other));
        }
    }
}

/// What comes after a blow, until one hour has gone by and what is unknown is told.
async fn aftermath(shop: &Shop, ses: &Ses, struck: Struck, told: bool) {
    fire(shop, struck).await;
    if told {
        tell_all_twice(shop, ses).await;
    }
    wait(shop, 6);
    fire(shop, struck).await;
    wait(shop, 62);
    fire(shop, struck).await;
    if struck == Struck::Reviews {
        fire(shop, Struck::Lifecycle).await;
    }
    if !cases(shop, "mail_unknown").await.is_empty() {
        lifecycle(shop).await;
    }
}

/// The last event of each mail first, and every one twice.
async fn tell_all_twice(shop: &Shop, ses: &Ses) {
    for mail in ses.taken().iter().rev().filter(|mail| mail.member.is_some()) {
        let (sent, delivered) = (mail.sent(shop.now()), mail.delivered(shop.now()));
        for event in [&delivered, &sent, &delivered, &sent] {
            tell(shop, event).await;
        }
    }
}

async fn holds(shop: &Shop, ses: &Ses, (id, scenario): (&str, &str), broken: Broken) {
    let taken = ses.scenarios_to(&email(1));
    assert!(taken.len() <= 1, "{broken:?}: {taken:?}");
    let mail = message(shop, id, scenario).await;
    let state = mail["state"].as_str().unwrap();
    let unknown = cases(shop, "mail_unknown").await;
    let (unknown, lost_alerts): (Vec<_>, Vec<_>) =
        unknown.into_iter().partition(|case| case["about"]["scenario"] == scenario);
    match (state, taken.len()) {
        // SES may tell of it after it was given up
        ("sent", 1) => assert!(unknown.iter().all(|case| case["state"] == "resolved"), "{broken:?}: {unknown:?}"),
        ("unknown", _) => assert_eq!(unknown.len(), 1, "{broken:?}"),
        ("skipped", 0) => assert!(mail["reason"].is_string(), "{broken:?}: {mail}"),
        _ => panic!("{broken:?}: {taken:?} {mail}"),
    }
    if broken.told && taken.len() == 1 {
        assert_eq!(state, "sent", "{broken:?}: {mail}");
    }
    let told = ses.taken().iter().filter(|mail| mail.scenario == "staff_case_1").count();
    let open = unknown.iter().filter(|case| case["state"] == "open").count();
    assert!(told <= unknown.len(), "{broken:?}: the staff is told of each case once");
    assert!(told + lost_alerts.len() >= open, "{broken:?}: and of an open one surely, or of that by a case");
    let open = messages(shop, id).await.into_iter().filter(|mail| mail["scenario"] != "review_invitation_2");
    let open: Vec<_> =
        open.filter(|mail| ["planned", "claimed", "sending"].contains(&mail["state"].as_str().unwrap())).collect();
    assert!(open.is_empty(), "{broken:?}: {open:?}");
}

/// Breaks the run at every call of that wire.
async fn a_run_breaks_nowhere(of: fn(&Shop, &Ses) -> Wire) {
    let (shop, ses, _) = invited(SENT).await;
    let wire = of(&shop, &ses);
    wire.clear();
    reviews(&shop).await;
    let all = all_of(&wire.calls());
    assert!(ses.taken().len() == 1 && all.len() > 20, "{}", all.len());
    stream::iter(all)
        .for_each_concurrent(12, |broken| async move {
            let (shop, ses, id) = invited(SENT).await;
            strike(&of(&shop, &ses), broken, web::schedules::reviews(&shop.state, app::Deadline::NONE)).await;
            aftermath(&shop, &ses, Struck::Reviews, broken.told).await;
            holds(&shop, &ses, (&id, INVITATION), broken).await;
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_survives_every_fault_of_the_database() {
    a_run_breaks_nowhere(|shop, _| shop.wire.clone()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_survives_every_fault_of_ses() {
    a_run_breaks_nowhere(|_, ses| ses.wire.clone()).await;
}

const CONFIRMATION: &str = "order_confirmation_1";

/// Somebody whose order is to be confirmed now.
async fn has_ordered() -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(&["order_confirmation", "staff_case"]).await;
    let id = member(&shop, 1).await;
    orders(&shop, 1).await;
    (shop, ses, id)
}

/// The same, but the mail was handed over an hour ago, and nobody has heard of it.
async fn has_waited() -> (Shop, Ses, String) {
    let (shop, ses, id) = has_ordered().await;
    ses.wire.break_calls_of(tests::wire::SEND, Fault::AnswerLost, 0, ALL);
    lifecycle(&shop).await;
    ses.wire.clear();
    wait(&shop, 61);
    (shop, ses, id)
}

/// Breaks the lifecycle's run at every call of that wire.
async fn a_lifecycle_breaks_nowhere<F>(of: fn(&Shop, &Ses) -> Wire, begin: fn() -> F, is_sent: bool)
where
    F: Future<Output = (Shop, Ses, String)>,
{
    let (shop, ses, id) = begin().await;
    let wire = of(&shop, &ses);
    wire.clear();
    lifecycle(&shop).await;
    let all = all_of(&wire.calls());
    assert!(all.len() > 20, "{}", all.len());
    let state = if is_sent { "sent" } else { "unknown" };
    assert_eq!(message(&shop, &id, CONFIRMATION).await["state"], state);
    stream::iter(all)
        .for_each_concurrent(12, |broken| async move {
            let (shop, ses, id) = begin().await;
            strike(&of(&shop, &ses), broken, web::schedules::lifecycle(&shop.state, app::Deadline::NONE)).await;
            aftermath(&shop, &ses, Struck::Lifecycle, broken.told).await;
            holds(&shop, &ses, (&id, CONFIRMATION), broken).await;
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_survives_every_fault_of_the_database() {
    a_lifecycle_breaks_nowhere(|shop, _| shop.wire.clone(), has_ordered, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_survives_every_fault_of_ses() {
    a_lifecycle_breaks_nowhere(|_, ses| ses.wire.clone(), has_ordered, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_given_up_survives_every_fault_of_the_database_as_one_case() {
    a_lifecycle_breaks_nowhere(|shop, _| shop.wire.clone(), has_waited, false).await;
}

/// Somebody whose order has come, but for the last word of the carrier.
async fn awaited() -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(SENT).await;
    let id = member(&shop, 1).await;
    (shop, ses, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_survives_every_fault_of_the_database() {
    let (shop, _, _) = awaited().await;
    delivered(&shop, 1, four_days_ago()).await;
    let told = tests::payloads::delivery(&crate::order(1), 2, four_days_ago() + jiff::SignedDuration::from_mins(1));
    shop.wire.clear();
    shop.send("fulfillment_events/create", &told).await.is(200);
    let all = all_of(&shop.wire.calls());
    let told = &told;
    stream::iter(all)
        .for_each_concurrent(12, |broken| async move {
            let (shop, ses, id) = awaited().await;
            delivered(&shop, 1, four_days_ago()).await;
            strike(&shop.wire, broken, shop.send("fulfillment_events/create", told)).await;
            shop.deliver("fulfillment_events/create", told).await;
            wait(&shop, 10);
            overlap(&shop).await;
            assert_eq!(ses.scenarios_to(&email(1)), [INVITATION], "{broken:?}");
            let planned = messages(&shop, &id).await;
            assert_eq!(planned.len(), 2, "{broken:?}: {}", json!(planned));
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ses_tells_survives_every_fault_of_the_database() {
    let (shop, ses, _) = invited(SENT).await;
    reviews(&shop).await;
    shop.wire.clear();
    tell(&shop, &ses.taken()[0].bounced("Permanent", shop.now())).await;
    let all = all_of(&shop.wire.calls());
    stream::iter(all)
        .for_each_concurrent(12, |broken| async move {
            let (shop, ses, id) = invited(SENT).await;
            reviews(&shop).await;
            let event = ses.taken()[0].bounced("Permanent", shop.now());
            strike(&shop.wire, broken, web::schedules::feedback(&shop.state, &event)).await;
            for _ in 0..2 {
                tell(&shop, &event).await;
            }
            let mail = message(&shop, &id, INVITATION).await;
            assert!(mail["state"] == "sent" && mail["bounced_at"].is_string(), "{broken:?}: {mail}");
            shop.move_clock(tests::at("2026-06-28T16:00:00Z"));
            reviews(&shop).await;
            let reminder = message(&shop, &id, "review_invitation_2").await;
            assert_eq!(
                (&reminder["state"], &reminder["reason"]),
                (&json!("skipped"), &json!("suppressed")),
                "{broken:?}"
            );
            assert_eq!(ses.taken().len(), 1, "{broken:?}");
        })
        .await;
}
