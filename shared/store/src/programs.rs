//! The versions of the program.

use rules::program::ProgramVersion;

use crate::{error::StoreError, keys, row, table::Store};

impl Store {
    /// All versions after that one, the oldest first.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn programs_after(&self, version: u64) -> Result<Vec<ProgramVersion>, StoreError> {
        self.programs_by(version, true).await
    }

    /// The same as of a moment ago, at half the price.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn programs_lately_after(&self, version: u64) -> Result<Vec<ProgramVersion>, StoreError> {
        self.programs_by(version, false).await
    }

    async fn programs_by(&self, version: u64, consistent: bool) -> Result<Vec<ProgramVersion>, StoreError> {
        let next = version.saturating_add(1);
        if next > keys::MAX_PROGRAM_VERSION {
            return Ok(Vec::new());
        }
        let (first, last) = (keys::program(next), keys::program(keys::MAX_PROGRAM_VERSION));
        let query = self.between(&first.pk, &first.sk, &last.sk).consistent_read(consistent);
        self.query_while("read programs", query, usize::MAX, row::read, |_| true).await
    }
}
