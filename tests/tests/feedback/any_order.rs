//! Events come in any order and any number of times, before our own note of the sending or hours after it.

use std::collections::BTreeSet;

use futures::join;
use jiff::Timestamp;
use serde_json::{Value, json};
use tests::{
    Ses, Shop,
    mailing::{
        INVITATION, cases, figures, invited, lifecycle, member, message, messages, reviews, shop_with, tell, wait,
    },
    payloads::email,
    ses::Taken,
};
use web::schedules::FeedbackRun;

use crate::{WELCOME, by_sns, explained, lose_answers, mins, next_mail, only, quarantined, skipped_as};

const PERSON: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
/// Of the 720 orders of six events, one in so many.
const ONE_IN: usize = 89;
/// How the key of an address begins that something is known against.
const SUPPRESSED: &str = "REF#suppressed#";

/// One event of each kind, in the order in which they happened.
fn all_events(mail: &Taken) -> Vec<Value> {
    let after = |minutes: i64| mail.taken_at + mins(minutes);
    vec![
        mail.sent(mail.taken_at),
        mail.bounced("Transient", after(1)),
        mail.delivered(after(2)),
        mail.opened(PERSON, after(3)),
        mail.clicked(PERSON, after(4)),
        mail.complained(after(5)),
    ]
}

/// The events in the order of that number, of all that there are.
fn arranged(mut events: Vec<Value>, mut number: usize) -> Vec<Value> {
    let mut arranged = Vec::new();
    while !events.is_empty() {
        arranged.push(events.remove(number % events.len()));
        number /= events.len() + 1;
    }
    arranged
}

/// Tells each at once again, by SNS, and the first once more at the end.
async fn tell_all(shop: &Shop, events: &[Value]) {
    for event in events {
        tell(shop, event).await;
        let again = tell(shop, &by_sns(event)).await;
        assert_eq!(again, FeedbackRun { known: 1, ..FeedbackRun::default() }, "{event}");
    }
    assert_eq!(tell(shop, &events[0]).await.noted, 0, "{events:?}");
}

/// The mail as the API shows and explains it, without what is of its member alone.
async fn seen(shop: &Shop, id: &str, scenario: &str) -> String {
    let mail = message(shop, id, scenario).await;
    let explained = explained(shop, id, &mail).await.to_string();
    explained.replace(mail["id"].as_str().unwrap(), "msg")
}

/// What the table holds against addresses, without whose each is.
async fn against_addresses(shop: &Shop) -> Vec<Value> {
    let rows = shop.rows().await.into_iter().filter(|(key, _)| key.starts_with(SUPPRESSED));
    rows.map(|(_, row)| row)
        .map(|mut row| {
            row["pk"].take();
            row["version"].take();
            row
        })
        .collect()
}

async fn ends_the_same(shop: Shop, ses: Ses, ids: Vec<String>) {
    wait(&shop, 30);
    for (number, id) in ids.iter().enumerate() {
        let mail = ses.taken().into_iter().find(|mail| mail.member.as_deref() == Some(id)).unwrap();
        tell_all(&shop, &arranged(all_events(&mail), number * ONE_IN)).await;
    }
    let mut ends = BTreeSet::new();
    for id in &ids {
        ends.insert(seen(&shop, id, WELCOME).await);
    }
    assert_eq!(ends.len(), 1, "{ends:#?}");
    let against = against_addresses(&shop).await;
    assert_eq!(against.len(), ids.len());
    assert!(against.iter().all(|row| *row == against[0]), "{against:#?}");
    let counted = figures(&shop, WELCOME).await;
    for what in ["sent", "delivered", "opened", "clicked", "soft_bounced", "complained"] {
        assert_eq!(counted[what], ids.len(), "{what}: {counted}");
    }
    assert_eq!((&counted["bounced"], &counted["unknown"]), (&json!(0), &json!(0)), "{counted}");
    assert_eq!(next_mail(&shop, &ids[0]).await, skipped_as("suppressed"));
}

/// So many members, whose first mail is due.
async fn members_of(shop: &Shop) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 1..=720 / ONE_IN as u64 {
        ids.push(member(shop, number).await);
    }
    ids
}

/// As many, each of whom was written to in a run of their own: a run stops where nothing is answered.
async fn members_without_an_answer(shop: &Shop, ses: &Ses) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 1..=720 / ONE_IN as u64 {
        ids.push(member(shop, number).await);
        lose_answers(shop, ses).await;
    }
    ids
}

#[tokio::test]
async fn events_of_a_sent_mail_end_the_same_in_any_order_and_number() {
    let (shop, ses) = shop_with(&["welcome", "order_confirmation"]).await;
    let ids = members_of(&shop).await;
    lifecycle(&shop).await;
    ends_the_same(shop, ses, ids).await;
}

#[tokio::test]
async fn events_of_a_mail_without_an_answer_end_the_same_in_any_order_and_number() {
    let (shop, ses) = shop_with(&["welcome", "order_confirmation"]).await;
    let ids = members_without_an_answer(&shop, &ses).await;
    ends_the_same(shop, ses, ids).await;
}

#[tokio::test]
async fn events_of_a_mail_that_was_given_up_end_the_same_in_any_order_and_number() {
    let (shop, ses) = shop_with(&["welcome", "order_confirmation"]).await;
    let ids = members_without_an_answer(&shop, &ses).await;
    wait(&shop, 61);
    lifecycle(&shop).await;
    ends_the_same(shop, ses, ids).await;
}

/// The third commit of a run, which notes the answer of SES: after the claim and the sending.
fn call_of_the_note(shop: &Shop) -> usize {
    let calls = shop.wire.calls().into_iter().enumerate();
    let commits = calls.filter(|(_, call)| call.operation == "TransactWriteItems").map(|(number, _)| number);
    let [_, _, note] = commits.collect::<Vec<_>>()[..] else { panic!("{:?}", shop.wire.calls()) };
    note
}

#[tokio::test]
async fn an_event_before_our_own_note_settles_the_mail_and_the_note_changes_nothing() {
    let (shop, ..) = invited(&["review_invitation"]).await;
    shop.wire.clear();
    reviews(&shop).await;
    let note = call_of_the_note(&shop);
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    let stop = shop.wire.stop_at(note, false);
    let told = async {
        stop.reached().await;
        assert_eq!(message(&shop, &id, INVITATION).await["state"], "sending");
        let mail = only(&ses);
        let told = tell(&shop, &mail.delivered(mail.taken_at + mins(1))).await;
        assert_eq!(told, FeedbackRun { noted: 1, ..FeedbackRun::default() });
        let before = seen(&shop, &id, INVITATION).await;
        stop.go_on();
        before
    };
    let (_, before) = join!(reviews(&shop), told);
    assert_eq!(seen(&shop, &id, INVITATION).await, before);
    let mail = message(&shop, &id, INVITATION).await;
    assert!(mail["state"] == "sent" && mail["delivered_at"].is_string(), "{mail}");
    assert_eq!(ses.scenarios_to(&email(1)), [INVITATION]);
}

#[tokio::test]
async fn an_event_within_the_hour_settles_a_mail_without_an_answer_and_no_case_is_opened() {
    let (shop, ses, id) = quarantined().await;
    let taken_at = shop.now();
    assert_eq!(message(&shop, &id, WELCOME).await["state"], "sending");
    wait(&shop, 30);
    tell(&shop, &only(&ses).sent(taken_at)).await;
    wait(&shop, 40);
    lifecycle(&shop).await;
    let mail = message(&shop, &id, WELCOME).await;
    assert_eq!((&mail["state"], &mail["reason"]), (&json!("sent"), &Value::Null));
    assert_eq!(mail["sent_at"].as_str().unwrap().parse::<Timestamp>().unwrap(), taken_at);
    assert!(cases(&shop, "mail_unknown").await.is_empty());
    assert_eq!(ses.taken().len(), 1);
}

#[tokio::test]
async fn an_event_settles_a_mail_that_had_ended_as_unknown_as_sent_when_it_was_handed_over() {
    let (shop, ses, id) = quarantined().await;
    let taken_at = shop.now();
    wait(&shop, 61);
    lifecycle(&shop).await;
    let mail = message(&shop, &id, WELCOME).await;
    assert_eq!((&mail["state"], &mail["reason"]), (&json!("unknown"), &json!("no_answer")));
    assert_eq!(cases(&shop, "mail_unknown").await.len(), 1);
    assert_eq!(figures(&shop, WELCOME).await["unknown"], 1);
    wait(&shop, 120);
    tell(&shop, &only(&ses).bounced("Permanent", taken_at + mins(150))).await;
    let mail = message(&shop, &id, WELCOME).await;
    assert!(mail["state"] == "sent" && mail["bounced_at"].is_string(), "{mail}");
    let [case] = &cases(&shop, "mail_unknown").await[..] else { panic!("there is one case") };
    assert_eq!((&case["state"], &case["note"]), (&json!("resolved"), &json!("The mail service told it later.")));
    assert_eq!(mail["sent_at"].as_str().unwrap().parse::<Timestamp>().unwrap(), taken_at);
    let history = explained(&shop, &id, &mail).await["history"].clone();
    let states: Vec<&Value> = history.as_array().unwrap().iter().map(|step| &step["state"]).collect();
    assert_eq!(states, ["unknown", "sent"], "{history}");
    let times: Vec<&str> = history.as_array().unwrap().iter().map(|step| step["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "the oldest first: {history}");
    let counted = figures(&shop, WELCOME).await;
    assert_eq!((&counted["sent"], &counted["unknown"]), (&json!(1), &json!(0)), "{counted}");
    assert_eq!(messages(&shop, &id).await.len(), 4, "three of the welcome, and the staff's");
}
