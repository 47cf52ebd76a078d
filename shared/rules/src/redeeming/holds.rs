//! Holds: points set aside for checkouts that are not finished. A hold posts nothing; it ends when an
//! order captures it, when it is released, or by itself, with no job having to run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::Status,
    ids::HoldId,
    points::{Overflow, Points},
    posting::Posting,
    spending::SpendError,
};

/// Nobody has more checkouts open than this.
pub const MAX_OPEN: usize = 20;

/// The open holds of one account, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holds(Vec<OpenHold>);

/// Points that nothing else may spend. In rows a tuple with its times in seconds, because an account
/// may have many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(HoldId, Points, i64, i64)", into = "(HoldId, Points, i64, i64)")]
pub struct OpenHold {
    pub id: HoldId,
    pub points: Points,
    pub held_at: Timestamp,
    /// From then on the points are free again.
    pub ends_at: Timestamp,
}

/// Why points are not set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldError {
    #[error("a guest cannot spend points")]
    NotEnrolled,
    #[error("a member has at most {MAX_OPEN} open holds")]
    TooMany,
    #[error(transparent)]
    Spend(#[from] SpendError),
}

impl Holds {
    pub fn iter(&self) -> impl Iterator<Item = &OpenHold> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is set aside at that moment, as far as it is still known: a hold that was captured or
    /// released since is not.
    ///
    /// # Errors
    /// `Overflow` if the sum does not fit.
    pub fn points(&self, at: Timestamp) -> Result<Points, Overflow> {
        Points::sum(self.0.iter().filter(|hold| hold.is_open(at)).map(|hold| hold.points))
    }

    /// When the next of them ends.
    pub fn next_end(&self) -> Option<Timestamp> {
        self.0.iter().map(|hold| hold.ends_at).min()
    }

    /// Adds those of another account.
    pub(crate) fn absorb(&mut self, other: Holds) {
        self.0.extend(other.0);
        self.0.sort_by_key(|hold| hold.held_at);
    }

    pub(crate) fn drop_ended(&mut self, now: Timestamp) {
        self.0.retain(|hold| hold.ends_at > now);
    }

    fn remove(&mut self, id: &HoldId) -> Option<OpenHold> {
        let place = self.0.iter().position(|hold| hold.id == *id)?;
        Some(self.0.remove(place))
    }
}

impl OpenHold {
    fn is_open(&self, at: Timestamp) -> bool {
        (self.held_at..self.ends_at).contains(&at)
    }
}

impl Posting<'_> {
    /// Sets available points aside until then, or none at all.
    ///
    /// # Errors
    /// `NotEnrolled`; `TooMany`; `Insufficient` points.
    pub fn hold(&mut self, hold: OpenHold) -> Result<(), HoldError> {
        if self.account.status != Status::Enrolled {
            return Err(HoldError::NotEnrolled);
        }
        if self.account.holds.0.len() >= MAX_OPEN {
            return Err(HoldError::TooMany);
        }
        let available = self.balance()?.available;
        if hold.points > available {
            return Err(SpendError::Insufficient { needed: hold.points, available }.into());
        }
        self.account.holds.0.push(hold);
        Ok(())
    }

    /// Frees the points of every hold.
    pub fn release_all(&mut self) {
        self.account.holds = Holds::default();
    }

    /// Frees the points of a hold, and says what it was; nothing if it is not open any more.
    pub fn release(&mut self, id: &HoldId) -> Option<OpenHold> {
        self.account.holds.remove(id)
    }
}

impl From<Overflow> for HoldError {
    fn from(overflow: Overflow) -> HoldError {
        HoldError::Spend(overflow.into())
    }
}

impl From<(HoldId, Points, i64, i64)> for OpenHold {
    fn from((id, points, held_at, ends_at): (HoldId, Points, i64, i64)) -> Self {
        let instant = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MIN);
        OpenHold { id, points, held_at: instant(held_at), ends_at: instant(ends_at) }
    }
}

impl From<OpenHold> for (HoldId, Points, i64, i64) {
    fn from(hold: OpenHold) -> Self {
        (hold.id, hold.points, hold.held_at.as_second(), hold.ends_at.as_second())
    }
}
