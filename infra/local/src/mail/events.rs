//! What SES would tell of a mail that it took, as EventBridge hands it over. Addresses of SES's mailbox simulator
//! (<https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html>) meet what they meet there; every
//! other mail arrives.

use serde_json::{Value, json};

use super::message::Mail;

const SIMULATOR: &str = "@simulator.amazonses.com";

/// The events of one mail in the order in which they come. A mail without tags is none of ours.
pub(super) fn of(mail: &Mail) -> Vec<Value> {
    let (Some(_), Some(_)) = (&mail.letter.member_id, &mail.letter.message_id) else { return Vec::new() };
    let sent = event(mail, "Send", "send", json!({}));
    let recipient = &mail.letter.to;
    let bounced = |kind: &str, sub_type: &str| {
        json!({ "bounceType": kind, "bounceSubType": sub_type, "bouncedRecipients": [{ "emailAddress": recipient }],
                "timestamp": mail.sent_at, "feedbackId": mail.id })
    };
    let delivered = json!({ "timestamp": mail.sent_at, "recipients": [recipient], "smtpResponse": "250 ok" });
    let delivered = event(mail, "Delivery", "delivery", delivered);
    match simulated(recipient) {
        Some("bounce" | "suppressionlist") => {
            vec![sent, event(mail, "Bounce", "bounce", bounced("Permanent", "General"))]
        }
        Some("ooto") => vec![sent, delivered, event(mail, "Bounce", "bounce", bounced("Transient", "General"))],
        Some("complaint") => {
            let complained = json!({ "complainedRecipients": [{ "emailAddress": recipient }], "timestamp": mail.sent_at,
                "feedbackId": mail.id, "complaintFeedbackType": "abuse" });
            vec![sent, delivered, event(mail, "Complaint", "complaint", complained)]
        }
        _ => vec![sent, delivered],
    }
}

/// What the simulator would do, for an address of its own; a label may follow a `+`.
fn simulated(recipient: &str) -> Option<&str> {
    let local = recipient.strip_suffix(SIMULATOR)?;
    local.split('+').next()
}

fn event(mail: &Mail, kind: &str, name: &str, own: Value) -> Value {
    let letter = &mail.letter;
    let tags =
        json!({ "member_id": [letter.member_id], "message_id": [letter.message_id], "scenario": [letter.scenario] });
    let mut detail = json!({
        "eventType": kind,
        "mail": { "timestamp": mail.sent_at, "messageId": mail.id, "destination": [letter.to], "tags": tags },
    });
    if let Some(detail) = detail.as_object_mut() {
        detail.insert(name.to_owned(), own);
    }
    json!({ "source": "aws.ses", "detail-type": "Email event", "time": mail.sent_at, "detail": detail })
}
