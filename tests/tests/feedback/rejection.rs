//! SES took a mail, and found afterwards that it may not go out.

use serde_json::{Value, json};
use tests::{
    Fault, Ses, Shop,
    mailing::{
        INVITATION, delivered, figures, four_days_ago, lifecycle, member, message, orders, reviews, shop_with, tell,
        wait,
    },
    payloads::email,
    ses::Taken,
    wire::SEND,
};

use crate::{CONFIRMATION, WELCOME, explained, lose_answers, mins, state_and_reason};

/// A member whose welcome counts toward the cap.
async fn capped(scenarios: &[&str]) -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(scenarios).await;
    let id = member(&shop, 1).await;
    lifecycle(&shop).await;
    (shop, ses, id)
}

fn mail_of(ses: &Ses, scenario: &str) -> Taken {
    ses.taken().into_iter().find(|mail| mail.scenario == scenario).unwrap()
}

/// What becomes of an invitation that is due ten minutes later.
async fn invitation(shop: &Shop, id: &str) -> (Value, Value) {
    delivered(shop, 1, four_days_ago()).await;
    wait(shop, 10);
    reviews(shop).await;
    state_and_reason(shop, id, INVITATION).await
}

async fn ended_as_rejected(shop: &Shop, id: &str) {
    let mail = message(shop, id, WELCOME).await;
    assert_eq!((&mail["state"], &mail["reason"]), (&json!("skipped"), &json!("rejected")), "{mail}");
    assert_eq!(mail["sent_at"], Value::Null, "it did not go out: {mail}");
    let explained = explained(shop, id, &mail).await;
    let last = explained["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["state"], &last["reason"]), (&json!("skipped"), &json!("rejected")), "{explained}");
    assert!(last["why"].as_str().unwrap().contains("rejected"), "{explained}");
    let counted = figures(shop, WELCOME).await;
    assert_eq!((&counted["sent"], &counted["skipped"]), (&json!(0), &json!({"rejected": 1})), "{counted}");
}

const BOTH: &[&str] = &["welcome", "review_invitation"];

#[tokio::test]
async fn what_counts_toward_the_cap_keeps_the_next_mail_waiting() {
    let (shop, _, id) = capped(BOTH).await;
    assert_eq!(invitation(&shop, &id).await, (json!("planned"), json!("cap")));
}

#[tokio::test]
async fn a_rejected_mail_ends_with_its_reason_and_no_longer_counts_toward_the_cap() {
    for rejects_first in [true, false] {
        let (shop, ses, id) = capped(BOTH).await;
        let mail = mail_of(&ses, WELCOME);
        let (taken_at, found_at) = (mail.taken_at, mail.taken_at + mins(1));
        let mut events = [mail.rejected(found_at), mail.sent(taken_at), mail.rejected(found_at)];
        if !rejects_first {
            events.rotate_left(1);
        }
        for event in &events {
            tell(&shop, event).await;
        }
        ended_as_rejected(&shop, &id).await;
        assert_eq!(invitation(&shop, &id).await, (json!("sent"), Value::Null));
    }
}

#[tokio::test]
async fn a_mail_that_could_not_be_rendered_ends_like_one_that_was_rejected() {
    let (shop, ses, id) = capped(BOTH).await;
    let mail = mail_of(&ses, WELCOME);
    tell(&shop, &mail.failed_to_render(mail.taken_at)).await;
    ended_as_rejected(&shop, &id).await;
    assert_eq!(invitation(&shop, &id).await, (json!("sent"), Value::Null));
}

#[tokio::test]
async fn a_rejection_settles_a_mail_without_an_answer_also_after_it_was_given_up() {
    for given_up in [false, true] {
        let (shop, ses) = shop_with(BOTH).await;
        let id = member(&shop, 1).await;
        lose_answers(&shop, &ses).await;
        if given_up {
            wait(&shop, 61);
            lifecycle(&shop).await;
            assert_eq!(message(&shop, &id, WELCOME).await["state"], "unknown");
        }
        let mail = mail_of(&ses, WELCOME);
        tell(&shop, &mail.rejected(mail.taken_at)).await;
        ended_as_rejected(&shop, &id).await;
        assert_eq!(invitation(&shop, &id).await, (json!("sent"), Value::Null), "given up: {given_up}");
        assert_eq!(ses.scenarios_to(&email(1)), [INVITATION, WELCOME]);
    }
}

#[tokio::test]
async fn a_rejected_mail_that_did_not_count_toward_the_cap_gives_nothing_back() {
    let (shop, ses, id) = capped(&["welcome", "review_invitation", "order_confirmation"]).await;
    orders(&shop, 1).await;
    lifecycle(&shop).await;
    let mail = mail_of(&ses, CONFIRMATION);
    assert_eq!(mail_of(&ses, WELCOME).taken_at, mail.taken_at, "both in the same second");
    tell(&shop, &mail.rejected(mail.taken_at)).await;
    assert_eq!(message(&shop, &id, CONFIRMATION).await["reason"], "rejected");
    assert_eq!(invitation(&shop, &id).await, (json!("planned"), json!("cap")));
}

#[tokio::test]
async fn a_refused_mail_that_did_not_count_toward_the_cap_gives_nothing_back_either() {
    let (shop, ses, id) = capped(&["welcome", "review_invitation", "order_confirmation"]).await;
    orders(&shop, 1).await;
    ses.wire.break_calls_of(SEND, Fault::Throttled, 0, 1);
    lifecycle(&shop).await;
    assert_eq!(message(&shop, &id, CONFIRMATION).await["reason"], "throttled");
    assert_eq!(invitation(&shop, &id).await, (json!("planned"), json!("cap")));
}
