//! Several rows in one strongly consistent read.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity};
use serde::de::DeserializeOwned;

use crate::{
    error::{Cause, StoreError},
    keys::Key,
    row::{self, Item},
    table::Store,
};

/// What one BatchGetItem takes.
const MAX_KEYS: usize = 100;
/// How often keys that were left unprocessed are asked for in all.
const ROUNDS: u32 = 5;
const FIRST_PAUSE_MS: u64 = 20;

/// The rows that were found, by their keys.
pub(crate) struct Found {
    operation: &'static str,
    rows: HashMap<Key, Item>,
}

impl Found {
    pub(crate) fn row<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        let item = self.rows.get(key).cloned();
        item.map(|item| row::read(item).map_err(|error| StoreError::new(self.operation, error))).transpose()
    }
}

impl Store {
    /// One call for up to a hundred keys, and one more for each hundred after them.
    pub(crate) async fn batch(
        &self,
        operation: &'static str,
        keys: impl IntoIterator<Item = Key>,
    ) -> Result<Found, StoreError> {
        let keys: Vec<Key> = keys.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut found = Found { operation, rows: HashMap::with_capacity(keys.len()) };
        for keys in keys.chunks(MAX_KEYS) {
            self.read_all(keys, &mut found).await?;
        }
        Ok(found)
    }

    async fn read_all(&self, keys: &[Key], found: &mut Found) -> Result<(), StoreError> {
        let mut wanted = consistent(keys.iter().map(Key::attributes).collect());
        for round in 0..ROUNDS {
            if round > 0 {
                tokio::time::sleep(pause(round)).await;
            }
            match self.read_some(wanted, found).await? {
                None => return Ok(()),
                Some(left) => wanted = left,
            }
        }
        Err(StoreError::new(found.operation, Cause::Unread(wanted.keys.len())))
    }

    /// Reads what DynamoDB gives at once, and returns what it left.
    async fn read_some(
        &self,
        wanted: KeysAndAttributes,
        found: &mut Found,
    ) -> Result<Option<KeysAndAttributes>, StoreError> {
        let mut answer = self
            .client
            .batch_get_item()
            .request_items(&self.table, wanted)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .send()
            .await
            .map_err(|error| StoreError::of_call(found.operation, error))?;
        let items = answer.responses.take().into_iter().flat_map(HashMap::into_values).flatten();
        found.rows.extend(items.filter_map(|item| Some((Key::of(&item)?, item))));
        let left = answer.unprocessed_keys.take().and_then(|mut tables| tables.remove(&self.table));
        Ok(left.filter(|left| !left.keys.is_empty()).map(|left| consistent(left.keys)))
    }
}

fn consistent(keys: Vec<Item>) -> KeysAndAttributes {
    #[allow(clippy::expect_used, reason = "the keys are set, and nothing else is required")]
    KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build().expect("keys are set")
}

/// Twice as long each time, with full jitter.
fn pause(round: u32) -> Duration {
    Duration::from_millis(fastrand::u64(0..=FIRST_PAUSE_MS << round))
}
