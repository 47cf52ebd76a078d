//! Idempotency keys: a request that was answered is not carried out again, and gets the same answer.

use jiff::Timestamp;
use store::{AnswerKey, SavedAnswer, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

const KEPT_SECS: i64 = 24 * 60 * 60;

/// One request of one caller under the key that they chose.
#[derive(Clone, Debug)]
pub struct Request {
    pub caller: String,
    pub key: String,
    /// Of method, path and body: the same key must come with the same request.
    pub hash: String,
}

impl App {
    /// What the request was about, if it was carried out before.
    pub(crate) async fn answered_before(
        &self,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Option<SavedAnswer>, Attempt> {
        let Some(request) = request else { return Ok(None) };
        let saved = self.store.saved_answer(&request.answer_key()).await?;
        // TTL removes rows late
        let saved = saved.filter(|saved| saved.expires_at > now.as_second());
        match saved {
            Some(saved) if saved.body_hash != request.hash => Err(AppError::KeyReused.into()),
            saved => Ok(saved),
        }
    }
}

impl Request {
    fn answer_key(&self) -> AnswerKey {
        AnswerKey { caller: self.caller.clone(), key: self.key.clone() }
    }

    /// The row that keeps the answer, written in the same commit as what it answers.
    pub(crate) fn answer(&self, status: u16, resource: String, now: Timestamp) -> Write {
        Write::Answer(SavedAnswer {
            key: self.answer_key(),
            body_hash: self.hash.clone(),
            status,
            resource,
            now,
            expires_at: now.as_second() + KEPT_SECS,
        })
    }
}
