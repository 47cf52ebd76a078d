//! Why an order earned what it earned, or nothing.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    explain::{Explanation, explain},
    ids::{MemberId, OrderKey},
};

use crate::{App, error::AppError};

#[derive(Clone, Debug)]
pub struct OrderExplained {
    pub order: OrderKey,
    pub member: Option<MemberId>,
    pub explanation: Explanation,
}

impl App {
    /// # Errors
    /// `UnknownOrder`.
    pub async fn explain_order(&self, key: &OrderKey, now: Timestamp) -> Result<OrderExplained, AppError> {
        let order = async { self.store.order(key).await.map_err(AppError::from) };
        let (order, programs) = try_join!(order, self.programs(now))?;
        let order = order.ok_or(AppError::UnknownOrder)?;
        let explanation = explain(&order, &programs)?;
        Ok(OrderExplained { order: order.key, member: order.member, explanation })
    }
}
