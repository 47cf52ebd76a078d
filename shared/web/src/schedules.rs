//! What the schedules run.

use std::time::Duration;

use app::{AppError, Deadline, Tally, record_feedback::Noted, review_tiers::TierReview, run_lifecycle::Lifecycle};
use outbound::Courier;
use rules::scenario::Queue;
use serde::Serialize;
use serde_json::Value;

use crate::{clock::Clock, state::AppState};

/// A run stops so long before its function would be stopped: longer than anything that it waits for.
const MARGIN: Duration = Duration::from_secs(15);

/// When a run has to stop, from the milliseconds since the epoch at which its function will be. Lambda starts nothing
/// whose time is up; `cargo lambda watch` says of every run that it ended in 1970, and stops none.
pub fn deadline(stopped_at_millis: u64) -> Deadline {
    let now = u64::try_from(Clock::System.now().as_millisecond()).unwrap_or(0);
    match stopped_at_millis.checked_sub(now) {
        Some(left) => Deadline::within(Duration::from_millis(left).saturating_sub(MARGIN)),
        None => Deadline::NONE,
    }
}

/// The hourly review of tiers.
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

/// The due work of every minute.
///
/// # Errors
/// Whatever stops the whole run; the schedule fires again.
pub async fn lifecycle(state: &AppState, deadline: Deadline) -> Result<Lifecycle, AppError> {
    let office = state.office.as_deref().ok_or(AppError::NoPostOffice)?;
    let courier = Courier::new(state.reach).waiting_at_most(state.endpoints_answer_within);
    let run = state.app.run_lifecycle(state.clock.now(), deadline, &courier, office).await?;
    let Lifecycle { accounts, events, replanned, given_up, transactional, messages } = run;
    let stopped_early = [accounts, events, given_up, transactional, messages].iter().any(|tally| tally.stopped_early);
    tracing::info!(
        given_up.served = given_up.served,
        given_up.failed = given_up.failed,
        transactional.served = transactional.served,
        transactional.failed = transactional.failed,
        messages.served = messages.served,
        messages.failed = messages.failed,
        replanned.served = replanned.served,
        replanned.failed = replanned.failed,
        accounts.served = accounts.served,
        accounts.failed = accounts.failed,
        events.served = events.served,
        events.failed = events.failed,
        stopped_early,
        "due work done"
    );
    Ok(run)
}

/// Review invitations that are due.
///
/// # Errors
/// Whatever stops the whole run; the schedule fires again.
pub async fn reviews(state: &AppState, deadline: Deadline) -> Result<Tally, AppError> {
    let office = state.office.as_deref().ok_or(AppError::NoPostOffice)?;
    let run = state.app.send_due(Queue::Reviews, office, state.clock.now(), deadline).await?;
    tracing::info!(
        messages.served = run.served,
        messages.failed = run.failed,
        stopped_early = run.stopped_early,
        "review mail sent"
    );
    Ok(run)
}

/// How many events of SES there were, and how many said something new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FeedbackRun {
    pub noted: u64,
    pub known: u64,
    /// Of a kind that we do not use, or malformed.
    pub ignored: u64,
}

/// What SES tells of mails, as EventBridge or SNS hands it over.
///
/// # Errors
/// Whatever the database fails with: the events come again, and those that were noted change nothing.
pub async fn feedback(state: &AppState, event: &Value) -> Result<FeedbackRun, AppError> {
    let mut run = FeedbackRun::default();
    for read in mail::feedback::read(event) {
        let feedback = match read {
            Ok(feedback) => feedback,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "event of SES not used");
                run.ignored += 1;
                continue;
            }
        };
        match state.app.record_feedback(&feedback, state.clock.now()).await? {
            Noted::Changed => run.noted += 1,
            Noted::Known => run.known += 1,
        }
    }
    tracing::info!(events.noted = run.noted, events.known = run.known, events.ignored = run.ignored, "feedback noted");
    Ok(run)
}
