//! What the schedules run.

use std::time::Duration;

use app::{AppError, Deadline, review_tiers::TierReview, run_lifecycle::Lifecycle};

use outbound::Courier;

use crate::{clock::Clock, state::AppState};

/// A run stops so long before its function would be stopped: longer than anything that it waits for.
const MARGIN: Duration = Duration::from_secs(15);

/// When a run has to stop, from the milliseconds since the epoch at which its function will be.
pub fn deadline(stopped_at_millis: u64) -> Deadline {
    let now = u64::try_from(Clock::System.now().as_millisecond()).unwrap_or(0);
    Deadline::within(Duration::from_millis(stopped_at_millis.saturating_sub(now)).saturating_sub(MARGIN))
}

/// The daily review of tiers.
///
/// # Errors
/// Whatever stops the whole run; the schedule fires again.
pub async fn tiers(state: &AppState, deadline: Deadline) -> Result<TierReview, AppError> {
    let review = state.app.review_tiers(state.clock.now(), deadline).await?;
    tracing::info!(
        members.reviewed = review.reviewed,
        members.changed = review.changed,
        members.failed = review.failed,
        stopped_early = review.stopped_early,
        "tiers reviewed"
    );
    Ok(review)
}

/// The due work of every few minutes.
///
/// # Errors
/// Whatever stops the whole run; the schedule fires again.
pub async fn lifecycle(state: &AppState, deadline: Deadline) -> Result<Lifecycle, AppError> {
    let courier = Courier::new(state.reach).waiting_at_most(state.endpoints_answer_within);
    let run = state.app.run_lifecycle(state.clock.now(), deadline, &courier).await?;
    tracing::info!(
        accounts.served = run.accounts.served,
        accounts.failed = run.accounts.failed,
        events.served = run.events.served,
        events.failed = run.events.failed,
        stopped_early = run.accounts.stopped_early || run.events.stopped_early,
        "due work done"
    );
    Ok(run)
}
