//! Redemptions: one purchase of a reward, and the coupon that it gave.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::Status,
    coupon::{Coupon, Invalid, Origin, expires_after},
    deal::{Deal, Terms},
    ids::{CouponCode, RedemptionId, RewardId},
    ledger::EntryKind,
    lots::Lot,
    money::Money,
    points::{Overflow, Points},
    posting::{Changes, Note, Posting},
    program::Program,
    spending::SpendError,
};

/// What a member got: for points, or given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: RedemptionId,
    pub redeemed_at: Timestamp,
    /// The program by whose rules it has its value.
    pub program_version: u64,
    /// A coupon that was given cost nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought: Option<Bought>,
    /// Nothing for what a person at the shop does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// What was paid for which reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    pub reward_id: RewardId,
    pub points: Points,
    /// Where the points came from, so that they can go back there.
    pub spent: Vec<Lot>,
}

/// What was decided of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    Cancelled {
        at: Timestamp,
    },
    Fulfilled {
        at: Timestamp,
    },
    /// What was given is not deserved: used before, it stays used, and else nobody uses it any more.
    Withdrawn {
        at: Timestamp,
    },
}

/// How it stands at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionState {
    /// There is a coupon to use.
    Issued,
    Used,
    /// Its points do not come back.
    Expired,
    Cancelled,
    /// The shop is asked to do it.
    Requested,
    Fulfilled,
}

/// Why points do not become a reward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    #[error("a guest cannot spend points")]
    NotEnrolled,
    #[error(transparent)]
    Spend(#[from] SpendError),
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// Why a redemption is not cancelled, or not fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotEnd {
    #[error("an order names the coupon")]
    Used,
    #[error("the coupon has expired, and its points with it")]
    Expired,
    #[error("it was fulfilled")]
    Fulfilled,
    #[error("it was cancelled")]
    Cancelled,
    #[error("it gave a coupon: there is nothing for a person to do")]
    NotManual,
    #[error(
        "the shop honours the code without asking: only an admin key cancels it, after the code was withdrawn there"
    )]
    MerchantsCode,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// Who wants to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelledBy {
    Member,
    Merchant,
}

impl Posting<'_> {
    /// Spends what the deal costs, or nothing at all.
    ///
    /// # Errors
    /// `NotEnrolled`; `Insufficient` points.
    pub fn redeem(&mut self, deal: &Deal) -> Result<Bought, RedeemError> {
        if self.account.status != Status::Enrolled {
            return Err(RedeemError::NotEnrolled);
        }
        let mut changes = Changes::default();
        let spent = self.spend(&mut changes, deal.points)?;
        self.record(changes, Note::new(EntryKind::Redemption, format!("redeemed for: {}", deal.title)))?;
        Ok(Bought { reward_id: deal.reward_id.clone(), points: deal.points, spent })
    }
}

impl Redemption {
    /// The purchase, without a coupon.
    pub fn new(id: RedemptionId, bought: Bought, program_version: u64, now: Timestamp) -> Redemption {
        Redemption {
            version: 1,
            id,
            redeemed_at: now,
            program_version,
            bought: Some(bought),
            coupon: None,
            ended: None,
        }
    }

    /// The same with the coupon of those terms.
    #[must_use]
    pub fn with_coupon(self, code: CouponCode, terms: Terms) -> Redemption {
        let expires_at = expires_after(self.redeemed_at, terms.valid_days);
        let mut coupon = Coupon::issue(code, Origin::Reward, terms.value, expires_at);
        (coupon.min_order, coupon.from_pool) = (terms.min_order, terms.from_pool);
        Redemption { coupon: Some(coupon), ..self }
    }

    /// A coupon that cost no points.
    pub fn given(id: RedemptionId, coupon: Coupon, program_version: u64, now: Timestamp) -> Redemption {
        Redemption {
            version: 1,
            id,
            redeemed_at: now,
            program_version,
            bought: None,
            coupon: Some(coupon),
            ended: None,
        }
    }

    pub fn state(&self, now: Timestamp) -> RedemptionState {
        match (self.ended, &self.coupon) {
            (Some(Ended::Cancelled { .. }), _) => RedemptionState::Cancelled,
            (Some(Ended::Fulfilled { .. }), _) => RedemptionState::Fulfilled,
            (Some(Ended::Withdrawn { .. }), coupon) => match coupon.as_ref().and_then(Coupon::used_by) {
                Some(_) => RedemptionState::Used,
                None => RedemptionState::Cancelled,
            },
            (None, None) => RedemptionState::Requested,
            (None, Some(coupon)) if coupon.used_by().is_some() => RedemptionState::Used,
            (None, Some(coupon)) if coupon.is_expired(now) => RedemptionState::Expired,
            (None, Some(_)) => RedemptionState::Issued,
        }
    }

    /// Cancels it and gives its points back: with their old expiry, at least the days of grace from
    /// now. A second cancellation changes nothing. Says whether it changed anything.
    ///
    /// # Errors
    /// Why it cannot be cancelled any more.
    pub fn cancel(&mut self, posting: &mut Posting, by: CancelledBy, now: Timestamp) -> Result<bool, CannotEnd> {
        match self.state(now) {
            RedemptionState::Cancelled => return Ok(false),
            RedemptionState::Fulfilled => return Err(CannotEnd::Fulfilled),
            RedemptionState::Used => return Err(CannotEnd::Used),
            RedemptionState::Expired => return Err(CannotEnd::Expired),
            RedemptionState::Issued | RedemptionState::Requested => {}
        }
        if let Some(coupon) = &self.coupon {
            // an order that is not paid yet has its discount already
            if coupon.is_claimed() {
                return Err(CannotEnd::Used);
            }
            if coupon.from_pool && by == CancelledBy::Member {
                return Err(CannotEnd::MerchantsCode);
            }
        }
        if let Some(bought) = &self.bought {
            let mut changes = Changes::default();
            posting.give_back(&mut changes, &bought.spent)?;
            let reason = format!("redemption of `{}` cancelled", bought.reward_id);
            posting.record(changes, Note::new(EntryKind::RedemptionReturn, reason))?;
        }
        self.end(Ended::Cancelled { at: now });
        Ok(true)
    }

    /// Takes back what was given and cost nothing, if an order used it for the case that the order is cancelled.
    /// A second time changes nothing. Says whether it changed anything.
    pub fn withdraw(&mut self, now: Timestamp) -> bool {
        let is_given = self.ended.is_none() && self.bought.is_none();
        if is_given {
            self.end(Ended::Withdrawn { at: now });
        }
        is_given
    }

    /// The shop has done what was asked. A second time changes nothing.
    ///
    /// # Errors
    /// `NotManual` where there is a coupon; `Cancelled`.
    pub fn fulfil(&mut self, now: Timestamp) -> Result<bool, CannotEnd> {
        match self.state(now) {
            RedemptionState::Requested => {
                self.end(Ended::Fulfilled { at: now });
                Ok(true)
            }
            RedemptionState::Fulfilled => Ok(false),
            RedemptionState::Cancelled => Err(CannotEnd::Cancelled),
            RedemptionState::Issued | RedemptionState::Used | RedemptionState::Expired => Err(CannotEnd::NotManual),
        }
    }

    /// Why a shop must not honour its coupon, for an order of that total if there is one.
    ///
    /// # Errors
    /// `Overflow` if the total cannot be converted.
    pub fn invalid(
        &self,
        order_total: Option<Money>,
        program: &Program,
        now: Timestamp,
    ) -> Result<Option<Invalid>, Overflow> {
        match (self.state(now), &self.coupon, order_total) {
            (RedemptionState::Issued, Some(coupon), Some(total)) => coupon.misfit(total, program),
            (RedemptionState::Issued, Some(_), None) => Ok(None),
            (RedemptionState::Used, ..) => Ok(Some(Invalid::Used)),
            (RedemptionState::Expired, ..) => Ok(Some(Invalid::Expired)),
            (RedemptionState::Cancelled, ..) => Ok(Some(Invalid::Cancelled)),
            _ => Ok(Some(Invalid::Unknown)),
        }
    }

    fn end(&mut self, ended: Ended) {
        self.ended = Some(ended);
        self.version += 1;
    }
}
