//! Points given or taken by a person at the shop.

use jiff::Timestamp;
use rules::{ids::MemberId, ledger::Entry, points::Points, posting::Posting};
use store::Plan;

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    settled::push_settled,
};

const CREATED: u16 = 201;

impl App {
    /// Posts the adjustment once, however often the same request comes; answers with its entry.
    ///
    /// # Errors
    /// `UnknownMember`; `KeyReused`; `Overflow`; `Busy`.
    pub async fn adjust_points(
        &self,
        member: &MemberId,
        points: Points,
        reason: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Entry, AppError> {
        self.until_committed(|| self.try_adjust(member, points, reason, request, now)).await
    }

    async fn try_adjust(
        &self,
        member: &MemberId,
        points: Points,
        reason: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Entry, Attempt> {
        if let Some(saved) = self.answered_before(Some(request), now).await? {
            let (member, sequence) = entry_of(&saved.resource).ok_or(AppError::UnknownEntry)?;
            let entry = self.store.entry(&member, sequence).await?;
            return Ok(entry.ok_or(AppError::UnknownEntry)?);
        }
        let (member, account) = self.load_account(member).await?;
        let programs = self.programs(now).await?;
        let mut posting = Posting::begin(account, &programs, now)?;
        posting.adjust(points, reason)?;
        let entry = posting.entries.last().cloned().ok_or(AppError::UnknownEntry)?;
        let mut plan = Plan { writes: vec![request.answer(CREATED, format!("{member}/{}", entry.sequence), now)] };
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(entry)
    }
}

/// Whose entry was answered, and its number: the member in the path may be an alias by now.
fn entry_of(resource: &str) -> Option<(MemberId, u64)> {
    let (member, sequence) = resource.rsplit_once('/')?;
    Some((MemberId::parse(member).ok()?, sequence.parse().ok()?))
}
