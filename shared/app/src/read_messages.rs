//! The mail of a member: planned, sent, not sent and why.

use jiff::Timestamp;
use rules::{
    clearance::Clearance,
    ids::{MemberId, MessageId},
    message::{Message, State},
    scenarios,
};

use crate::{App, error::AppError};

/// Where a page of messages begins: after the one that was due then.
pub type MessagePlace = (Timestamp, MessageId);

/// A message, and what would become of it now while it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    pub message: Message,
    pub would: Option<Clearance>,
}

impl App {
    /// Up to `limit`, the latest due first.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn messages(
        &self,
        member: &MemberId,
        after: Option<&MessagePlace>,
        limit: usize,
    ) -> Result<Vec<Message>, AppError> {
        let partitions = self.partitions_of(member).await?;
        let mut messages = self.store.messages(&partitions).await?;
        messages.sort_by_cached_key(|message| std::cmp::Reverse(place(message)));
        messages.retain(|message| after.is_none_or(|after| place(message) < *after));
        messages.truncate(limit);
        Ok(messages)
    }

    /// # Errors
    /// `UnknownMember`, `UnknownMessage`.
    pub async fn explain_message(
        &self,
        member: &MemberId,
        id: &MessageId,
        now: Timestamp,
    ) -> Result<Explained, AppError> {
        let partitions = self.partitions_of(member).await?;
        let ids: Vec<(MemberId, MessageId)> = partitions.iter().map(|member| (member.clone(), id.clone())).collect();
        let message = self.store.messages_by_id(&ids).await?.into_iter().next().ok_or(AppError::UnknownMessage)?;
        let would = match scenarios::named(&message.scenario).filter(|_| message.state == State::Planned) {
            None => None,
            Some(scenario) => {
                let programs = self.programs(now).await?;
                let loaded = self.load_for_mail(&message, scenario, &programs, now).await?;
                Some(loaded.clearance(scenario, &message, &programs, now))
            }
        };
        Ok(Explained { message, would })
    }
}

pub fn place(message: &Message) -> MessagePlace {
    (message.due_at, message.id.clone())
}
