//! What the schedules run.

use app::{AppError, review_tiers::TierReview};

use crate::state::AppState;

/// The daily review of tiers.
///
/// # Errors
/// Whatever stops the whole run; the schedule fires again.
pub async fn tiers(state: &AppState) -> Result<TierReview, AppError> {
    let review = state.app.review_tiers(state.clock.now()).await?;
    tracing::info!(
        members.reviewed = review.reviewed,
        members.changed = review.changed,
        members.failed = review.failed,
        "tiers reviewed"
    );
    Ok(review)
}
