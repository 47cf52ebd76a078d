//! Cases that are open already.

use rules::{
    case::Case,
    ids::{CaseId, MemberId, Source},
};

use crate::{error::StoreError, keys, table::Store};

impl Store {
    /// The case of that id, whichever of the members has it.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn case_of_any(&self, members: &[MemberId], id: &CaseId) -> Result<Option<Case>, StoreError> {
        let found = self.batch("read case", members.iter().map(|member| keys::case(member, id))).await?;
        for member in members {
            if let Some(case) = found.row(&keys::case(member, id))? {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn shop_case(&self, source: &Source, id: &CaseId) -> Result<Option<Case>, StoreError> {
        self.get("read case", &keys::shop_case(source, id)).await
    }
}
