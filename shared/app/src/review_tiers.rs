//! The review of tiers: period ends, grace and steps down are written down for those whom they concern.
//! What a member sees does not wait for it.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::{App, deadline::Deadline, due_queue::TIER_REVIEW, due_work::ACCOUNTS_AT_ONCE, error::AppError};

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TierReview {
    pub reviewed: u64,
    pub changed: u64,
    pub failed: u64,
    /// Whether the time was up before all was done; the next run goes on.
    pub stopped_early: bool,
}

impl App {
    /// Reviews everybody who is due. Running it twice, or twice at once, changes nothing more.
    ///
    /// # Errors
    /// Whatever the database fails with outside of a single member's review; those are counted.
    pub async fn review_tiers(&self, now: Timestamp, deadline: Deadline) -> Result<TierReview, AppError> {
        let changed = AtomicU64::new(0);
        let review = async |row| {
            let (served, woken) = self.wake(row, now).await;
            changed.fetch_add(u64::from(woken.is_some_and(|woken| woken.tier_changed)), Ordering::Relaxed);
            served
        };
        let tally = self.work_off(TIER_REVIEW, now, deadline, ACCOUNTS_AT_ONCE, &review).await?;
        Ok(TierReview {
            reviewed: tally.served,
            changed: changed.into_inner(),
            failed: tally.failed,
            stopped_early: tally.stopped_early,
        })
    }
}
