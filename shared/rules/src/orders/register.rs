//! A value of which the newest version wins, whoever brings it first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A last-writer-wins register: the later `updated_at` wins, at the same instant the greater hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register<T> {
    pub updated_at: Timestamp,
    pub hash: String,
    pub value: T,
}

impl<T: Serialize> Register<T> {
    /// # Errors
    /// Whatever the value's own serialisation refuses.
    pub fn new(updated_at: Timestamp, value: T) -> Result<Self, serde_json::Error> {
        let hash = content_hash(&value)?;
        Ok(Register { updated_at, hash, value })
    }

    /// The newer of the two.
    pub fn merge(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => {
                let other_wins = (other.updated_at, &other.hash) > (one.updated_at, &one.hash);
                Some(if other_wins { other } else { one })
            }
            (one, other) => one.or(other),
        }
    }
}

/// The first 16 hex digits of the SHA-256 of the value's JSON.
fn content_hash<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let digest = Sha256::digest(serde_json::to_vec(value)?);
    Ok(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
