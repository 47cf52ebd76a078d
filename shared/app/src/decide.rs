//! Load, decide, commit; and again while others change the same rows, within three seconds in all.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use crate::{
    App,
    error::{AppError, Attempt},
};

const ALL_ATTEMPTS: Duration = Duration::from_secs(3);
const FIRST_PAUSE_MILLIS: u64 = 8;
const LONGEST_PAUSE_MILLIS: u64 = 250;

/// Decisions of one process are taken in turn: at once they would only make each other load again. A
/// Lambda instance has one request at a time anyway; on a developer's machine the turn of every request
/// comes, however many there are and however slow it is, and one whose caller has gone leaves the queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Arc<Mutex<()>>);

impl App {
    /// Runs the attempt until it commits without a conflict.
    ///
    /// # Errors
    /// `Busy` if every attempt in three seconds met a conflict; else whatever the attempt fails with.
    pub(crate) async fn until_committed<T, F>(&self, attempt: impl FnMut() -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, Attempt>>,
    {
        let _turn = self.turns.0.lock().await;
        self.beside_others(attempt).await
    }

    /// The same at once with others, for decisions on many members who do not make each other load again.
    ///
    /// # Errors
    /// As `until_committed`.
    pub(crate) async fn beside_others<T, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, AppError>
    where
        F: Future<Output = Result<T, Attempt>>,
    {
        let started = Instant::now();
        let mut pause = FIRST_PAUSE_MILLIS;
        loop {
            match attempt().await {
                Ok(done) => return Ok(done),
                Err(Attempt::Failed(error)) => return Err(error),
                Err(Attempt::Conflict) if started.elapsed() >= ALL_ATTEMPTS => return Err(AppError::Busy),
                Err(Attempt::Conflict) => sleep(Duration::from_millis(fastrand::u64(1..=pause))).await,
            }
            pause = (pause * 2).min(LONGEST_PAUSE_MILLIS);
        }
    }
}
