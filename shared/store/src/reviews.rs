//! Reviews: of a member, of a product, and of all; and the count of a product's stars.

use rules::{
    ids::{MemberId, ProductId, ReviewId},
    rating::{Distribution, ProductRating, Rating},
    review::{Review, ReviewState},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::StoreError,
    keys::{self, REVIEWS},
    review_index::Listed,
    row,
    table::Store,
};

/// `$` follows `#`, so that this sorts after every review.
const AFTER_REVIEWS: &str = "REV$";
/// No member's reviews beyond these are read.
const MOST_OF_A_MEMBER: usize = 1_000;

/// Where the review of an id is.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReviewPlace {
    pub(crate) member: MemberId,
}

impl Store {
    /// The review of that id, whoever's it is.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn review(&self, id: &ReviewId) -> Result<Option<Review>, StoreError> {
        let place: Option<ReviewPlace> = self.get("find review", &keys::review_place(id)).await?;
        let Some(ReviewPlace { member }) = place else { return Ok(None) };
        self.get("read review", &keys::review(&member, id)).await
    }

    /// Those of the members that are about the products, by one BatchGetItem for each hundred.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn reviews_about(&self, members: &[MemberId], products: &[ProductId]) -> Result<Vec<Review>, StoreError> {
        let of = |product| members.iter().map(move |member| (member.clone(), ReviewId::of(member, product)));
        let places: Vec<(MemberId, ReviewId)> = products.iter().flat_map(of).collect();
        self.reviews_at(places.into_iter()).await
    }

    /// Those that are there, in that order.
    pub(crate) async fn reviews_at(
        &self,
        places: impl Iterator<Item = (MemberId, ReviewId)>,
    ) -> Result<Vec<Review>, StoreError> {
        let keys: Vec<_> = places.map(|(member, id)| keys::review(&member, &id)).collect();
        let found = self.batch("read reviews", keys.iter().cloned()).await?;
        keys.iter().filter_map(|key| found.row(key).transpose()).collect()
    }

    /// All in that member's partition, in the order of their ids.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn reviews_of(&self, member: &MemberId) -> Result<Vec<Review>, StoreError> {
        let query = self.between(&keys::partition(member), REVIEWS, AFTER_REVIEWS);
        self.query_while("read reviews of a member", query, MOST_OF_A_MEMBER, row::read, |_| true).await
    }

    /// The stars of a product as they were last counted.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn rating(&self, product: &ProductId) -> Result<Option<ProductRating>, StoreError> {
        self.get_lately("read rating", &keys::rating(product)).await
    }

    /// Counts the stars of a product's published reviews, from their places in the index alone. It lags behind the
    /// reviews by moments.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn count_stars(&self, product: &ProductId) -> Result<Distribution, StoreError> {
        let query = self.listed_query(&keys::reviews_of_product(product), ReviewState::Published, None);
        let stars = |item| Listed::read(&item).map(|listed| listed.rating);
        let stars: Vec<Rating> = self.query_while("count stars", query, usize::MAX, stars, |_| true).await?;
        let mut distribution = Distribution::default();
        stars.into_iter().for_each(|rating| distribution.add(rating));
        Ok(distribution)
    }
}
