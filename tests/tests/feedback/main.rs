//! What SES tells of mail, as the merchant and the member see it afterwards.
#![cfg(test)]

mod any_order;
mod readers;
mod rejection;
mod stop;
mod suppression;
mod unusable;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Fault, Ses, Shop,
    mailing::{figures, lifecycle, member, message, orders, report, shop_with},
    ses::Taken,
    wire::SEND,
};

/// The first mail to whoever agrees to marketing, at once, and the one two days later.
const WELCOME: &str = "welcome_1";
const NEXT: &str = "welcome_2";
const CONFIRMATION: &str = "order_confirmation_1";
const STAFF: &str = "staff@regulars.example";
const TO_STAFF: &str = "staff_case_1";

async fn shop_with_mail() -> (Shop, Ses) {
    shop_with(&["welcome", "order_confirmation", "review_invitation", "staff_case"]).await
}

/// A shop, and one member who was just welcomed.
async fn welcomed() -> (Shop, Ses, String) {
    let (shop, ses) = shop_with_mail().await;
    let id = member(&shop, 1).await;
    lifecycle(&shop).await;
    (shop, ses, id)
}

/// The same, but nobody knows whether the mail went out: SES has it, and its answer was lost.
async fn quarantined() -> (Shop, Ses, String) {
    let (shop, ses) = shop_with_mail().await;
    let id = member(&shop, 1).await;
    lose_answers(&shop, &ses).await;
    (shop, ses, id)
}

/// Runs none of whose mails has an answer; each hands over a few, and the rest is the next one's.
async fn lose_answers(shop: &Shop, ses: &Ses) {
    ses.wire.break_calls_of(SEND, Fault::AnswerLost, 0, usize::MAX);
    let mut before = None;
    while before != Some(ses.taken().len()) {
        before = Some(ses.taken().len());
        lifecycle(shop).await;
    }
    ses.wire.clear();
}

/// The one mail to a member.
fn only(ses: &Ses) -> Taken {
    let taken: Vec<Taken> = ses.taken().into_iter().filter(|mail| mail.to != STAFF).collect();
    let [mail] = &taken[..] else { panic!("{taken:?}") };
    mail.clone()
}

/// What becomes of a mail that tells the first member of an order which they have just made.
async fn next_mail(shop: &Shop, id: &str) -> (Value, Value) {
    orders(shop, 1).await;
    lifecycle(shop).await;
    state_and_reason(shop, id, CONFIRMATION).await
}

async fn state_and_reason(shop: &Shop, id: &str, scenario: &str) -> (Value, Value) {
    let mail = message(shop, id, scenario).await;
    (mail["state"].clone(), mail["reason"].clone())
}

/// What would become of that mail now: it is planned.
async fn outlook(shop: &Shop, id: &str, scenario: &str) -> (Value, Value) {
    let explained = explained(shop, id, &message(shop, id, scenario).await).await;
    (explained["now"]["would"].clone(), explained["now"]["reason"].clone())
}

fn skipped_as(reason: &str) -> (Value, Value) {
    (json!("skipped"), json!(reason))
}

fn sent() -> (Value, Value) {
    (json!("sent"), Value::Null)
}

async fn explained(shop: &Shop, id: &str, message: &Value) -> Value {
    let message = message["id"].as_str().unwrap();
    shop.get(&format!("/v1/members/{id}/messages/{message}/explain")).await.is(200)
}

async fn marketing_stopped_at(shop: &Shop) -> Value {
    report(shop).await["marketing_stopped_at"].clone()
}

/// The same event as SNS hands it over.
fn by_sns(event: &Value) -> Value {
    let notification = json!({"Type": "Notification", "MessageId": "95df01b4", "Message": event["detail"].to_string()});
    json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": notification}]})
}

fn mins(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn counted(shop: &Shop, scenario: &str, what: &str) -> u64 {
    figures(shop, scenario).await[what].as_u64().unwrap_or(0)
}
