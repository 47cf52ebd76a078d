//! A no between the last commit and SES. No commit can close that window, because SES is no part of it: what was
//! written down as being sent before the no may still go out, once, and nothing after it does.

use serde_json::json;
use tests::{
    at,
    mailing::{INVITATION, NOW, consent, invited, message, overlap, reviews, wait},
    shop::Shop,
};

use crate::{days_after, live_until, sent_to};

/// The mail to SES comes after its quota.
const HANDING_OVER: usize = 1;

async fn says_no(shop: &Shop, id: &str) {
    consent(shop, id, json!({"marketing": "withdrawn"})).await;
}

#[tokio::test]
async fn a_mail_that_was_being_handed_over_when_they_said_no_goes_out_at_most_once_and_was_begun_before() {
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    let begun_at = shop.now();
    let stop = ses.wire.stop_at(HANDING_OVER, false);
    let said = async {
        stop.reached().await;
        assert_eq!(message(&shop, &id, INVITATION).await["state"], "sending");
        wait(&shop, 1);
        says_no(&shop, &id).await;
        assert!(ses.taken().is_empty(), "it is answered without waiting for SES");
        // a run that begins after it hands nothing over
        overlap(&shop).await;
        stop.go_on();
    };
    futures::join!(reviews(&shop), said);
    assert_eq!(sent_to(&ses, 1).len(), 1);
    let mail = message(&shop, &id, INVITATION).await;
    assert_eq!((&mail["state"], &mail["sent_at"]), (&json!("sent"), &json!(begun_at)), "before the no");
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert_eq!(sent_to(&ses, 1).len(), 1);
    let reminder = message(&shop, &id, "review_invitation_2").await;
    assert_eq!((&reminder["state"], &reminder["reason"]), (&json!("skipped"), &json!("no_consent")));
}

#[tokio::test]
async fn a_run_that_dies_in_that_window_leaves_nothing_that_goes_out_later() {
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    let stop = ses.wire.stop_at(HANDING_OVER, false);
    tokio::select! { () = stop.reached() => {}, _ = reviews(&shop) => panic!("it ran to its end") }
    ses.wire.clear();
    says_no(&shop, &id).await;
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert!(ses.taken().is_empty());
    let mail = message(&shop, &id, INVITATION).await;
    assert_eq!((&mail["state"], &mail["reason"]), (&json!("unknown"), &json!("no_answer")));
}

/// What SES refuses in that window is asked about again, and then the no holds.
#[tokio::test]
async fn a_refusal_in_that_window_is_the_end_of_it() {
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    ses.allow(true, 1);
    let stop = ses.wire.stop_at(HANDING_OVER, false);
    let said = async {
        stop.reached().await;
        says_no(&shop, &id).await;
        ses.allow(true, 0);
        stop.go_on();
    };
    futures::join!(reviews(&shop), said);
    assert_eq!(message(&shop, &id, INVITATION).await["state"], "planned");
    ses.allow(true, 200);
    live_until(&shop, days_after(at(NOW), 20)).await;
    assert!(ses.taken().is_empty());
    assert_eq!(message(&shop, &id, INVITATION).await["reason"], "no_consent");
}
