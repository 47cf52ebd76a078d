//! What became of a mail, as SES tells it: through EventBridge, or through SNS.
//!
//! After <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>; EventBridge
//! has the same record as `detail`. Unknown fields are ignored.

use std::fmt;

use jiff::Timestamp;
use rules::{email::Email, ids::MemberId};
use serde_json::Value;

use crate::machine;

/// One thing that happened to one mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Feedback {
    pub kind: Kind,
    pub at: Timestamp,
    /// When SES took the mail.
    pub sent_at: Timestamp,
    pub ses_message_id: String,
    /// From the mail's tags, as are the next two.
    pub member_id: Option<MemberId>,
    pub message_id: Option<String>,
    pub scenario: Option<String>,
    /// Whom the mail was for. A report of a bounce may name another address, to which the mail was forwarded.
    pub recipients: Vec<Email>,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
    /// Of an open or a click: nobody has read anything.
    pub machine: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Send,
    Delivery,
    Bounce {
        bounce: Bounce,
        /// SES's own word, e.g. `General`, `MailboxFull`, `OnAccountSuppressionList`.
        sub_type: String,
    },
    Complaint {
        complaint: Complaint,
        /// What the provider calls it, e.g. `abuse`.
        feedback_type: Option<String>,
    },
    Open,
    Click {
        link: String,
    },
    Reject {
        reason: Option<String>,
    },
    RenderingFailure {
        reason: Option<String>,
    },
    DeliveryDelay {
        /// e.g. `MailboxFull`.
        delay_type: String,
    },
    /// Somebody used the subscription page that SES itself offers.
    Subscription {
        unsubscribed_from_all: bool,
    },
}

/// What kind of bounce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounce {
    /// Hard: the address will not take mail.
    Permanent,
    /// Not handed on: the AWS account has a list of its own of addresses that it spares. It is not counted against
    /// the sender.
    Withheld,
    /// Soft: another time it may.
    Transient,
    Undetermined,
}

/// Who says what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    Spam,
    /// SES sent nothing: somebody at this address has complained before.
    Suppressed,
    /// The reader said that it is no spam.
    NotSpam,
}

/// SES's word for an address to which it hands nothing on for this AWS account.
const ON_THE_LIST: &str = "OnAccountSuppressionList";

/// Why an event is none that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFeedback {
    #[error("the event is neither of EventBridge nor of SNS")]
    Envelope,
    #[error("`{0}` is not an event of a mail")]
    UnknownKind(String),
    #[error("the event has no usable `{0}`")]
    Missing(&'static str),
}

/// Every event in what a function was invoked with: one of EventBridge, or each record of SNS. One that
/// cannot be used does not keep the others.
pub fn read(invocation: &Value) -> Vec<Result<Feedback, NotFeedback>> {
    if let Some(detail) = invocation.get("detail") {
        return vec![read_record(detail)];
    }
    let Some(records) = invocation.get("Records").and_then(Value::as_array) else {
        return vec![Err(NotFeedback::Envelope)];
    };
    records.iter().map(read_notification).collect()
}

fn read_notification(record: &Value) -> Result<Feedback, NotFeedback> {
    let message = record.pointer("/Sns/Message").and_then(Value::as_str).ok_or(NotFeedback::Envelope)?;
    read_record(&serde_json::from_str(message).map_err(|_| NotFeedback::Envelope)?)
}

/// One event of a configuration set (`eventType`), or one notification of an identity
/// (`notificationType`), which has no tags.
fn read_record(record: &Value) -> Result<Feedback, NotFeedback> {
    let name = text(record, "/eventType").or_else(|| text(record, "/notificationType"));
    let name = name.ok_or(NotFeedback::Missing("eventType"))?;
    let mail = record.get("mail").ok_or(NotFeedback::Missing("mail"))?;
    let kind = kind_of(name, record)?;
    let (own, list) = own_part(&kind);
    let sent_at = instant(mail, "/timestamp").ok_or(NotFeedback::Missing("mail.timestamp"))?;
    let own = record.get(own);
    let at = own.and_then(|own| instant(own, "/timestamp")).unwrap_or(sent_at);
    let user_agent = own.and_then(|own| text(own, "/userAgent")).map(str::to_owned);
    let is_read = matches!(kind, Kind::Open | Kind::Click { .. });
    Ok(Feedback {
        machine: is_read && machine::fetched_it(user_agent.as_deref(), sent_at, at),
        ses_message_id: text(mail, "/messageId").ok_or(NotFeedback::Missing("mail.messageId"))?.to_owned(),
        member_id: tag(mail, "member_id").and_then(|id| MemberId::parse(id).ok()),
        message_id: tag(mail, "message_id").map(str::to_owned),
        scenario: tag(mail, "scenario").map(str::to_owned),
        recipients: recipients(mail, own, list),
        ip: own.and_then(|own| text(own, "/ipAddress")).map(str::to_owned),
        kind,
        at,
        sent_at,
        user_agent,
    })
}

fn kind_of(name: &str, record: &Value) -> Result<Kind, NotFeedback> {
    let reason = |pointer| text(record, pointer).map(str::to_owned);
    Ok(match name {
        "Send" => Kind::Send,
        "Delivery" => Kind::Delivery,
        "Bounce" => Kind::Bounce {
            bounce: bounce(record)?,
            sub_type: text(record, "/bounce/bounceSubType").unwrap_or("Undetermined").to_owned(),
        },
        "Complaint" => {
            Kind::Complaint { complaint: complaint(record), feedback_type: reason("/complaint/complaintFeedbackType") }
        }
        "Open" => Kind::Open,
        "Click" => Kind::Click { link: reason("/click/link").ok_or(NotFeedback::Missing("click.link"))? },
        "Reject" => Kind::Reject { reason: reason("/reject/reason") },
        "Rendering Failure" | "RenderingFailure" => Kind::RenderingFailure { reason: reason("/failure/errorMessage") },
        "DeliveryDelay" => Kind::DeliveryDelay {
            delay_type: text(record, "/deliveryDelay/delayType").unwrap_or("Undetermined").to_owned(),
        },
        "Subscription" => {
            let all = record.pointer("/subscription/newTopicPreferences/unsubscribeAll");
            Kind::Subscription { unsubscribed_from_all: all.and_then(Value::as_bool).unwrap_or(false) }
        }
        other => return Err(NotFeedback::UnknownKind(other.chars().take(40).collect())),
    })
}

fn bounce(record: &Value) -> Result<Bounce, NotFeedback> {
    if text(record, "/bounce/bounceSubType") == Some(ON_THE_LIST) {
        return Ok(Bounce::Withheld);
    }
    match text(record, "/bounce/bounceType") {
        Some("Permanent") => Ok(Bounce::Permanent),
        Some("Transient") => Ok(Bounce::Transient),
        Some("Undetermined") => Ok(Bounce::Undetermined),
        _ => Err(NotFeedback::Missing("bounce.bounceType")),
    }
}

fn complaint(record: &Value) -> Complaint {
    let said = |pointer| text(record, pointer).unwrap_or_default();
    match (said("/complaint/complaintSubType"), said("/complaint/complaintFeedbackType")) {
        (ON_THE_LIST, _) => Complaint::Suppressed,
        (_, "not-spam") => Complaint::NotSpam,
        _ => Complaint::Spam,
    }
}

/// Where a record tells of its own kind, and under which name it has whom it is about.
fn own_part(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Send => ("send", ""),
        Kind::Delivery => ("delivery", "recipients"),
        Kind::Bounce { .. } => ("bounce", "bouncedRecipients"),
        Kind::Complaint { .. } => ("complaint", "complainedRecipients"),
        Kind::Open => ("open", ""),
        Kind::Click { .. } => ("click", ""),
        Kind::Reject { .. } => ("reject", ""),
        Kind::RenderingFailure { .. } => ("failure", ""),
        Kind::DeliveryDelay { .. } => ("deliveryDelay", "delayedRecipients"),
        Kind::Subscription { .. } => ("subscription", ""),
    }
}

/// Ours have one addressee; of what others have sent to several, the record's own list tells which is meant.
fn recipients(mail: &Value, own: Option<&Value>, list: &str) -> Vec<Email> {
    let destination = addresses(mail.get("destination"));
    let told = addresses(own.and_then(|own| own.get(list)));
    if destination.len() == 1 || told.is_empty() { destination } else { told }
}

/// Addresses, or objects that have one; what is none is left out.
fn addresses(list: Option<&Value>) -> Vec<Email> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    let texts = items.filter_map(|item| item.as_str().or_else(|| text(item, "/emailAddress")));
    texts.filter_map(|text| Email::parse(bare(text)).ok()).collect()
}

/// The address without the name that may be before it.
fn bare(text: &str) -> &str {
    text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(text, |(address, _)| address)
}

/// The first value of a tag of the mail.
fn tag<'a>(mail: &'a Value, name: &str) -> Option<&'a str> {
    mail.get("tags")?.get(name)?.get(0)?.as_str().filter(|value| !value.is_empty())
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

fn instant(value: &Value, pointer: &str) -> Option<Timestamp> {
    text(value, pointer)?.parse().ok()
}

/// Addresses, places and devices are somebody's, and no log has them.
impl fmt::Debug for Feedback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Feedback");
        shown.field("kind", &self.kind).field("at", &self.at).field("ses_message_id", &self.ses_message_id);
        shown.field("message_id", &self.message_id).field("scenario", &self.scenario).field("machine", &self.machine);
        shown.finish_non_exhaustive()
    }
}
