//! An opening balance: points that a member has from before.

use jiff::Timestamp;
use rules::{opening::Opened, posting::Posting};
use store::Plan;
use storefront::imports::BalanceEntry;

use crate::{
    App,
    error::{AppError, Attempt},
    import::{Outcome, nobody},
    planned_mail::without_mail,
    settled::push_settled,
};

impl App {
    /// Posts it once for each member and reference.
    pub(crate) async fn import_balance(&self, entry: &BalanceEntry, now: Timestamp) -> Result<Outcome, AppError> {
        self.until_committed(|| self.try_import_balance(entry, now)).await
    }

    async fn try_import_balance(&self, entry: &BalanceEntry, now: Timestamp) -> Result<Outcome, Attempt> {
        let Some(member) = self.member_named(&entry.who).await? else { return Ok(nobody(&entry.who)) };
        let (member, account) = self.load_account(&member).await?;
        let programs = self.programs(now).await?;
        let mut posting = Posting::begin(account, &programs, now)?;
        if entry.expires_on.is_some_and(|until| until < posting.today()) {
            return Ok(Outcome::refused("expires_on", "is past"));
        }
        match posting.open_balance(&entry.reference, entry.points, entry.expires_on)? {
            Opened::Before(points) if points == entry.points => return Ok(Outcome::Unchanged),
            Opened::Before(points) => {
                let reason = format!("the member has had {points} points under the reference `{}`", entry.reference);
                return Ok(Outcome::refused("points", reason));
            }
            Opened::Now => {}
        }
        let mut plan = Plan { writes: Vec::new() };
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        without_mail(&mut plan);
        self.store.commit(plan).await?;
        Ok(Outcome::Imported)
    }
}
