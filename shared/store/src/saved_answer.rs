//! Answers kept for requests that are sent again with the same idempotency key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{error::StoreError, keys, table::Store};

/// Who asked, and the key that they gave the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerKey {
    /// Ours, and without `#`.
    pub caller: String,
    pub key: String,
}

/// What a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedAnswer {
    pub key: AnswerKey,
    /// Of the request: another body is another request.
    pub body_hash: String,
    pub status: u16,
    /// What the answer was about, by its id: nothing that names a person.
    pub resource: String,
    /// When it was written.
    pub now: Timestamp,
    /// Epoch seconds from which the key may be taken again.
    pub expires_at: i64,
}

/// The row of an answer; its key holds the rest.
#[derive(Serialize, Deserialize)]
pub(crate) struct AnswerRow {
    body_hash: String,
    status: u16,
    resource: String,
    written_at: Timestamp,
    expires_at: i64,
}

impl SavedAnswer {
    pub(crate) fn row(&self) -> AnswerRow {
        AnswerRow {
            body_hash: self.body_hash.clone(),
            status: self.status,
            resource: self.resource.clone(),
            written_at: self.now,
            expires_at: self.expires_at,
        }
    }
}

impl Store {
    /// The answer of that key, also one that has expired and is not removed yet.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn saved_answer(&self, key: &AnswerKey) -> Result<Option<SavedAnswer>, StoreError> {
        let row: Option<AnswerRow> = self.get("read saved answer", &keys::answer(key)).await?;
        Ok(row.map(|row| SavedAnswer {
            key: key.clone(),
            body_hash: row.body_hash,
            status: row.status,
            resource: row.resource,
            now: row.written_at,
            expires_at: row.expires_at,
        }))
    }
}
