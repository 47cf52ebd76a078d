//! A run of a function that sends mail: whatever of its queue is due.

use jiff::Timestamp;
use rules::scenario::Queue;

use crate::{
    App,
    deadline::Deadline,
    due_queue::mail_of,
    due_work::Tally,
    error::AppError,
    post_office::{PostOffice, Round},
};

/// Most of the time goes by in waiting for SES.
pub(crate) const MESSAGES_AT_ONCE: usize = 16;

impl App {
    /// Serves every message that is due. Running it twice, or twice at once, changes nothing more.
    ///
    /// # Errors
    /// Whatever the database fails with outside of a single message; those are counted.
    pub async fn send_due(
        &self,
        queue: Queue,
        office: &PostOffice,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Tally, AppError> {
        self.send_due_in(&Round::new(office, deadline), queue, now, deadline).await
    }

    /// The same in a round that several queues share.
    pub(crate) async fn send_due_in(
        &self,
        round: &Round<'_>,
        queue: Queue,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Tally, AppError> {
        let send = async |row| self.send(row, queue, round, now).await;
        self.work_off(mail_of(queue), now, deadline, MESSAGES_AT_ONCE, &send).await
    }
}
