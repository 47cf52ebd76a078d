//! Reviews: one, a member's, a product's, and all.

use futures::future::try_join_all;
use rules::{
    ids::{MemberId, ReviewId},
    review::Review,
};
use store::{ReviewFilter, ReviewPosition, ReviewsPage};

use crate::{App, error::AppError, load_account::Audience};

impl App {
    /// # Errors
    /// `UnknownReview`.
    pub async fn review(&self, id: &ReviewId) -> Result<Review, AppError> {
        self.store.review(id).await?.ok_or(AppError::UnknownReview)
    }

    /// Up to `limit` of them, the newest first; of one member, those of who was merged into them too. What was written
    /// in the last moments may be missing from what is not a member's.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn reviews(
        &self,
        filter: &ReviewFilter,
        member: Option<(&MemberId, Audience)>,
        after: Option<&ReviewPosition>,
        limit: usize,
    ) -> Result<ReviewsPage, AppError> {
        let Some((member, audience)) = member else { return Ok(self.store.reviews(filter, after, limit).await?) };
        let (id, account) = self.load_account_for(member, audience).await?;
        let partitions: Vec<MemberId> = account.partitions(&id).cloned().collect();
        let all = try_join_all(partitions.iter().map(|partition| self.store.reviews_of(partition))).await?;
        let mut reviews: Vec<Review> = all.into_iter().flatten().filter(|review| filter.takes(review)).collect();
        reviews.sort_by_cached_key(|review| std::cmp::Reverse(ReviewPosition::of(review)));
        reviews.retain(|review| after.is_none_or(|after| ReviewPosition::of(review) < *after));
        let has_more = reviews.len() > limit;
        reviews.truncate(limit);
        Ok(ReviewsPage { next: reviews.last().filter(|_| has_more).map(ReviewPosition::of), reviews })
    }
}
