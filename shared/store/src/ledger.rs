//! A member's history: ledger entries and changes of tier, the newest first.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use jiff::Timestamp;
use rules::{ids::MemberId, ledger::Entry, posting::TierChange};

use crate::{
    error::StoreError,
    keys::{self, Key},
    row,
    table::Store,
};

/// Rows in one answer where nobody says how many are wanted.
const PAGE: i32 = 50;
const MAX_SEQUENCE: u64 = 999_999_999_999;

impl Store {
    /// Up to `limit` entries from before a sequence, which is left out; without one, the newest.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn entries(&self, member: &MemberId, before: Option<u64>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let Some(last) = before.unwrap_or(u64::MAX).checked_sub(1) else { return Ok(Vec::new()) };
        let page = i32::try_from(limit).unwrap_or(i32::MAX).max(1);
        let query = self.newest_first(member, keys::entry, last.min(MAX_SEQUENCE)).limit(page);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.query_while("read entries", query, limit, row::read, |_| true).await
    }

    /// All entries that were recorded after an instant.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn entries_since(&self, member: &MemberId, at: Timestamp) -> Result<Vec<Entry>, StoreError> {
        let query = self.newest_first(member, keys::entry, MAX_SEQUENCE).limit(PAGE);
        let is_later = |entry: &Entry| entry.at > at;
        self.query_while("read entries since", query, usize::MAX, row::read, is_later).await
    }

    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn entry(&self, member: &MemberId, sequence: u64) -> Result<Option<Entry>, StoreError> {
        self.get("read entry", &keys::entry(member, sequence)).await
    }

    /// Up to `limit` changes of tier from before a sequence, which is left out; without one, the newest.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn tier_changes(
        &self,
        member: &MemberId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<TierChange>, StoreError> {
        let Some(last) = before.unwrap_or(u64::MAX).checked_sub(1) else { return Ok(Vec::new()) };
        let query = self.newest_first(member, keys::tier_change, last.min(MAX_SEQUENCE)).limit(PAGE);
        self.query_while("read tier changes", query, limit, row::read, |_| true).await
    }

    /// The rows that a member numbers, from that number down.
    fn newest_first(&self, member: &MemberId, key: fn(&MemberId, u64) -> Key, last: u64) -> QueryFluentBuilder {
        let (first, last) = (key(member, 0), key(member, last));
        self.between(&first.pk, &first.sk, &last.sk).scan_index_forward(false)
    }
}
