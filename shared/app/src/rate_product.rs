//! The stars of a product, counted at most once a minute however often they are asked for.

use jiff::{SignedDuration, Timestamp};
use rules::{ids::ProductId, rating::ProductRating};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

/// How old a count may be.
const KEPT: SignedDuration = SignedDuration::from_secs(60);

impl App {
    /// Of its published reviews, at most a minute old. A product that nobody knows has none.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn product_rating(&self, product: &ProductId, now: Timestamp) -> Result<ProductRating, AppError> {
        let known = self.store.rating(product).await?;
        let is_fresh = |known: &&ProductRating| {
            let age = now.duration_since(known.counted_at);
            age >= SignedDuration::ZERO && age < KEPT
        };
        if let Some(known) = known.as_ref().filter(is_fresh) {
            return Ok(known.clone());
        }
        let rating = ProductRating { distribution: self.store.count_stars(product).await?, counted_at: now };
        // whoever makes up products leaves nothing behind
        if known.is_some() || rating.distribution.count() > 0 {
            let write = Write::Rating { product: product.clone(), rating: rating.clone() };
            match self.store.commit(Plan { writes: vec![write] }).await.map_err(Attempt::from) {
                // another has counted just now
                Ok(()) | Err(Attempt::Conflict) => {}
                Err(Attempt::Failed(error)) => return Err(error),
            }
        }
        Ok(rating)
    }
}
