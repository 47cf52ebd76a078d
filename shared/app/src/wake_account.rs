//! Waking an account: whatever time alone has made due for it is written down, and it is put to its
//! next instant. What a member sees does not wait for it.

use jiff::Timestamp;
use rules::{ids::MemberId, posting::Posting};
use store::{DueRow, Plan};

use crate::{
    App, due_work::Served, error::AppError, error::Attempt, planned_mail::message_write, settled::push_settled,
};

/// What waking an account did.
pub(crate) struct Woken {
    pub(crate) tier_changed: bool,
}

impl App {
    /// Does all that is due for the account in that row; a failure is logged.
    pub(crate) async fn wake(&self, row: DueRow, now: Timestamp) -> (Served, Option<Woken>) {
        let DueRow::Account(member) = row else { return (Served::NothingToDo, None) };
        match self.beside_others(|| self.try_wake(&member, now)).await {
            Ok(Some(woken)) => (Served::Done, Some(woken)),
            // whoever is changing it, another run perhaps, is not done yet
            Ok(None) | Err(AppError::Busy) => (Served::NothingToDo, None),
            Err(error) => {
                log_failure(&member, &error);
                (Served::Failed, None)
            }
        }
    }

    /// `None` if nothing was due.
    pub(crate) async fn try_wake(&self, member: &MemberId, now: Timestamp) -> Result<Option<Woken>, Attempt> {
        let (member, loaded) = self.load_account_even_erased(member).await?;
        let programs = self.programs(now).await?;
        let mut plan = Plan { writes: Vec::new() };
        let mut posting = Posting::begin(loaded.clone(), &programs, now)?;
        self.push_referral_payment(&mut plan, &mut posting, &member, &programs, now).await?;
        let notices = match loaded.erased_at {
            None => posting.account.take_notices(&member, &programs, now)?,
            Some(_) => Vec::new(),
        };
        let settled = posting.end()?;
        if settled.changes_nothing_of(&loaded) {
            return Ok(None);
        }
        let woken = Woken { tier_changed: settled.tier_change.is_some() };
        push_settled(&mut plan, &member, settled, &programs, now);
        plan.writes.extend(notices.into_iter().map(|message| message_write(message, now)));
        self.store.commit(plan).await?;
        Ok(Some(woken))
    }
}

fn log_failure(member: &MemberId, error: &AppError) {
    tracing::error!(member.id = %member, error = error as &dyn std::error::Error, "account not woken");
}
