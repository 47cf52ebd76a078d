//! The run of every minute: whatever became due for accounts since the last one, the events that are to
//! be delivered, and mail.

use jiff::Timestamp;
use outbound::Courier;
use rules::scenario::Queue;
use serde::Serialize;

use crate::{
    App,
    deadline::Deadline,
    deliver_events::Round,
    due_queue::{ACCOUNT, QUARANTINE, WEBHOOK},
    due_work::{ACCOUNTS_AT_ONCE, Tally},
    error::AppError,
    post_office::{self, PostOffice},
    run_mail::MESSAGES_AT_ONCE,
};

/// Most of the time goes by in waiting for answers.
const EVENTS_AT_ONCE: usize = 32;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lifecycle {
    pub accounts: Tally,
    pub events: Tally,
    /// What a change of the program planned otherwise.
    pub replanned: Tally,
    /// Mail of which nobody knows whether it was sent.
    pub given_up: Tally,
    /// Mail that somebody waits for.
    pub transactional: Tally,
    /// All other mail.
    pub messages: Tally,
}

impl App {
    /// Serves everything that is due. Each kind has its share of the time, and what it leaves is for the others, so
    /// that none of them starves. Running it twice, or twice at once, changes nothing more.
    ///
    /// # Errors
    /// Whatever the database fails with outside of a single row's work; those are counted.
    pub async fn run_lifecycle(
        &self,
        now: Timestamp,
        deadline: Deadline,
        courier: &Courier,
        office: &PostOffice,
    ) -> Result<Lifecycle, AppError> {
        let wake = async |row| self.wake(row, now).await.0;
        let accounts = self.work_off(ACCOUNT, now, deadline.part_of(5), ACCOUNTS_AT_ONCE, &wake).await?;
        let round = Round::new(courier);
        let deliver = async |row| self.deliver(row, &round, now).await;
        let events = self.work_off(WEBHOOK, now, deadline.part_of(4), EVENTS_AT_ONCE, &deliver).await?;
        // before mail is sent, so that what is planned otherwise is not sent as it was
        let replanned = self.replan_mail(now, deadline.part_of(3)).await?;
        let give_up = async |row| self.give_up(row, now).await;
        let given_up = self.work_off(QUARANTINE, now, deadline, MESSAGES_AT_ONCE, &give_up).await?;
        let mail = post_office::Round::new(office, deadline);
        // what is waited for takes as long as it needs: the rest is what nobody misses
        let transactional = self.send_due_in(&mail, Queue::Transactional, now, deadline).await?;
        let messages = self.send_due_in(&mail, Queue::Mail, now, deadline).await?;
        Ok(Lifecycle { accounts, events, replanned, given_up, transactional, messages })
    }
}
