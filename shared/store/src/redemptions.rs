//! Redemptions with their coupons, and where the coupon of a code is kept.

use rules::{
    coupon::{CouponPlace, NamedCoupon},
    ids::{CouponCode, MemberId, RedemptionId, RewardId},
    redemption::Redemption,
};
use serde::{Deserialize, Serialize};

use crate::{
    batch::Found,
    error::StoreError,
    keys::{self, CODES, REDEMPTIONS, SK},
    row::{self, Item, RowError},
    table::Store,
};

/// Rows in one answer of the table.
const PAGE: i32 = 50;
/// `$` follows `#`, so that these sort after every key that begins as theirs do.
const AFTER_REDEMPTIONS: &str = "RED$";
const AFTER_CODES: &str = "CODE$";

/// The row of a code: of a coupon that was issued, of one that is still in a pool, or of a hold.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct CodeRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) issued: Option<CouponPlace>,
    /// Whose points are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) holder: Option<MemberId>,
}

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn redemption(&self, member: &MemberId, id: &RedemptionId) -> Result<Option<Redemption>, StoreError> {
        self.get("read redemption", &keys::redemption(member, id)).await
    }

    /// Those of the places that are there, each with its place, by one BatchGetItem; none where none
    /// is asked.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn redemptions_at(&self, places: &[CouponPlace]) -> Result<Vec<(CouponPlace, Redemption)>, StoreError> {
        let key = |place: &CouponPlace| keys::redemption(&place.member, &place.redemption);
        let found = self.batch("read redemptions", places.iter().map(key)).await?;
        let rows = places.iter().filter_map(|place| match found.row(&key(place)) {
            Ok(row) => row.map(|row| Ok((place.clone(), row))),
            Err(error) => Some(Err(error)),
        });
        rows.collect()
    }

    /// Up to `limit` that are wanted, the newest first, from before an id, which is left out.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn redemptions(
        &self,
        member: &MemberId,
        before: Option<&RedemptionId>,
        limit: usize,
        wanted: impl Fn(&Redemption) -> bool,
    ) -> Result<Vec<Redemption>, StoreError> {
        const OPERATION: &str = "read redemptions";
        let last = before.map_or_else(|| AFTER_REDEMPTIONS.to_owned(), |id| keys::redemption(member, id).sk);
        let query = self.between(&keys::partition(member), REDEMPTIONS, &last).scan_index_forward(false).limit(PAGE);
        let mut items = query.into_paginator().items().send();
        let mut found = Vec::new();
        while found.len() < limit {
            let Some(item) = items.next().await else { break };
            let item = item.map_err(|error| StoreError::of_call(OPERATION, error))?;
            let redemption: Redemption = row::read(item).map_err(|error| StoreError::new(OPERATION, error))?;
            if before != Some(&redemption.id) && wanted(&redemption) {
                found.push(redemption);
            }
        }
        Ok(found)
    }

    /// Where the coupon of a code is kept, if it was issued.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn coupon_place(&self, code: &CouponCode) -> Result<Option<CouponPlace>, StoreError> {
        let row: Option<CodeRow> = self.get("read code", &keys::code(code)).await?;
        Ok(row.and_then(|row| row.issued))
    }

    /// Which of the codes are known, issued or in a pool: one BatchGetItem for each hundred.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn known_codes(&self, codes: &[CouponCode]) -> Result<Vec<CouponCode>, StoreError> {
        let found = self.batch("read codes", codes.iter().map(keys::code)).await?;
        let mut known = Vec::new();
        for code in codes {
            if found.row::<CodeRow>(&keys::code(code))?.is_some() {
                known.push(code.clone());
            }
        }
        Ok(known)
    }

    /// Up to so many codes of a pool.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn pool_codes(&self, reward: &RewardId, limit: i32) -> Result<Vec<CouponCode>, StoreError> {
        let query = self.between(&keys::pool(reward), CODES, AFTER_CODES).limit(limit.max(1));
        let limit = usize::try_from(limit).unwrap_or(0);
        let read = |item: Item| {
            let code = item.get(SK).and_then(|sk| sk.as_s().ok()?.strip_prefix(CODES));
            let code = code.and_then(|code| CouponCode::parse(code).ok());
            code.ok_or_else(|| RowError::malformed::<CouponCode>(&item))
        };
        self.query_while("read pool", query, limit, read, |_| true).await
    }
}

/// The coupons of those codes that were issued.
pub(crate) fn coupons_of(found: &Found, codes: &[CouponCode]) -> Result<Vec<NamedCoupon>, StoreError> {
    let mut coupons = Vec::new();
    for code in codes {
        if let Some(at) = found.row::<CodeRow>(&keys::code(code))?.and_then(|row| row.issued) {
            coupons.push(NamedCoupon { code: code.clone(), at });
        }
    }
    Ok(coupons)
}
