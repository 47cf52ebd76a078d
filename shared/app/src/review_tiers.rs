//! The daily review: period ends, grace and steps down are written down for those whom they concern.
//! What a member sees does not wait for it.

use jiff::{SignedDuration, Timestamp};
use rules::{ids::MemberId, posting::Posting};
use store::{DueHour, Plan, SHARDS};

use crate::{
    App,
    error::{AppError, Attempt},
    review_due::{TIER_REVIEW, day_of},
    settled::push_settled,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The index lags: a bucket is only done with when it is empty this long after its end.
const INDEX_LAG: SignedDuration = SignedDuration::from_mins(15);
const MEMBERS_AT_ONCE: u32 = 100;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TierReview {
    pub reviewed: u64,
    pub changed: u64,
    pub failed: u64,
}

impl App {
    /// Reviews everybody who is due. Running it twice, or twice at once, changes nothing more.
    ///
    /// # Errors
    /// Whatever the database fails with outside of a single member's review; those are counted.
    pub async fn review_tiers(&self, now: Timestamp) -> Result<TierReview, AppError> {
        let mut review = TierReview::default();
        let programs = self.programs(now).await?;
        let first_day = programs.version(1).map_or(now, |first| first.effective_at);
        let mut day = day_of(self.store.cursor(TIER_REVIEW).await?.unwrap_or(first_day));
        let mut all_before_done = true;
        while day <= now {
            let left = self.review_day(day, now, &mut review).await?;
            all_before_done &= left == 0 && now.duration_since(day) >= DAY + INDEX_LAG;
            if all_before_done {
                self.store.move_cursor(TIER_REVIEW, day + DAY).await?;
            }
            day += DAY;
        }
        Ok(review)
    }

    /// Returns how many of that day's stay in its bucket: not due yet, or failed.
    async fn review_day(&self, day: Timestamp, now: Timestamp, review: &mut TierReview) -> Result<u64, AppError> {
        let mut left = 0;
        for shard in 0..SHARDS {
            loop {
                let due = self.store.due(TIER_REVIEW, DueHour::of(day), shard, MEMBERS_AT_ONCE).await?;
                let stay = self.review_members(&due, now, review).await;
                let all_seen = due.len() < MEMBERS_AT_ONCE as usize;
                // who is due leaves the bucket, and within it the earliest come first
                if all_seen || stay > 0 {
                    left += stay;
                    break;
                }
            }
        }
        Ok(left)
    }

    /// Returns how many were not due yet, or failed.
    async fn review_members(&self, due: &[MemberId], now: Timestamp, review: &mut TierReview) -> u64 {
        let mut stay = 0;
        for member in due {
            match self.review_tier(member, now).await {
                Ok(Some(changed)) => {
                    review.reviewed += 1;
                    review.changed += u64::from(changed);
                }
                Ok(None) => stay += 1,
                Err(error) => {
                    tracing::error!(member.id = %member, error = &error as &dyn std::error::Error, "tier review failed");
                    review.failed += 1;
                    stay += 1;
                }
            }
        }
        stay
    }

    /// Whether the tier changed; `None` if the member is not due.
    async fn review_tier(&self, member: &MemberId, now: Timestamp) -> Result<Option<bool>, AppError> {
        self.until_committed(|| self.try_review_tier(member, now)).await
    }

    async fn try_review_tier(&self, member: &MemberId, now: Timestamp) -> Result<Option<bool>, Attempt> {
        let (member, account) = self.load_account(member).await?;
        let programs = self.programs(now).await?;
        let program = &programs.at(now).program;
        let before = account.standing.clone();
        if before.review_at(program, before.since).is_none_or(|at| at > now) {
            return Ok(None);
        }
        let settled = Posting::begin(account, &programs, now)?.end()?;
        let changed = settled.tier_change.is_some();
        let mut plan = Plan { writes: Vec::new() };
        push_settled(&mut plan, &member, settled, &programs, now);
        self.store.commit(plan).await?;
        Ok(Some(changed))
    }
}
