//! What members did besides buying, and what of it can be claimed once.

use rules::{
    deed::{ClaimKey, Deed},
    ids::{ActivityId, MemberId, OrderKey},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::StoreError,
    keys::{self, CLAIMS, DEEDS, Key, SK},
    row::{self, Item, RowError},
    table::Store,
};

/// The row of a claim.
#[derive(Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) deed: ActivityId,
}

impl Store {
    /// The deed, and the member in whose partition it is: one of those given, by one BatchGetItem.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn deed(&self, partitions: &[MemberId], id: &ActivityId) -> Result<Option<(MemberId, Deed)>, StoreError> {
        let found = self.batch("read activity", partitions.iter().map(|member| keys::deed(member, id))).await?;
        let in_partition =
            |member: &MemberId| Ok(found.row(&keys::deed(member, id))?.map(|deed| (member.clone(), deed)));
        partitions.iter().find_map(|member| in_partition(member).transpose()).transpose()
    }

    /// Up to `limit` deeds, the newest first, from before one, which is left out; ids are in the order of
    /// recording.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn deeds(
        &self,
        member: &MemberId,
        before: Option<&ActivityId>,
        limit: u32,
    ) -> Result<Vec<Deed>, StoreError> {
        // `~` sorts after everything that an id of ours has
        let last = before.map_or_else(|| format!("{DEEDS}~"), |id| keys::deed(member, id).sk);
        let page = i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1);
        let query = self.between(&keys::partition(member), DEEDS, &last).scan_index_forward(false).limit(page);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(usize::from(before.is_some()));
        let mut deeds: Vec<Deed> = self.query_while("read activities", query, limit, row::read, |_| true).await?;
        deeds.retain(|deed| before != Some(&deed.id));
        Ok(deeds)
    }

    /// The deeds of a partition that rest on the order, the oldest first.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn deeds_resting_on(&self, member: &MemberId, order: &OrderKey) -> Result<Vec<Deed>, StoreError> {
        let query = self.between(&keys::partition(member), DEEDS, &format!("{DEEDS}~"));
        let mut deeds: Vec<Deed> = self.query_while("read activities", query, usize::MAX, row::read, |_| true).await?;
        deeds.retain(|deed| deed.rests_on.as_ref().is_some_and(|known| known.is_same(order)));
        Ok(deeds)
    }

    /// Everything that a partition has claimed, with the deeds that did.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn all_claims(&self, member: &MemberId) -> Result<Vec<(ClaimKey, ActivityId)>, StoreError> {
        let query = self.between(&keys::partition(member), CLAIMS, &format!("{CLAIMS}~"));
        let read = |item: Item| {
            let claim = item.get(SK).and_then(|sk| sk.as_s().ok()?.strip_prefix(CLAIMS)).map(ClaimKey::of_row);
            let claim = claim.ok_or_else(|| RowError::malformed::<ClaimKey>(&item))?;
            Ok((claim, row::read::<Claim>(item)?.deed))
        };
        self.query_while("read all claims", query, usize::MAX, read, |_| true).await
    }

    /// Which deed of those members has claimed each of them, by one BatchGetItem; none where nothing is
    /// asked.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn claims(
        &self,
        partitions: &[MemberId],
        claims: &[ClaimKey],
    ) -> Result<Vec<Option<ActivityId>>, StoreError> {
        let keys_of =
            |claim: &ClaimKey| -> Vec<Key> { partitions.iter().map(|member| keys::claim(member, claim)).collect() };
        let found = self.batch("read claims", claims.iter().flat_map(keys_of)).await?;
        let holder = |claim: &ClaimKey| -> Result<Option<ActivityId>, StoreError> {
            let mut rows = keys_of(claim).into_iter().map(|key| found.row::<Claim>(&key));
            let row = rows.find_map(Result::transpose).transpose()?;
            Ok(row.map(|claim| claim.deed))
        };
        claims.iter().map(holder).collect()
    }
}
