//! Proofs of consent, which are only ever added.

use jiff::Timestamp;
use rules::{consent_proof::ConsentProof, ids::MemberId};

use crate::{error::StoreError, keys, row, table::Store};

impl Store {
    /// The proofs of what the member stated at that instant.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn consent_proofs_at(&self, member: &MemberId, at: Timestamp) -> Result<Vec<ConsentProof>, StoreError> {
        let first = keys::consents_at(at);
        // `~` sorts after everything that follows the instant
        let query = self.between(&keys::partition(member), &first, &format!("{first}~"));
        self.query_while("read consent proofs", query, usize::MAX, row::read, |_| true).await
    }
}
