//! A member's ledger, the newest entry first, with the expiries that time has brought since.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    account::Account,
    ids::MemberId,
    ledger::Entry,
    posting::{Posting, TierChange},
    program::Programs,
};

use crate::{App, error::AppError, load_account::Audience};

impl App {
    /// At most `limit` entries, those before the given sequence number.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn ledger(
        &self,
        member: &MemberId,
        audience: Audience,
        before: Option<u64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Entry>, AppError> {
        let wanted = u32::try_from(limit).unwrap_or(u32::MAX);
        let entries_of = async |id: &MemberId| self.store.entries(id, before, wanted).await.map_err(AppError::from);
        let account = self.load_account_for(member, audience);
        let ((id, account), programs, recorded) = try_join!(account, self.programs(now), entries_of(member))?;
        let recorded = if id == *member { recorded } else { entries_of(&id).await? };
        let implied = implied_entries(account, &programs, now)?.into_iter().rev();
        let mut entries: Vec<Entry> =
            implied.filter(|entry| before.is_none_or(|before| entry.sequence < before)).collect();
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
        audience: Audience,
        sequence: u64,
        now: Timestamp,
    ) -> Result<Entry, AppError> {
        let entry_of = async |id: &MemberId| self.store.entry(id, sequence).await.map_err(AppError::from);
        let ((id, account), entry) = try_join!(self.load_account_for(member, audience), entry_of(member))?;
        let entry = if id == *member { entry } else { entry_of(&id).await? };
        if let Some(entry) = entry {
            return Ok(entry);
        }
        let programs = self.programs(now).await?;
        let implied = implied_entries(account, &programs, now)?;
        implied.into_iter().find(|entry| entry.sequence == sequence).ok_or(AppError::UnknownEntry)
    }

    /// At most `limit` changes of tier, the newest first, those before the given sequence number.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn tier_history(
        &self,
        member: &MemberId,
        audience: Audience,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<TierChange>, AppError> {
        let (id, _) = self.load_account_for(member, audience).await?;
        Ok(self.store.tier_changes(&id, before, limit).await?)
    }
}

/// Expiries that the next commit will write down, the oldest first.
fn implied_entries(account: Account, programs: &Programs, now: Timestamp) -> Result<Vec<Entry>, AppError> {
    Ok(Posting::begin(account, programs, now)?.entries)
}
