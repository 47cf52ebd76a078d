//! The kinds of work in the due index, each a queue of its own.

use jiff::{SignedDuration, Timestamp};
use rules::{
    scenario::Queue,
    wake_up::{WakeUp, Waker},
};
use store::{DueAt, DueHour};

pub(crate) const TIER_REVIEW: DueQueue = DueQueue { name: "tier_review", bucket: SignedDuration::from_hours(24) };
pub(crate) const ACCOUNT: DueQueue = DueQueue { name: "account", bucket: SignedDuration::from_hours(1) };
pub(crate) const QUARANTINE: DueQueue = DueQueue { name: "quarantine", bucket: SignedDuration::from_hours(1) };
pub(crate) const TRANSACTIONAL: DueQueue = DueQueue { name: "transactional", bucket: SignedDuration::from_hours(1) };
pub(crate) const REVIEWS: DueQueue = DueQueue { name: "reviews", bucket: SignedDuration::from_hours(1) };
pub(crate) const MAIL: DueQueue = DueQueue { name: "mail", bucket: SignedDuration::from_hours(1) };
pub(crate) const WEBHOOK: DueQueue = DueQueue { name: "webhook", bucket: SignedDuration::from_hours(1) };

/// The mail of a queue.
pub(crate) fn mail_of(queue: Queue) -> DueQueue {
    match queue {
        Queue::Quarantine => QUARANTINE,
        Queue::Transactional => TRANSACTIONAL,
        Queue::Reviews => REVIEWS,
        Queue::Mail => MAIL,
    }
}

/// A kind of work in the due index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DueQueue {
    pub(crate) name: &'static str,
    /// Whole hours that divide a day. What is worked off daily has a bucket a day, so that a day is
    /// read by one query for each shard.
    pub(crate) bucket: SignedDuration,
}

impl DueQueue {
    /// The one that serves such a wake-up, and where in the index it is kept.
    pub(crate) fn due_at(wake_up: WakeUp, now: Timestamp) -> DueAt {
        let queue = match wake_up.by {
            Waker::TierReview => TIER_REVIEW,
            Waker::Lifecycle => ACCOUNT,
        };
        queue.due(wake_up.at, now)
    }

    pub(crate) fn due(self, at: Timestamp, now: Timestamp) -> DueAt {
        DueAt { scenario: self.name, hour: DueHour::of(self.bucket_of(at.max(now))), at }
    }

    pub(crate) fn bucket_of(self, at: Timestamp) -> Timestamp {
        let (second, length) = (at.as_second(), self.bucket.as_secs());
        Timestamp::from_second(second - second.rem_euclid(length)).unwrap_or(at)
    }
}
