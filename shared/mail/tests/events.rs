//! Events as SES publishes them, with the fields of its documentation.
#![cfg(test)]
#![allow(clippy::needless_pass_by_value, reason = "the events are written where they are handed over")]

use mail::feedback::{Bounce, Complaint, Feedback, Kind, NotFeedback, read};
use proptest::prelude::*;
use serde_json::{Value, json};

const BROWSER: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0";

/// A record of a configuration set: what happened, and to which mail.
fn record(kind: &str, own: &str, detail: Value) -> Value {
    json!({
        "eventType": kind,
        own: detail,
        "mail": {
            "timestamp": "2026-11-23T10:00:00.123Z",
            "source": "Leaf <shop@leaf.example>",
            "sourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/leaf.example",
            "sendingAccountId": "123456789012",
            "messageId": "0107018f-abcd-000000",
            "destination": ["mia@example.com"],
            "headersTruncated": false,
            "headers": [{ "name": "Subject", "value": "How is the tea?" }],
            "commonHeaders": { "from": ["shop@leaf.example"], "to": ["mia@example.com"], "messageId": "0107018f-abcd-000000" },
            "tags": {
                "ses:operation": ["SendRawEmail"],
                "ses:configuration-set": ["regulars"],
                "member_id": ["mem_0123"],
                "message_id": ["msg_0456"],
                "scenario": ["review_invitation_1"],
            },
        },
    })
}

fn by_event_bridge(name: &str, record: Value) -> Value {
    json!({
        "version": "0", "id": "12345678-aaaa-bbbb-cccc-1234567890ab", "detail-type": name, "source": "aws.ses",
        "account": "123456789012", "time": "2026-11-23T10:00:01Z", "region": "eu-central-1",
        "resources": ["arn:aws:ses:eu-central-1:123456789012:configuration-set/regulars"], "detail": record,
    })
}

fn by_sns(records: &[Value]) -> Value {
    let records = records.iter().map(|record| {
        json!({
            "EventSource": "aws:sns", "EventVersion": "1.0",
            "EventSubscriptionArn": "arn:aws:sns:eu-central-1:123456789012:ses:1",
            "Sns": { "Type": "Notification", "MessageId": "x", "Subject": "Amazon SES Email Event Notification", "Message": record.to_string() },
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

fn one(event: &Value) -> Feedback {
    let mut all = read(event);
    assert_eq!(all.len(), 1);
    all.remove(0).unwrap()
}

#[test]
fn a_bounce_of_what_was_forwarded_is_one_of_the_address_that_the_mail_was_for() {
    let elsewhere = json!([{ "emailAddress": "mia@elsewhere.example", "action": "failed", "status": "5.1.1" }]);
    for bounced in [elsewhere, json!([]), json!([{ "emailAddress": "no address" }])] {
        let own = json!({ "bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": bounced,
            "timestamp": "2026-11-23T11:00:00Z" });
        let bounce = one(&by_event_bridge("Email Bounced", record("Bounce", "bounce", own)));
        let addresses: Vec<&str> = bounce.recipients.iter().map(|address| address.as_str()).collect();
        assert_eq!(addresses, ["mia@example.com"]);
    }
}

#[test]
fn what_ses_did_not_hand_on_because_of_the_account_s_own_list_is_no_bounce_of_ours() {
    let own = json!({ "bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList",
        "bouncedRecipients": [{ "emailAddress": "mia@example.com" }], "timestamp": "2026-11-23T11:00:00Z" });
    let bounce = one(&by_event_bridge("Email Bounced", record("Bounce", "bounce", own)));
    let sub_type = "OnAccountSuppressionList".to_owned();
    assert_eq!(bounce.kind, Kind::Bounce { bounce: Bounce::Withheld, sub_type });
}

#[test]
fn every_kind_of_event_is_read_alike_through_event_bridge_and_sns() {
    let to_mia = json!([{ "emailAddress": "Mia <Mia@Example.com>", "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550" }]);
    let at = "2026-11-23T11:00:00.000Z";
    for (name, record, kind) in [
        ("Email Sent", record("Send", "send", json!({})), Kind::Send),
        (
            "Email Delivered",
            record(
                "Delivery",
                "delivery",
                json!({
                    "timestamp": at, "processingTimeMillis": 800, "recipients": ["mia@example.com"],
                    "smtpResponse": "250 ok", "reportingMTA": "a1-1.smtp-out.amazonses.com",
                }),
            ),
            Kind::Delivery,
        ),
        (
            "Email Bounced",
            record(
                "Bounce",
                "bounce",
                json!({
                    "bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": to_mia, "timestamp": at,
                    "feedbackId": "0107018f-f", "reportingMTA": "dsn; a1-1.smtp-out.amazonses.com",
                }),
            ),
            Kind::Bounce { bounce: Bounce::Permanent, sub_type: "NoEmail".to_owned() },
        ),
        (
            "Email Bounced",
            record(
                "Bounce",
                "bounce",
                json!({
                    "bounceType": "Transient", "bounceSubType": "MailboxFull", "bouncedRecipients": to_mia, "timestamp": at,
                }),
            ),
            Kind::Bounce { bounce: Bounce::Transient, sub_type: "MailboxFull".to_owned() },
        ),
        (
            "Email Bounced",
            record(
                "Bounce",
                "bounce",
                json!({ "bounceType": "Undetermined", "bouncedRecipients": to_mia, "timestamp": at }),
            ),
            Kind::Bounce { bounce: Bounce::Undetermined, sub_type: "Undetermined".to_owned() },
        ),
        (
            "Email Complaint Received",
            record(
                "Complaint",
                "complaint",
                json!({
                    "complainedRecipients": [{ "emailAddress": "mia@example.com" }], "timestamp": at, "feedbackId": "f",
                    "userAgent": "ExampleCorp Feedback Loop (V0.01)", "complaintFeedbackType": "abuse", "complaintSubType": null,
                }),
            ),
            Kind::Complaint { complaint: Complaint::Spam, feedback_type: Some("abuse".to_owned()) },
        ),
        (
            "Email Complaint Received",
            record(
                "Complaint",
                "complaint",
                json!({
                    "complainedRecipients": [{ "emailAddress": "mia@example.com" }], "timestamp": at,
                    "complaintSubType": "OnAccountSuppressionList",
                }),
            ),
            Kind::Complaint { complaint: Complaint::Suppressed, feedback_type: None },
        ),
        (
            "Email Complaint Received",
            record(
                "Complaint",
                "complaint",
                json!({
                    "complainedRecipients": [{ "emailAddress": "mia@example.com" }], "timestamp": at,
                    "complaintFeedbackType": "not-spam",
                }),
            ),
            Kind::Complaint { complaint: Complaint::NotSpam, feedback_type: Some("not-spam".to_owned()) },
        ),
        (
            "Email Opened",
            record("Open", "open", json!({ "ipAddress": "192.0.2.1", "timestamp": at, "userAgent": BROWSER })),
            Kind::Open,
        ),
        (
            "Email Clicked",
            record(
                "Click",
                "click",
                json!({
                    "ipAddress": "192.0.2.1", "timestamp": at, "userAgent": BROWSER,
                    "link": "https://mail.leaf.example/r/token?rating=4", "linkTags": null,
                }),
            ),
            Kind::Click { link: "https://mail.leaf.example/r/token?rating=4".to_owned() },
        ),
        (
            "Email Rejected",
            record("Reject", "reject", json!({ "reason": "Bad content" })),
            Kind::Reject { reason: Some("Bad content".to_owned()) },
        ),
        (
            "Email Rendering Failed",
            record("Rendering Failure", "failure", json!({ "errorMessage": "missing attribute", "templateName": "t" })),
            Kind::RenderingFailure { reason: Some("missing attribute".to_owned()) },
        ),
        (
            "Email Delivery Delayed",
            record(
                "DeliveryDelay",
                "deliveryDelay",
                json!({
                    "timestamp": at, "delayType": "TransientCommunicationFailure", "expirationTime": "2026-11-23T20:00:00Z",
                    "delayedRecipients": [{ "emailAddress": "mia@example.com", "status": "4.4.1", "diagnosticCode": "smtp; 421" }],
                }),
            ),
            Kind::DeliveryDelay { delay_type: "TransientCommunicationFailure".to_owned() },
        ),
        (
            "Email Subscribed",
            record(
                "Subscription",
                "subscription",
                json!({
                    "contactList": "customers", "timestamp": at, "source": "UnsubscribeHeader",
                    "newTopicPreferences": { "unsubscribeAll": true, "topicSubscriptionStatus": [] },
                    "oldTopicPreferences": { "unsubscribeAll": false, "topicSubscriptionStatus": [] },
                }),
            ),
            Kind::Subscription { unsubscribed_from_all: true },
        ),
    ] {
        let read_one = one(&by_event_bridge(name, record.clone()));
        assert_eq!(read_one, one(&by_sns(&[record])), "{name}");
        assert_eq!(read_one.kind, kind, "{name}");
        assert_eq!(read_one.ses_message_id, "0107018f-abcd-000000");
        assert_eq!(read_one.member_id.as_ref().unwrap().as_str(), "mem_0123");
        assert_eq!(read_one.message_id.as_deref(), Some("msg_0456"));
        assert_eq!(read_one.scenario.as_deref(), Some("review_invitation_1"));
        assert_eq!(read_one.recipients[0].as_str(), "mia@example.com", "{name}");
        assert_eq!(read_one.sent_at, "2026-11-23T10:00:00.123Z".parse().unwrap());
        let is_dated = !matches!(read_one.kind, Kind::Send | Kind::Reject { .. } | Kind::RenderingFailure { .. });
        assert_eq!(read_one.at, if is_dated { at.parse().unwrap() } else { read_one.sent_at }, "{name}");
        assert!(!read_one.machine, "{name}");
    }
}

#[test]
fn opens_and_clicks_of_machines_are_told_apart_and_nothing_else_is_a_machines() {
    let open = |agent: Value, at: &str| {
        one(&by_event_bridge("Email Opened", record("Open", "open", json!({ "userAgent": agent, "timestamp": at }))))
            .machine
    };
    assert!(!open(json!(BROWSER), "2026-11-23T10:05:00Z"));
    assert!(open(json!("Mozilla/5.0"), "2026-11-23T10:05:00Z"), "Apple fetches for everybody");
    assert!(open(json!(BROWSER), "2026-11-23T10:00:04Z"), "nobody reads within four seconds");
    assert!(open(Value::Null, "2026-11-23T10:05:00Z"), "every browser says what it is");
    let soon = json!({ "timestamp": "2026-11-23T10:00:01Z", "recipients": ["mia@example.com"] });
    assert!(!one(&by_event_bridge("Email Delivered", record("Delivery", "delivery", soon))).machine);
}

#[test]
fn notifications_of_an_identity_are_read_though_they_have_no_tags() {
    let mut bounce = record(
        "Bounce",
        "bounce",
        json!({
            "bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList", "timestamp": "2026-11-23T10:00:01Z",
            "bouncedRecipients": [{ "emailAddress": "mia@example.com" }],
        }),
    );
    bounce["notificationType"] = bounce.as_object_mut().unwrap().remove("eventType").unwrap();
    bounce["mail"].as_object_mut().unwrap().remove("tags");
    let feedback = one(&by_sns(&[bounce]));
    assert!(matches!(feedback.kind, Kind::Bounce { bounce: Bounce::Withheld, .. }));
    assert_eq!((feedback.member_id, feedback.message_id, feedback.scenario), (None, None, None));
}

#[test]
fn one_record_that_cannot_be_used_does_not_keep_the_others() {
    let good = record("Send", "send", json!({}));
    let unknown = record("Teleported", "teleport", json!({}));
    let mut event = by_sns(&[good.clone(), unknown, json!({ "eventType": "Send" }), good]);
    event["Records"][2]["Sns"]["Message"] = json!("Successfully validated SNS topic for Amazon SES event publishing.");
    let all = read(&event);
    assert!(all[0].is_ok() && all[3].is_ok());
    assert_eq!(all[1].as_ref().unwrap_err(), &NotFeedback::UnknownKind("Teleported".to_owned()));
    assert_eq!(all[2].as_ref().unwrap_err(), &NotFeedback::Envelope);
}

#[test]
fn what_is_no_event_of_a_mail_is_an_error() {
    let missing = |pointer: &str| {
        let mut event = by_event_bridge(
            "Email Clicked",
            record("Click", "click", json!({ "link": "https://a", "userAgent": "x" })),
        );
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        event.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        read(&event).remove(0).unwrap_err()
    };
    assert_eq!(missing("/detail/mail"), NotFeedback::Missing("mail"));
    assert_eq!(missing("/detail/mail/messageId"), NotFeedback::Missing("mail.messageId"));
    assert_eq!(missing("/detail/mail/timestamp"), NotFeedback::Missing("mail.timestamp"));
    assert_eq!(missing("/detail/click/link"), NotFeedback::Missing("click.link"));
    assert_eq!(missing("/detail/eventType"), NotFeedback::Missing("eventType"));
    for nothing in [json!({}), json!([]), json!(null), json!({ "Records": [{ "s3": {} }] }), json!({ "Records": 1 })] {
        assert_eq!(read(&nothing), [Err(NotFeedback::Envelope)], "{nothing}");
    }
}

#[test]
fn no_log_has_whom_an_event_is_about() {
    let open = json!({ "ipAddress": "192.0.2.1", "timestamp": "2026-11-23T11:00:00Z", "userAgent": BROWSER });
    let shown = format!("{:?}", one(&by_event_bridge("Email Opened", record("Open", "open", open))));
    for secret in ["mia", "192.0.2.1", "Firefox"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a field, there is an answer.
    #[test]
    fn no_value_anywhere_is_a_panic(kind in "Send|Delivery|Bounce|Complaint|Open|Click|.{0,9}", at in ".{0,30}", text in any::<String>(), number in any::<i64>()) {
        for value in [json!(text), json!(number), json!([text]), json!({ "emailAddress": number }), Value::Null] {
            let own = json!({ "timestamp": at, "bounceType": value, "bouncedRecipients": value, "link": value, "userAgent": value });
            for part in ["delivery", "bounce", "complaint", "open", "click"] {
                let mut event = record(&kind, part, own.clone());
                event["mail"]["tags"] = value.clone();
                event["mail"]["destination"] = value.clone();
                prop_assert_eq!(read(&by_sns(&[event.clone()])).len(), 1);
                event["mail"] = value.clone();
                prop_assert!(read(&by_event_bridge("Email", event)).remove(0).is_err());
            }
        }
    }
}
