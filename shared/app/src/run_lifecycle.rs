//! The run of every minute: whatever became due for accounts since the last one, and the events that
//! are to be delivered.

use jiff::Timestamp;
use outbound::Courier;
use serde::Serialize;

use crate::{
    App,
    deliver_events::Round,
    due_work::{ACCOUNT, Deadline, Tally, WEBHOOK},
    error::AppError,
};

/// Most of the time goes by in waiting for answers.
const EVENTS_AT_ONCE: usize = 32;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lifecycle {
    pub accounts: Tally,
    pub events: Tally,
}

impl App {
    /// Serves everything that is due. Running it twice, or twice at once, changes nothing more.
    ///
    /// # Errors
    /// Whatever the database fails with outside of a single row's work; those are counted.
    pub async fn run_lifecycle(
        &self,
        now: Timestamp,
        deadline: Deadline,
        courier: &Courier,
    ) -> Result<Lifecycle, AppError> {
        let wake = async |row| self.wake(row, now).await.0;
        let accounts = self.work_off(ACCOUNT, now, deadline, 1, &wake).await?;
        let round = Round::new(courier);
        let deliver = async |row| self.deliver(row, &round, now).await;
        let events = self.work_off(WEBHOOK, now, deadline, EVENTS_AT_ONCE, &deliver).await?;
        Ok(Lifecycle { accounts, events })
    }
}
