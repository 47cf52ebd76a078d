//! Working off what the due index says is due: bucket by bucket from a scenario's cursor to now.

use std::time::Duration;

use futures::{StreamExt as _, future::try_join_all, stream};
use jiff::{SignedDuration, Timestamp};
use rules::{
    scenario::Queue,
    wake_up::{WakeUp, Waker},
};
use serde::Serialize;
use store::{Due, DueAt, DueHour, DuePage, DueRow, SHARDS};
use tokio::time::Instant;

use crate::{App, error::AppError};

/// The index lags: a bucket is only done with when it is empty this long after its end.
const INDEX_LAG: SignedDuration = SignedDuration::from_mins(15);
/// Read from one shard at a time.
const PAGE: usize = 100;
/// So often the cursor is written down while it passes empty buckets.
const BUCKETS_PER_SAVE: u32 = 24;

pub(crate) const TIER_REVIEW: Scenario = Scenario { name: "tier_review", bucket: SignedDuration::from_hours(24) };
pub(crate) const ACCOUNT: Scenario = Scenario { name: "account", bucket: SignedDuration::from_hours(1) };

pub(crate) const REVIEWS: Scenario = Scenario { name: "reviews", bucket: SignedDuration::from_hours(1) };
pub(crate) const MAIL: Scenario = Scenario { name: "mail", bucket: SignedDuration::from_hours(1) };
pub(crate) const WEBHOOK: Scenario = Scenario { name: "webhook", bucket: SignedDuration::from_hours(1) };

/// The mail that a function sends.
pub(crate) fn mail_of(queue: Queue) -> Scenario {
    match queue {
        Queue::Reviews => REVIEWS,
        Queue::Lifecycle => MAIL,
    }
}

/// A kind of work in the due index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Whole hours that divide a day. What is worked off daily has a bucket a day, so that a day is
    /// read by one query for each shard.
    bucket: SignedDuration,
}

/// When a run has to stop, because its function would be stopped.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Served {
    Done,
    /// Another run was faster.
    NothingToDo,
    Failed,
}

/// What one run did with a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub served: u64,
    /// They stay due, and the next run tries again.
    pub failed: u64,
    /// Whether the time was up before all was done; the next run goes on.
    pub stopped_early: bool,
}

impl Deadline {
    pub const NONE: Deadline = Deadline(None);

    pub fn within(time: Duration) -> Deadline {
        Deadline(Instant::now().checked_add(time))
    }

    pub(crate) fn has_passed(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }
}

impl Scenario {
    /// The scenario that serves such a wake-up, and where in the index it is kept.
    pub(crate) fn due_at(wake_up: WakeUp, now: Timestamp) -> DueAt {
        let scenario = match wake_up.by {
            Waker::TierReview => TIER_REVIEW,
            Waker::Lifecycle => ACCOUNT,
        };
        scenario.due(wake_up.at, now)
    }

    pub(crate) fn due(self, at: Timestamp, now: Timestamp) -> DueAt {
        DueAt { scenario: self.name, hour: DueHour::of(self.bucket_of(at.max(now))), at }
    }

    fn bucket_of(self, at: Timestamp) -> Timestamp {
        let (second, length) = (at.as_second(), self.bucket.as_secs());
        Timestamp::from_second(second - second.rem_euclid(length)).unwrap_or(at)
    }
}

impl App {
    /// Serves everything of a scenario that is due, several at once. A run can stop anywhere: what it
    /// has not done stays due. Two runs at once may both be handed the same row.
    ///
    /// # Errors
    /// Whatever the index or the cursor fails with; a row that fails is counted.
    pub(crate) async fn work_off<F>(
        &self,
        scenario: Scenario,
        now: Timestamp,
        deadline: Deadline,
        at_once: usize,
        serve: impl Fn(DueRow) -> F,
    ) -> Result<Tally, AppError>
    where
        F: Future<Output = Served>,
    {
        let mut tally = Tally::default();
        let mut bucket = scenario.bucket_of(self.begin_at(scenario, now).await?);
        let (mut passed, mut unsaved) = (None, 0);
        let mut all_before_done = true;
        while bucket <= now && !tally.stopped_early {
            let left = self.work_off_bucket(scenario, bucket, now, deadline, at_once, &serve, &mut tally).await?;
            let next = bucket + scenario.bucket;
            all_before_done &= left == 0 && now.duration_since(next) >= INDEX_LAG;
            if all_before_done {
                (passed, unsaved) = (Some(next), unsaved + 1);
            }
            if unsaved >= BUCKETS_PER_SAVE {
                self.move_cursor(scenario, passed.take()).await?;
                unsaved = 0;
            }
            bucket = next;
        }
        self.move_cursor(scenario, passed).await?;
        Ok(tally)
    }

    /// The cursor or, before there is one, the beginning of the deployment.
    async fn begin_at(&self, scenario: Scenario, now: Timestamp) -> Result<Timestamp, AppError> {
        if let Some(cursor) = self.store.cursor(scenario.name).await? {
            return Ok(cursor);
        }
        let programs = self.programs(now).await?;
        Ok(programs.version(1).map_or(now, |first| first.effective_at))
    }

    async fn move_cursor(&self, scenario: Scenario, to: Option<Timestamp>) -> Result<(), AppError> {
        match to {
            Some(to) => Ok(self.store.move_cursor(scenario.name, to).await?),
            None => Ok(()),
        }
    }

    /// Returns how many rows of the bucket stay in it.
    #[allow(clippy::too_many_arguments, reason = "all of a run's circumstances, handed on once")]
    async fn work_off_bucket<F>(
        &self,
        scenario: Scenario,
        bucket: Timestamp,
        now: Timestamp,
        deadline: Deadline,
        at_once: usize,
        serve: &impl Fn(DueRow) -> F,
        tally: &mut Tally,
    ) -> Result<u64, AppError>
    where
        F: Future<Output = Served>,
    {
        let mut shards: Vec<(u8, Option<Due>)> = (0..SHARDS).map(|shard| (shard, None)).collect();
        let mut left = 0;
        while !shards.is_empty() {
            let pages = shards.iter().map(async |(shard, after)| {
                let page = DuePage { until: now, after: after.as_ref(), limit: PAGE };
                self.store.due(scenario.name, DueHour::of(bucket), *shard, page).await.map(|rows| (*shard, rows))
            });
            let pages = try_join_all(pages).await?;
            let is_full = |(shard, rows): &(u8, Vec<Due>)| (rows.len() >= PAGE).then(|| (*shard, rows.last().cloned()));
            shards = pages.iter().filter_map(is_full).collect();
            let rows = pages.into_iter().flat_map(|(_, rows)| rows);
            left += serve_all(rows, deadline, at_once, serve, tally).await;
            if tally.stopped_early {
                break;
            }
        }
        Ok(left)
    }
}

/// Returns how many rows were not done.
async fn serve_all<F>(
    rows: impl Iterator<Item = Due>,
    deadline: Deadline,
    at_once: usize,
    serve: &impl Fn(DueRow) -> F,
    tally: &mut Tally,
) -> u64
where
    F: Future<Output = Served>,
{
    let serving = rows.map(|due| async move { if deadline.has_passed() { None } else { Some(serve(due.row).await) } });
    let all: Vec<Option<Served>> = stream::iter(serving).buffer_unordered(at_once).collect().await;
    let count = |wanted| u64::try_from(all.iter().filter(|served| **served == wanted).count()).unwrap_or(u64::MAX);
    let left = count(None) + count(Some(Served::Failed)) + count(Some(Served::NothingToDo));
    tally.served += count(Some(Served::Done));
    tally.failed += count(Some(Served::Failed));
    tally.stopped_early |= count(None) > 0;
    left
}
