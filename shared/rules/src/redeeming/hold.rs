//! One hold: what it is worth at a checkout, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    hold_terms::{CashRate, HoldTerms},
    holds::OpenHold,
    ids::{HoldId, MemberId, OrderKey},
    money::Money,
    points::Points,
};

/// No hold is for a shorter time.
pub const MIN_TTL_SECS: i64 = 60;
/// No hold is for a longer time.
pub const MAX_TTL_SECS: i64 = 24 * 60 * 60;
pub const DEFAULT_TTL_SECS: i64 = 30 * 60;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: HoldId,
    pub points: Points,
    /// What the checkout takes off for all of them, in its currency.
    pub value: Money,
    /// What less than that costs.
    pub rate: CashRate,
    pub held_at: Timestamp,
    /// From then on the points are free again.
    pub ends_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<HoldEnd>,
}

/// A hold, and in whose partition it is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoldPlace {
    pub member: MemberId,
    pub hold: HoldId,
}

/// What ended it before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    Released {
        at: Timestamp,
    },
    /// The points that the order has of it; none once they went back.
    Captured {
        order: OrderKey,
        points: Points,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    Open,
    Captured,
    Released,
    Expired,
}

impl Hold {
    /// An open one.
    pub fn new(id: HoldId, terms: HoldTerms, held_at: Timestamp, ends_at: Timestamp) -> Hold {
        let HoldTerms { points, value, rate } = terms;
        Hold { version: 1, id, points, value, rate, held_at, ends_at, end: None }
    }

    pub fn open(&self) -> OpenHold {
        OpenHold { id: self.id.clone(), points: self.points, held_at: self.held_at, ends_at: self.ends_at }
    }

    pub fn state(&self, now: Timestamp) -> HoldState {
        match &self.end {
            Some(HoldEnd::Captured { points, .. }) if points.is_positive() => HoldState::Captured,
            Some(_) => HoldState::Released,
            None if self.ends_at <= now => HoldState::Expired,
            None => HoldState::Open,
        }
    }

    /// The order that has points of it, and how many.
    pub fn captured(&self) -> Option<(&OrderKey, Points)> {
        match &self.end {
            Some(HoldEnd::Captured { order, points }) if points.is_positive() => Some((order, *points)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{coupon::CODE_BYTES, ids::CouponCode};

    #[test]
    fn id_and_code_of_a_hold_say_the_same() {
        let code = CouponCode::from_random([7; CODE_BYTES]);
        let id = HoldId::of_code(&code);
        assert_eq!(id.as_str(), format!("hold_{}", code.as_str().to_ascii_lowercase()));
        assert_eq!(id.code(), Some(code));
        assert_eq!(HoldId::parse("another").unwrap().code(), None);
        assert_eq!(HoldId::parse("hold_a:b").unwrap().code(), None);
    }
}
