//! Proofs of consent, which are only ever added.

use jiff::Timestamp;
use rules::{consent_proof::ConsentProof, ids::MemberId};

use crate::{error::StoreError, keys, table::Store};

impl Store {
    /// The proof of what the member stated at that instant.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn consent_proof(&self, member: &MemberId, at: Timestamp) -> Result<Option<ConsentProof>, StoreError> {
        self.get("read consent proof", &keys::consent_proof(member, at)).await
    }
}
