//! Waking an account: whatever time alone has made due for it is written down, and it is put to its
//! next instant. What a member sees does not wait for it.

use jiff::Timestamp;
use rules::{ids::MemberId, message::Message, posting::Posting};
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
        self.push_notices(&mut plan, notices, now).await?;
        self.store.commit(plan).await?;
        Ok(Some(woken))
    }
}

impl App {
    /// Those that are new, and at their new times those that another program had put elsewhere.
    async fn push_notices(&self, plan: &mut Plan, notices: Vec<Message>, now: Timestamp) -> Result<(), AppError> {
        if notices.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = notices.iter().map(|notice| (notice.member.clone(), notice.id.clone())).collect();
        let mut stored = self.store.messages_by_id(&ids).await?;
        for notice in notices {
            let known = stored.iter().position(|message| message.id == notice.id);
            let message = match known.map(|place| stored.swap_remove(place)) {
                None => Some(notice),
                Some(mut known) => known.move_to(notice.timing()).then_some(known),
            };
            plan.writes.extend(message.map(|message| message_write(message, now)));
        }
        Ok(())
    }
}

fn log_failure(member: &MemberId, error: &AppError) {
    tracing::error!(member.id = %member, error = error as &dyn std::error::Error, "account not woken");
}
