//! The rewards that a shop shows.

use futures::future::try_join_all;
use jiff::Timestamp;
use rules::{money::Currency, reward::Reward};

use crate::{App, error::AppError};

/// A reward that can be redeemed now.
#[derive(Clone, Debug)]
pub struct Offered {
    pub reward: Reward,
    /// Of the amounts of the reward.
    pub currency: Currency,
    /// Whether its pool has a code; nothing where codes are generated. How many there are would have
    /// to be counted row by row.
    pub codes_left: Option<bool>,
}

impl App {
    /// One query for each reward that takes its codes from a pool, side by side.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn rewards(&self, now: Timestamp) -> Result<Vec<Offered>, AppError> {
        let program = self.program(now).await?.program;
        let currency = program.currency;
        let on = program.rewards.into_iter().filter(|reward| reward.on);
        let offered = on.map(|reward| async move {
            let codes_left = match reward.takes_codes_from_pool() {
                true => Some(!self.store.pool_codes(&reward.id, 1).await?.is_empty()),
                false => None,
            };
            Ok(Offered { reward, currency, codes_left })
        });
        try_join_all(offered).await
    }
}
