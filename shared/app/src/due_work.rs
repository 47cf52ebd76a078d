//! Working off what the due index says is due: bucket by bucket from a queue's cursor to now.
//!
//! A row that fails is put off, so that it keeps neither the cursor nor the others; it is tried for as long as it fails.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::{StreamExt as _, future::try_join_all, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::{Due, DueHour, DuePage, DueRow, SHARDS};

use crate::{App, deadline::Deadline, due_queue::DueQueue, error::AppError};

/// The index lags: a bucket is only done with when it is empty this long after its end.
const INDEX_LAG: SignedDuration = SignedDuration::from_mins(15);
/// Read from one shard at a time.
const PAGE: usize = 100;
/// So many buckets that are over are read at once, and then the cursor is written down.
const READ_AHEAD: usize = 4;
/// The pauses after failures; the last one repeats.
const PAUSES_SECS: [i64; 6] = [30, 300, 900, 3_600, 21_600, 86_400];

/// Of different members, who do not make each other decide again.
pub(crate) const ACCOUNTS_AT_ONCE: usize = 16;

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Served {
    Done,
    /// Another run was faster.
    NothingToDo,
    Failed,
    /// It stays due, as does all else: nothing more is served in this run.
    Closed,
}

/// What one run did with a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub served: u64,
    /// They are put off, and tried again.
    pub failed: u64,
    /// Whether the time was up before all was done; the next run goes on.
    pub stopped_early: bool,
}

/// One run through a queue.
struct Run<'a, S> {
    app: &'a App,
    queue: DueQueue,
    now: Timestamp,
    deadline: Deadline,
    at_once: usize,
    serve: S,
    tally: Tally,
}

/// A bucket with the first page of each of its shards.
struct Bucket {
    start: Timestamp,
    pages: Vec<(u8, Vec<Due>)>,
}

impl App {
    /// Serves everything of a queue that is due, several at once. A run can stop anywhere: what it
    /// has not done stays due. Two runs at once may both be handed the same row.
    ///
    /// # Errors
    /// Whatever the index or the cursor fails with; a row that fails is counted.
    pub(crate) async fn work_off<F>(
        &self,
        queue: DueQueue,
        now: Timestamp,
        deadline: Deadline,
        at_once: usize,
        serve: impl Fn(DueRow) -> F,
    ) -> Result<Tally, AppError>
    where
        F: Future<Output = Served>,
    {
        let begin = queue.bucket_of(self.begin_at(queue, now).await?);
        let mut run = Run { app: self, queue, now, deadline, at_once, serve, tally: Tally::default() };
        run.through(begin).await?;
        Ok(run.tally)
    }

    /// The cursor or, before there is one, the beginning of the deployment.
    async fn begin_at(&self, queue: DueQueue, now: Timestamp) -> Result<Timestamp, AppError> {
        if let Some(cursor) = self.store.cursor(queue.name).await? {
            return Ok(cursor);
        }
        let programs = self.programs(now).await?;
        Ok(programs.version(1).map_or(now, |first| first.effective_at))
    }
}

impl<S, F> Run<'_, S>
where
    S: Fn(DueRow) -> F,
    F: Future<Output = Served>,
{
    /// What is served goes to the current bucket, if it stays due, so that the ones before it can be read ahead.
    async fn through(&mut self, begin: Timestamp) -> Result<(), AppError> {
        let current = self.queue.bucket_of(self.now);
        let mut next = begin;
        let mut all_before_done = true;
        while next <= current && !self.is_over() {
            let starts: Vec<Timestamp> = if next < current {
                let length = self.queue.bucket;
                std::iter::successors(Some(next), |start| Some(*start + length))
                    .take_while(|start| *start < current)
                    .take(READ_AHEAD)
                    .collect()
            } else {
                vec![next]
            };
            let mut passed = None;
            for bucket in self.read(starts).await? {
                next = bucket.start + self.queue.bucket;
                let left = self.work_off_bucket(bucket).await?;
                all_before_done &= left == 0 && self.now.duration_since(next) >= INDEX_LAG;
                passed = Some(next).filter(|_| all_before_done).or(passed);
            }
            if let Some(passed) = passed {
                self.app.store.move_cursor(self.queue.name, passed).await?;
            }
        }
        Ok(())
    }

    fn is_over(&mut self) -> bool {
        self.tally.stopped_early |= self.deadline.has_passed();
        self.tally.stopped_early
    }

    async fn read(&self, starts: Vec<Timestamp>) -> Result<Vec<Bucket>, AppError> {
        let buckets = starts.into_iter().map(async |start| {
            let shards = (0..SHARDS).map(|shard| (shard, None)).collect();
            Ok::<_, AppError>(Bucket { start, pages: self.pages(start, shards).await? })
        });
        try_join_all(buckets).await
    }

    /// Of each of these shards the page after that row.
    async fn pages(&self, start: Timestamp, shards: Vec<(u8, Option<Due>)>) -> Result<Vec<(u8, Vec<Due>)>, AppError> {
        let pages = shards.iter().map(async |(shard, after)| {
            let page = DuePage { until: self.now, after: after.as_ref(), limit: PAGE };
            self.app.store.due(self.queue.name, DueHour::of(start), *shard, page).await.map(|rows| (*shard, rows))
        });
        Ok(try_join_all(pages).await?)
    }

    /// Returns how many rows of the bucket stay in it.
    async fn work_off_bucket(&mut self, bucket: Bucket) -> Result<u64, AppError> {
        let Bucket { start, mut pages } = bucket;
        let mut left = 0;
        loop {
            let is_full = |(shard, rows): &(u8, Vec<Due>)| (rows.len() >= PAGE).then(|| (*shard, rows.last().cloned()));
            let more: Vec<_> = pages.iter().filter_map(is_full).collect();
            left += self.serve_all(pages.into_iter().flat_map(|(_, rows)| rows)).await;
            if more.is_empty() {
                return Ok(left);
            }
            if self.is_over() {
                return Ok(left + 1);
            }
            pages = self.pages(start, more).await?;
        }
    }

    /// Returns how many rows were not done.
    async fn serve_all(&mut self, rows: impl Iterator<Item = Due>) -> u64 {
        let this = &*self;
        let is_closed = AtomicBool::new(false);
        let serving = rows.map(async |due| {
            if this.deadline.has_passed() || is_closed.load(Ordering::Relaxed) {
                return (Served::Closed, true);
            }
            let served = (this.serve)(due.row.clone()).await;
            is_closed.fetch_or(served == Served::Closed, Ordering::Relaxed);
            let stays = match served {
                Served::Done => false,
                Served::NothingToDo | Served::Closed => true,
                Served::Failed => !this.put_off(&due).await,
            };
            (served, stays)
        });
        let all: Vec<(Served, bool)> = stream::iter(serving).buffer_unordered(self.at_once).collect().await;
        let served = |wanted| count(all.iter().filter(|(served, _)| *served == wanted));
        self.tally.served += served(Served::Done);
        self.tally.failed += served(Served::Failed);
        self.tally.stopped_early |= served(Served::Closed) > 0;
        count(all.iter().filter(|(_, stays)| *stays))
    }

    /// Whether it is out of the way.
    async fn put_off(&self, due: &Due) -> bool {
        let pause = PAUSES_SECS.get(due.times_put_off()).or(PAUSES_SECS.last()).copied().unwrap_or(0);
        let to = self.queue.due(self.now + SignedDuration::from_secs(pause), self.now);
        let moved = self.app.store.put_off(due, to).await;
        if let Err(error) = &moved {
            tracing::error!(error = error as &dyn std::error::Error, "what failed was not put off");
        }
        moved.is_ok()
    }
}

fn count<T>(rows: impl Iterator<Item = T>) -> u64 {
    u64::try_from(rows.count()).unwrap_or(u64::MAX)
}
