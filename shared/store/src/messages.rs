//! Messages, the addresses that get none, and what became of mail lately.

use futures::future::try_join_all;
use jiff::{civil::Date, tz::TimeZone};
use rules::{
    fate::{Fate, Outcome},
    ids::{EmailKey, MemberId, MessageId},
    message::Message,
    suppression::Suppression,
};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use crate::{
    due::{SHARDS, shard_of},
    error::StoreError,
    keys::{self, DUE_INDEX, DUE_PK, DUE_SK, MESSAGES},
    row::{self, Item, RowError},
    table::Store,
};

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn message(&self, member: &MemberId, id: &MessageId) -> Result<Option<Message>, StoreError> {
        self.get("read message", &keys::message(member, id)).await
    }

    /// Those that are there, by one BatchGetItem.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn messages_by_id(&self, ids: &[(MemberId, MessageId)]) -> Result<Vec<Message>, StoreError> {
        let keys: Vec<keys::Key> = ids.iter().map(|(member, id)| keys::message(member, id)).collect();
        let found = self.batch("read messages", keys.iter().cloned()).await?;
        keys.iter().filter_map(|key| found.row(key).transpose()).collect()
    }

    /// All of those members that are kept, in no particular order.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn messages(&self, partitions: &[MemberId]) -> Result<Vec<Message>, StoreError> {
        let queries = partitions.iter().map(async |member| {
            let query = self.between(&keys::partition(member), MESSAGES, &format!("{MESSAGES}~"));
            self.query_while("list messages", query, usize::MAX, row::read, |_| true).await
        });
        Ok(try_join_all(queries).await?.into_iter().flatten().collect())
    }

    /// What is known against an address; nothing of most.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn suppression(&self, address: &EmailKey) -> Result<Suppression, StoreError> {
        let known: Option<Suppression> = self.get("read suppression", &keys::suppression(address)).await?;
        Ok(known.unwrap_or_default())
    }

    /// What became of mail on a day of UTC, the newest first; no more than so many.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn fates_of(&self, day: Date, limit: usize) -> Result<Vec<Fate>, StoreError> {
        let shards = (0..SHARDS).map(async |shard| {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(DUE_INDEX)
                .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", DUE_PK)
                .expression_attribute_values(":pk", AttributeValue::S(ended(day, shard)))
                .scan_index_forward(false);
            self.query_while("read fates of mail", query, limit, |item| fate_in(&item), |_| true).await
        });
        let mut fates: Vec<Fate> = try_join_all(shards).await?.into_iter().flatten().collect();
        fates.sort_by_key(|fate| std::cmp::Reverse(fate.at));
        fates.truncate(limit);
        Ok(fates)
    }
}

/// What puts a message that has ended among those of its day.
pub(crate) fn fate_attributes(message: &Message) -> Option<Item> {
    let fate = Fate::of(message)?;
    let day = TimeZone::UTC.to_datetime(fate.at).date();
    let place = format!("{:.0}#{}#{}#{}#{}", fate.at, message.id, fate.scenario, fate.outcome.name(), fate.heard);
    let partition = ended(day, shard_of(message.member.as_str()));
    Some([(DUE_PK, partition), (DUE_SK, place)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).into())
}

fn ended(day: Date, shard: u8) -> String {
    format!("MAIL#{day}#{shard}")
}

/// An index row has keys alone.
fn fate_in(item: &Item) -> Result<Fate, RowError> {
    let place = item.get(DUE_SK).and_then(|place| place.as_s().ok());
    let fate = place.and_then(|place| {
        let parts: Vec<&str> = place.split('#').collect();
        let [at, id, scenario, outcome, heard] = parts.as_slice() else { return None };
        let message = MessageId::parse(id).ok()?;
        let outcome = Outcome::named(outcome)?;
        let (at, scenario, heard) = (at.parse().ok()?, (*scenario).to_owned(), (*heard).to_owned());
        Some(Fate { message, at, scenario, outcome, heard })
    });
    fate.ok_or_else(|| RowError::malformed::<Fate>(item))
}
