//! A no that comes while a mail is on its way: at every point before it is handed over, nothing is sent.

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use serde_json::{Value, json};
use tests::{Shop, Wire, mailing::figures, payloads::*};

use crate::{
    INVITATION, consent, delivered, four_days_ago, invited, member, message, order, overlap, reviews, tell, wait,
};

/// Somebody says no, for the member of that id.
type No = for<'a> fn(&'a Shop, &'a str) -> BoxFuture<'a, ()>;

/// The calls that begin a sending: up to the commit that marks it as being sent, and that one.
fn calls_before_sending(wire: &Wire) -> usize {
    let calls = wire.calls();
    let writes = calls.iter().enumerate().filter(|(_, call)| call.operation == "TransactWriteItems");
    // the claim, then the sending, then the note
    let writes: Vec<usize> = writes.map(|(number, _)| number).collect();
    assert_eq!(writes.len(), 3, "{calls:?}");
    writes[1]
}

/// Breaks it in before each call of the run, and lets the run go on.
async fn nothing_is_sent_after(no: No, reasons: &[&str]) {
    let (shop, ses, _) = invited(&["review_invitation"]).await;
    shop.wire.clear();
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 1);
    let last = calls_before_sending(&shop.wire);
    stream::iter(0..=last)
        .for_each_concurrent(8, |call| async move {
            let (shop, ses, id) = invited(&["review_invitation"]).await;
            let stop = shop.wire.stop_at(call, false);
            let said = async {
                stop.reached().await;
                no(&shop, &id).await;
                stop.go_on();
            };
            futures::join!(reviews(&shop), said);
            overlap(&shop).await;
            wait(&shop, 6);
            overlap(&shop).await;
            wait(&shop, 61);
            overlap(&shop).await;
            let sent = ses.scenarios_to(&email(1));
            assert!(sent.is_empty(), "at call {call} of {last}: {sent:?}");
            if !reasons.is_empty() {
                let mail = message(&shop, &id, INVITATION).await;
                assert_eq!(mail["state"], "skipped", "at call {call}: {mail}");
                assert!(reasons.contains(&mail["reason"].as_str().unwrap()), "at call {call}: {mail}");
            }
        })
        .await;
}

fn says(shop: &Shop, id: &str, said: Value) -> impl Future<Output = ()> {
    let (shop, id) = (shop.clone(), id.to_owned());
    async move { consent(&shop, &id, said).await }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_that_is_withdrawn_meanwhile_stops_it() {
    nothing_is_sent_after(|shop, id| says(shop, id, json!({"marketing": "withdrawn"})).boxed(), &["no_consent"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_is_switched_off_meanwhile_stops_it() {
    nothing_is_sent_after(|shop, id| says(shop, id, json!({"topics": {"reviews": false}})).boxed(), &["topic_off"])
        .await;
}

async fn erase(shop: &Shop, id: &str) {
    assert!(shop.delete(&format!("/v1/members/{id}")).await.status < 300);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_meanwhile_stops_it() {
    nothing_is_sent_after(|shop, id| erase(shop, id).boxed(), &[]).await;
}

/// An earlier mail to them, which the simulator has no need to have taken.
fn told_of_them(id: &str) -> tests::ses::Taken {
    tests::ses::Taken {
        ses_id: "ses-0".to_owned(),
        to: email(1),
        scenario: "welcome_1".to_owned(),
        message: format!("msg_{}", "0".repeat(32)),
        member: Some(id.to_owned()),
        taken_at: tests::at(crate::NOW),
        raw: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hard_bounce_of_another_mail_meanwhile_stops_it() {
    let bounce: No = |shop, id| {
        async move {
            let event = told_of_them(id).bounced("Permanent", shop.now());
            tell(shop, &event).await;
        }
        .boxed()
    };
    nothing_is_sent_after(bounce, &["suppressed"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_about_another_mail_meanwhile_stops_it() {
    let complain: No = |shop, id| {
        async move {
            let event = told_of_them(id).complained(shop.now());
            tell(shop, &event).await;
        }
        .boxed()
    };
    nothing_is_sent_after(complain, &["suppressed"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancellation_or_a_review_before_the_claim_stops_it() {
    for (cancels, reason) in [(true, "cancelled"), (false, "reviewed")] {
        let (shop, ses, id) = invited(&["review_invitation"]).await;
        if cancels {
            let gone = cancelled(&order(1), shop.now());
            shop.send("orders/cancelled", &gone).await.is(200);
        } else {
            let review = json!({"product_id": "8410000000000", "rating": 5});
            shop.post(&format!("/v1/members/{id}/reviews"), &review, Some("review")).await.is(201);
        }
        overlap(&shop).await;
        assert!(ses.taken().is_empty());
        assert_eq!(message(&shop, &id, INVITATION).await["reason"], reason);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_meanwhile_brings_no_second_mail() {
    let (shop, ses, _) = invited(&["review_invitation"]).await;
    shop.wire.clear();
    reviews(&shop).await;
    let last = calls_before_sending(&shop.wire);
    assert_eq!(ses.taken().len(), 1);
    stream::iter(0..=last)
        .for_each_concurrent(8, |call| async move {
            let (shop, ses, id) = invited(&["review_invitation"]).await;
            let other = member(&shop, 2).await;
            let stop = shop.wire.stop_at(call, false);
            let merged = async {
                stop.reached().await;
                shop.merge(&id, &other).await;
                stop.go_on();
            };
            futures::join!(reviews(&shop), merged);
            for minutes in [0, 6, 61] {
                wait(&shop, minutes);
                overlap(&shop).await;
            }
            let sent = ses.taken();
            assert!(sent.len() <= 1, "at call {call}: {sent:?}");
            // the order tells of its delivery again, now for the member that there is
            delivered(&shop, 1, four_days_ago()).await;
            overlap(&shop).await;
            assert_eq!(ses.taken().len(), 1, "at call {call}");
        })
        .await;
}

#[tokio::test]
async fn a_withdrawal_of_one_topic_leaves_the_other_mail() {
    let (shop, ses, id) = invited(&["review_invitation", "welcome"]).await;
    consent(&shop, &id, json!({"topics": {"reviews": false}})).await;
    crate::lifecycle(&shop).await;
    reviews(&shop).await;
    assert_eq!(ses.scenarios_to(&email(1)), ["welcome_1"]);
}

#[tokio::test]
async fn who_leaves_by_a_mail_is_counted_with_it_once() {
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    reviews(&shop).await;
    let path = ses.taken()[0].link("/u/").unwrap();
    for minutes in [0, 5] {
        wait(&shop, minutes);
        assert_eq!(shop.submit(&path, &[("action", "unsubscribe")]).await.status, 200);
    }
    let left_at = shop.now() - jiff::SignedDuration::from_mins(5);
    assert_eq!(message(&shop, &id, INVITATION).await["unsubscribed_at"], json!(left_at));
    assert_eq!(figures(&shop, INVITATION).await["unsubscribed"], 1);
    assert_eq!(shop.submit(&path, &[("action", "subscribe")]).await.status, 200);
    assert_eq!(figures(&shop, INVITATION).await["unsubscribed"], 1, "they had left");
}
