//! Events that say nothing to us: none fails, because what fails comes again for ever.

use serde_json::{Value, json};
use tests::mailing::{message, tell};
use web::schedules::FeedbackRun;

use crate::{WELCOME, by_sns, mins, next_mail, only, sent, skipped_as, welcomed};

const IGNORED: FeedbackRun = FeedbackRun { noted: 0, known: 0, ignored: 1 };
const KNOWN: FeedbackRun = FeedbackRun { noted: 0, known: 1, ignored: 0 };
const NOTED: FeedbackRun = FeedbackRun { noted: 1, known: 0, ignored: 0 };

/// The event with that part replaced, or taken out.
fn with(event: &Value, pointer: &str, part: Option<Value>) -> Value {
    let (mut event, (parent, name)) = (event.clone(), pointer.rsplit_once('/').unwrap());
    let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match part {
        Some(part) => drop(parent.insert(name.to_owned(), part)),
        None => drop(parent.remove(name)),
    }
    event
}

#[tokio::test]
async fn what_is_malformed_is_answered_counted_and_changes_nothing() {
    let (shop, ses, id) = welcomed().await;
    let bounce = only(&ses).bounced("Permanent", shop.now());
    let before = shop.rows().await;
    let malformed = [
        json!({}),
        json!(null),
        json!([]),
        json!({"detail": null}),
        json!({"detail": {}}),
        json!({"Records": [{"Sns": {"Message": "not JSON"}}]}),
        json!({"Records": [{"kinesis": {}}]}),
        with(&bounce, "/detail/mail", None),
        with(&bounce, "/detail/mail/messageId", None),
        with(&bounce, "/detail/mail/timestamp", Some(json!("yesterday"))),
        with(&bounce, "/detail/bounce", None),
        with(&bounce, "/detail/bounce/bounceType", Some(json!("Perhaps"))),
        with(&bounce, "/detail/eventType", Some(json!("Teleported"))),
        with(&bounce, "/detail/eventType", Some(json!(7))),
    ];
    for event in malformed {
        assert_eq!(tell(&shop, &event).await, IGNORED, "{event}");
    }
    assert_eq!(tell(&shop, &json!({"Records": []})).await, FeedbackRun::default());
    assert_eq!(shop.rows().await, before);
    assert_eq!(next_mail(&shop, &id).await, sent());
}

#[tokio::test]
async fn a_malformed_record_does_not_keep_those_beside_it() {
    let (shop, ses, id) = welcomed().await;
    let delivered = by_sns(&only(&ses).delivered(shop.now()));
    let record = &delivered["Records"][0];
    let told = tell(&shop, &json!({"Records": [{"Sns": {}}, record, {"Sns": {"Message": "{"}}, record]})).await;
    assert_eq!(told, FeedbackRun { noted: 1, known: 1, ignored: 2 });
    assert!(message(&shop, &id, WELCOME).await["delivered_at"].is_string());
}

#[tokio::test]
async fn an_event_of_a_mail_that_is_not_ours_changes_no_message_and_creates_nobody() {
    let (shop, ses, id) = welcomed().await;
    let opened = only(&ses).opened("Thunderbird 128.0 (Windows NT 10.0)", shop.now() + mins(5));
    let before = shop.rows().await;
    let foreign = [
        with(&opened, "/detail/mail/tags", None),
        with(&opened, "/detail/mail/tags", Some(json!({"ses:configuration-set": ["another"]}))),
        with(&opened, "/detail/mail/tags", Some(json!({"member_id": "not a list", "message_id": 7}))),
        with(&opened, "/detail/mail/tags/message_id", Some(json!([format!("msg_{}", "0".repeat(32))]))),
        with(&opened, "/detail/mail/tags/message_id", Some(json!(["#../../etc"]))),
        with(&opened, "/detail/mail/tags/member_id", Some(json!(["mem_019eda2c5900753a9ae34a706bc75572"]))),
        with(&opened, "/detail/mail/tags/member_id", Some(json!(["nobody of ours"]))),
        with(&opened, "/detail/mail/tags/member_id", Some(json!([]))),
    ];
    for event in foreign {
        assert_eq!(tell(&shop, &event).await, KNOWN, "{event}");
    }
    assert_eq!(shop.rows().await, before);
    assert_eq!(message(&shop, &id, WELCOME).await["opened_at"], Value::Null);
}

#[tokio::test]
async fn a_bounce_of_an_identity_which_has_no_tags_still_suppresses_the_address() {
    let (shop, ses, id) = welcomed().await;
    let bounce = only(&ses).bounced("Permanent", shop.now());
    let mut notification = with(&bounce, "/detail/mail/tags", None);
    let name = notification["detail"].as_object_mut().unwrap().remove("eventType").unwrap();
    notification["detail"]["notificationType"] = name;
    assert_eq!(tell(&shop, &by_sns(&notification)).await, NOTED);
    assert_eq!(message(&shop, &id, WELCOME).await["bounced_at"], Value::Null);
    assert_eq!(next_mail(&shop, &id).await, skipped_as("suppressed"));
}

#[tokio::test]
async fn a_bounce_of_a_member_nobody_knows_suppresses_the_address_and_creates_nobody() {
    let (shop, ses, id) = welcomed().await;
    let bounce = only(&ses).bounced("Permanent", shop.now());
    let stranger = json!(["mem_019eda2c5900753a9ae34a706bc75572"]);
    assert_eq!(tell(&shop, &with(&bounce, "/detail/mail/tags/member_id", Some(stranger))).await, NOTED);
    assert_eq!(shop.only_member().await, id);
    assert_eq!(shop.count("ACCOUNT").await, 1);
    assert_eq!(next_mail(&shop, &id).await, skipped_as("suppressed"));
}

#[tokio::test]
async fn an_event_that_names_an_address_twice_and_another_that_is_none_counts_it_once() {
    let (shop, ses, id) = welcomed().await;
    let mail = only(&ses);
    let bounce = mail.bounced("Permanent", shop.now());
    let recipients = json!([
        {"emailAddress": mail.to},
        {"emailAddress": mail.to.to_uppercase()},
        {"emailAddress": format!("Buyer One <{}>", mail.to)},
        {"emailAddress": "no address"},
        {},
    ]);
    assert_eq!(tell(&shop, &with(&bounce, "/detail/bounce/bouncedRecipients", Some(recipients))).await, NOTED);
    assert_eq!(next_mail(&shop, &id).await, skipped_as("suppressed"));
}
