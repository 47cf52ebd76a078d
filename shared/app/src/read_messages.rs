//! The mail of a member: planned, sent, not sent and why.

use futures::try_join;
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
        let messages_of = async |members: &[MemberId]| self.store.messages(members).await.map_err(AppError::from);
        let (mut others, mut messages) =
            try_join!(self.partitions_of(member), messages_of(std::slice::from_ref(member)))?;
        others.retain(|other| other != member);
        messages.extend(messages_of(&others).await?);
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
        let own = async { Ok(self.store.message(member, id).await?) };
        let (others, own) = try_join!(self.partitions_of(member), own)?;
        let message = match own {
            Some(message) => message,
            None => self.message_of_any(&others, id).await?.ok_or(AppError::UnknownMessage)?,
        };
        let would = match scenarios::named(&message.scenario).filter(|_| message.state == State::Planned) {
            None => None,
            Some(scenario) => {
                let loaded = self.load_for_mail(&message, scenario, now).await?;
                Some(loaded.clearance(scenario, &message, now))
            }
        };
        Ok(Explained { message, would })
    }

    async fn message_of_any(&self, members: &[MemberId], id: &MessageId) -> Result<Option<Message>, AppError> {
        let ids: Vec<(MemberId, MessageId)> = members.iter().map(|member| (member.clone(), id.clone())).collect();
        Ok(self.store.messages_by_id(&ids).await?.into_iter().next())
    }
}

pub fn place(message: &Message) -> MessagePlace {
    (message.due_at, message.id.clone())
}
