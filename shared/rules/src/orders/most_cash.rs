//! The most points that can become money on one order.

use crate::{
    deal::ceiling,
    decimal::Ratio,
    money::{MAX_MINOR, Money},
    points::{Overflow, Points},
    program::Program,
    reward::{Cash, Gives, Reward},
};

/// Points, and the money that they are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MostCash {
    pub points: Points,
    pub value: Money,
}

impl Program {
    /// The reward that makes money of points, if there is one that is on.
    pub fn points_as_cash(&self) -> Option<(&Reward, &Cash)> {
        self.rewards.iter().filter(|reward| reward.on).find_map(|reward| match &reward.gives {
            Gives::Cash(cash) => Some((reward, cash)),
            Gives::Coupon { .. } | Gives::Manual => None,
        })
    }

    /// As much money as the available points make on an order of that total, in the program's minor
    /// units, for no more points than it costs. Zero where it would be less than the reward's least.
    ///
    /// # Errors
    /// `Overflow` if a product does not fit.
    pub fn most_cash(&self, available: Points, order_total: i64) -> Result<Option<MostCash>, Overflow> {
        let Some((reward, cash)) = self.points_as_cash() else { return Ok(None) };
        let price = i128::from(reward.points.get()).max(1);
        let worth = i128::from(cash.amount.in_minor_units(self.currency.digits()).ok_or(Overflow)?).max(1);
        let by_balance = Ratio::whole(i128::from(available.get())).scaled(worth, price)?.floor();
        let by_order = Ratio::whole(i128::from(order_total)).times(cash.max_percent_of_order)?.scaled(1, 100)?.floor();
        let minor = by_balance.min(by_order).min(i128::from(MAX_MINOR)).max(0);
        let points = ceiling(minor.checked_mul(price).ok_or(Overflow)?, worth);
        let most = MostCash {
            points: Points::new(i64::try_from(points).map_err(|_| Overflow)?),
            value: Money { minor: i64::try_from(minor).map_err(|_| Overflow)?, currency: self.currency },
        };
        let none = MostCash { points: Points::ZERO, value: Money { minor: 0, currency: self.currency } };
        Ok(Some(if most.points < cash.min_points { none } else { most }))
    }
}
