//! The run of every few minutes: whatever became due for accounts since the last one.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    App,
    due_work::{ACCOUNT, Deadline, Tally},
    error::AppError,
};

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lifecycle {
    pub accounts: Tally,
}

impl App {
    /// Serves everything that is due. Running it twice, or twice at once, changes nothing more.
    ///
    /// # Errors
    /// Whatever the database fails with outside of a single row's work; those are counted.
    pub async fn run_lifecycle(&self, now: Timestamp, deadline: Deadline) -> Result<Lifecycle, AppError> {
        let wake = async |row| self.wake(row, now).await.0;
        let accounts = self.work_off(ACCOUNT, now, deadline, 1, &wake).await?;
        Ok(Lifecycle { accounts })
    }
}
