//! Chance, always from a seed, so that every demo of one seed is the same.

use fastrand::Rng;
use jiff::SignedDuration;

pub(super) fn percent(rng: &mut Rng, chance: u8) -> bool {
    rng.u8(0..100) < chance
}

pub(super) fn one_of<T>(rng: &mut Rng, all: &'static [T]) -> &'static T {
    #[allow(clippy::indexing_slicing, reason = "the index is below the length, and no list of the shop is empty")]
    &all[rng.usize(..all.len())]
}

/// So many days, and some time of the day.
pub(super) fn of_days(rng: &mut Rng, days: i64) -> SignedDuration {
    SignedDuration::from_secs(days * 86_400 + rng.i64(0..86_400))
}
