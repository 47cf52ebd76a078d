//! Points: whole numbers that only checked arithmetic can change.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number of points; negative only where a difference is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(i64);

/// A sum, product or conversion that does not fit 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount is too large to be counted")]
pub struct Overflow;

impl Points {
    pub const ZERO: Points = Points(0);

    pub const fn new(points: i64) -> Self {
        Points(points)
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    /// # Errors
    /// `Overflow` if the sum does not fit.
    pub fn plus(self, other: Points) -> Result<Points, Overflow> {
        self.0.checked_add(other.0).map(Points).ok_or(Overflow)
    }

    /// # Errors
    /// `Overflow` if the difference does not fit.
    pub fn minus(self, other: Points) -> Result<Points, Overflow> {
        self.0.checked_sub(other.0).map(Points).ok_or(Overflow)
    }

    /// # Errors
    /// `Overflow` for the one number that has no opposite.
    pub fn negated(self) -> Result<Points, Overflow> {
        self.0.checked_neg().map(Points).ok_or(Overflow)
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// # Errors
    /// `Overflow` if the total does not fit.
    pub fn sum(all: impl IntoIterator<Item = Points>) -> Result<Points, Overflow> {
        all.into_iter().try_fold(Points::ZERO, Points::plus)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
