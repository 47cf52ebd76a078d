//! A mail to a member, as the API shows it.

use jiff::Timestamp;
use rules::{
    clearance::Clearance,
    message::{Message, State, Step},
    reason::Reason,
};
use serde::Serialize;
use utoipa::ToSchema;

/// One mail to a member, planned or not
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageShape {
    #[schema(example = "msg_6d4a5b1f0c9e8d7a6b5c4d3e2f1a0b9c")]
    id: String,
    /// The scenario with its step
    #[schema(example = "review_invitation_1")]
    scenario: String,
    /// What it is about, e.g. the order
    about: Option<String>,
    state: MessageState,
    /// Why it waits, or why it was not sent
    #[schema(example = "quiet_hours")]
    reason: Option<String>,
    /// The same in words
    why: Option<String>,
    #[schema(value_type = String, format = "date-time")]
    planned_at: Timestamp,
    /// When it is looked at next or, once it has ended, when it was due
    #[schema(value_type = String, format = "date-time")]
    due_at: Timestamp,
    /// It is not sent any more from then on
    #[schema(value_type = String, format = "date-time")]
    deadline_at: Timestamp,
    #[schema(value_type = Option<String>, format = "date-time")]
    sent_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    delivered_at: Option<Timestamp>,
    /// By a person, as far as SES tells
    #[schema(value_type = Option<String>, format = "date-time")]
    opened_at: Option<Timestamp>,
    /// By a machine that opens mail for people
    #[schema(value_type = Option<String>, format = "date-time")]
    prefetched_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    clicked_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    bounced_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    soft_bounced_at: Option<Timestamp>,
    /// Not handed on by SES: the address is on the AWS account's own suppression list
    #[schema(value_type = Option<String>, format = "date-time")]
    withheld_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    complained_at: Option<Timestamp>,
    /// When they said, by a link in it, that they want no more
    #[schema(value_type = Option<String>, format = "date-time")]
    unsubscribed_at: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MessageState {
    Planned,
    /// A run is about to send it
    Claimed,
    /// It is with SES, whose answer is not known yet
    Sending,
    Sent,
    Skipped,
    /// Nobody knows whether it was sent; it is not sent again
    Unknown,
}

/// Why a mail was, or was not, sent
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageExplanation {
    message: MessageShape,
    /// What became of it so far, the oldest first
    history: Vec<MessageStep>,
    /// What would become of it now, while it is planned
    now: Option<MessageOutlook>,
}

#[derive(Serialize, ToSchema)]
struct MessageStep {
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    state: MessageState,
    reason: Option<String>,
    why: Option<String>,
    /// Until when it was put off
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
struct MessageOutlook {
    would: MessageVerdict,
    reason: Option<String>,
    why: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MessageVerdict {
    BeSent,
    BeSkipped,
    Wait,
}

impl From<Message> for MessageShape {
    fn from(message: Message) -> MessageShape {
        let (reason, why) = said(message.reason);
        let scenario = message.name();
        let heard = message.heard;
        MessageShape {
            id: message.id.to_string(),
            scenario,
            about: Some(message.subject).filter(|about| !about.is_empty()),
            state: message.state.into(),
            reason,
            why,
            planned_at: message.planned_at,
            due_at: message.due_at,
            deadline_at: message.deadline_at,
            sent_at: message.sent_at,
            delivered_at: heard.delivered_at,
            opened_at: heard.opened_at,
            prefetched_at: heard.prefetched_at,
            clicked_at: heard.clicked_at,
            bounced_at: heard.bounced_at,
            soft_bounced_at: heard.soft_bounced_at,
            withheld_at: heard.withheld_at,
            complained_at: heard.complained_at,
            unsubscribed_at: heard.unsubscribed_at,
        }
    }
}

impl MessageExplanation {
    pub(crate) fn of(message: Message, would: Option<Clearance>) -> MessageExplanation {
        let history = message.steps.iter().map(MessageStep::from).collect();
        MessageExplanation { message: message.into(), history, now: would.map(MessageOutlook::from) }
    }
}

impl From<&Step> for MessageStep {
    fn from(step: &Step) -> MessageStep {
        let (reason, why) = said(step.reason);
        MessageStep { at: step.at, state: step.state.into(), reason, why, until: step.until }
    }
}

impl From<Clearance> for MessageOutlook {
    fn from(would: Clearance) -> MessageOutlook {
        let (would, reason, until) = match would {
            Clearance::Send => (MessageVerdict::BeSent, None, None),
            Clearance::Skip(reason) => (MessageVerdict::BeSkipped, Some(reason), None),
            Clearance::Defer { until, reason } => (MessageVerdict::Wait, Some(reason), Some(until)),
        };
        let (reason, why) = said(reason);
        MessageOutlook { would, reason, why, until }
    }
}

impl From<State> for MessageState {
    fn from(state: State) -> MessageState {
        match state {
            State::Planned => MessageState::Planned,
            State::Claimed => MessageState::Claimed,
            State::Sending => MessageState::Sending,
            State::Sent => MessageState::Sent,
            State::Skipped => MessageState::Skipped,
            State::Unknown => MessageState::Unknown,
        }
    }
}

/// The reason's name, and what it means.
fn said(reason: Option<Reason>) -> (Option<String>, Option<String>) {
    (reason.map(|reason| reason.name().to_owned()), reason.map(|reason| reason.said().to_owned()))
}
