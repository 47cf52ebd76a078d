//! The shop's word on a review: it is shown or it is not, and what the shop replies.

use jiff::Timestamp;
use rules::{
    ids::ReviewId,
    review::{Review, ReviewState},
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

/// What is to be of a review; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct ReviewJudgement {
    pub state: Option<ReviewState>,
    /// None inside: the reply goes.
    pub reply: Option<Option<String>>,
}

impl App {
    /// The same again changes nothing. Who says which version they have `seen` judges no other.
    ///
    /// # Errors
    /// `UnknownReview`; `ReviewChanged`; `Busy`.
    pub async fn judge_review(
        &self,
        id: &ReviewId,
        judgement: &ReviewJudgement,
        seen: Option<u64>,
        now: Timestamp,
    ) -> Result<Review, AppError> {
        self.until_committed(|| self.try_judge_review(id, judgement, seen, now)).await
    }

    async fn try_judge_review(
        &self,
        id: &ReviewId,
        judgement: &ReviewJudgement,
        seen: Option<u64>,
        now: Timestamp,
    ) -> Result<Review, Attempt> {
        let before = self.review(id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(AppError::ReviewChanged { current: before.version }.into());
        }
        let review = before.judged(judgement.state, judgement.reply.clone(), now);
        if review != before {
            let moves = !review.is_listed_like(&before);
            self.store.commit(Plan { writes: vec![Write::Review { review: review.clone(), moves }] }).await?;
        }
        Ok(review)
    }
}
