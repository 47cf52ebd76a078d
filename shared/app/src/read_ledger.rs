//! A member's ledger, the newest entry first, with the expiries that time has brought since.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    ids::MemberId,
    ledger::Entry,
    posting::{Posting, TierChange},
};

use crate::{App, error::AppError};

impl App {
    /// At most `limit` entries, those before the given sequence number.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn ledger(
        &self,
        member: &MemberId,
        before: Option<u64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Entry>, AppError> {
        let wanted = u32::try_from(limit).unwrap_or(u32::MAX);
        let recorded = async { self.store.entries(member, before, wanted).await.map_err(AppError::from) };
        let (implied, recorded) = try_join!(self.implied_entries(member, now), recorded)?;
        let implied = implied.into_iter().rev().filter(|entry| before.is_none_or(|before| entry.sequence < before));
        let mut entries: Vec<Entry> = implied.collect();
        // an entry that was written between the two reads is not shown twice
        entries.retain(|entry| recorded.first().is_none_or(|newest| entry.sequence > newest.sequence));
        entries.extend(recorded);
        entries.truncate(limit);
        Ok(entries)
    }

    /// One entry, recorded or implied.
    ///
    /// # Errors
    /// `UnknownMember`; `UnknownEntry`.
    pub(crate) async fn ledger_entry(
        &self,
        member: &MemberId,
        sequence: u64,
        now: Timestamp,
    ) -> Result<Entry, AppError> {
        if let Some(entry) = self.store.entry(member, sequence).await? {
            return Ok(entry);
        }
        let implied = self.implied_entries(member, now).await?;
        implied.into_iter().find(|entry| entry.sequence == sequence).ok_or(AppError::UnknownEntry)
    }

    /// The member's changes of tier, the newest first.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn tier_history(&self, member: &MemberId) -> Result<Vec<TierChange>, AppError> {
        if self.store.account(member).await?.is_none() {
            return Err(AppError::UnknownMember(member.clone()));
        }
        Ok(self.store.tier_changes(member).await?)
    }

    /// Expiries that the next commit will write down, the oldest first.
    async fn implied_entries(&self, member: &MemberId, now: Timestamp) -> Result<Vec<Entry>, AppError> {
        let account = async { self.store.account(member).await.map_err(AppError::from) };
        let (account, programs) = try_join!(account, self.programs(now))?;
        let account = account.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
        Ok(Posting::begin(account, &programs, now)?.entries)
    }
}
