//! Holds, and whose hold a code stands for.

use rules::{
    hold::{Hold, HoldPlace},
    ids::{CouponCode, HoldId, MemberId},
};

use crate::{batch::Found, error::StoreError, keys, redemptions::CodeRow, table::Store};

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn hold(&self, member: &MemberId, id: &HoldId) -> Result<Option<Hold>, StoreError> {
        self.get("read hold", &keys::hold(member, id)).await
    }

    /// Those of the places that are there, each with its place, by one BatchGetItem; none where none is
    /// asked.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn holds_at(&self, places: &[HoldPlace]) -> Result<Vec<(HoldPlace, Hold)>, StoreError> {
        let key = |place: &HoldPlace| keys::hold(&place.member, &place.hold);
        let found = self.batch("read holds", places.iter().map(key)).await?;
        let mut holds = Vec::new();
        for place in places {
            holds.extend(found.row(&key(place))?.map(|hold| (place.clone(), hold)));
        }
        Ok(holds)
    }

    /// The holds that those codes stand for, by one BatchGetItem; none where none is asked.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn hold_places(&self, codes: &[CouponCode]) -> Result<Vec<HoldPlace>, StoreError> {
        let found = self.batch("look up holds", codes.iter().map(keys::code)).await?;
        holds_of(&found, codes)
    }
}

pub(crate) fn holds_of(found: &Found, codes: &[CouponCode]) -> Result<Vec<HoldPlace>, StoreError> {
    let mut places = Vec::new();
    for code in codes {
        if let Some(member) = found.row::<CodeRow>(&keys::code(code))?.and_then(|row| row.holder) {
            places.push(HoldPlace { member, hold: HoldId::of_code(code) });
        }
    }
    Ok(places)
}
