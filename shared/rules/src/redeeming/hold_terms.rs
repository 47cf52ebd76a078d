//! What points are worth at a checkout: how many can be set aside for an order, and what a part of
//! them costs when the order takes only that.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::{Decimal, Ratio},
    money::{Currency, Money},
    points::{Overflow, Points},
    program::Program,
    program_check::Problem,
    reward::{Cash, Gives},
};

/// What a member asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldAsk {
    /// As many as they have and the order allows, unless they say how many.
    pub points: Option<i64>,
    pub order_total: Money,
}

/// What they get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldTerms {
    pub points: Points,
    /// In the order's currency.
    pub value: Money,
    pub rate: CashRate,
}

/// So many points are worth that much, in a checkout's own currency at that rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashRate {
    points: Points,
    worth: Money,
    /// What a unit of the checkout's currency is worth, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exchange_rate: Option<Decimal>,
}

/// Why there is no hold to be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHold {
    #[error("the program has no points as cash")]
    NotOffered,
    #[error("{} {}", .0.pointer, .0.reason)]
    BadAsk(Problem),
    #[error("{needed} points are needed and {available} are available")]
    Insufficient { needed: Points, available: Points },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Program {
    /// What is set aside for that order by a member with so many available points.
    ///
    /// # Errors
    /// `NotOffered` without a reward of points as cash; `BadAsk` with a pointer to what cannot be
    /// asked for; `Insufficient` points.
    pub fn hold_terms(&self, ask: HoldAsk, available: Points) -> Result<HoldTerms, NoHold> {
        let (cash, rate) = self.cash_rate(ask.order_total.currency)?;
        if ask.order_total.minor <= 0 {
            return Err(bad("/order_total/amount", "must be more than zero"));
        }
        let limit = Ratio::whole(i128::from(ask.order_total.minor)).times(cash.max_percent_of_order)?.scaled(1, 100)?;
        let limit = i64::try_from(limit.floor()).map_err(|_| Overflow)?;
        let currency = ask.order_total.currency;
        let value = match ask.points {
            Some(points) => chosen(Points::new(points), &rate, cash, limit, currency)?,
            None => rate.value(most(available, &rate, cash, limit, currency)?, currency)?.min(limit),
        };
        let points = rate.cost(value, currency)?;
        if points > available {
            return Err(NoHold::Insufficient { needed: points, available });
        }
        if value < 1 {
            return Err(bad("/order_total", "is too small for any points"));
        }
        Ok(HoldTerms { points, value: Money { minor: value, currency }, rate })
    }

    fn cash_rate(&self, currency: Currency) -> Result<(&Cash, CashRate), NoHold> {
        let offered = self.rewards.iter().filter(|reward| reward.on).find_map(|reward| match &reward.gives {
            Gives::Cash(cash) => Some((reward.points, cash)),
            Gives::Coupon { .. } | Gives::Manual => None,
        });
        let (points, cash) = offered.ok_or(NoHold::NotOffered)?;
        let exchange_rate = self.earning.exchange_rates.get(&currency).copied().filter(|rate| !rate.is_zero());
        let exchange_rate = exchange_rate.filter(|_| currency != self.currency);
        if currency != self.currency && exchange_rate.is_none() {
            return Err(bad("/order_total/currency", format!("{currency} has no exchange rate in the program")));
        }
        let minor = cash.amount.in_minor_units(self.currency.digits()).ok_or(Overflow)?;
        Ok((cash, CashRate { points, worth: Money { minor, currency: self.currency }, exchange_rate }))
    }
}

/// What so many points are worth, if the order allows it.
fn chosen(points: Points, rate: &CashRate, cash: &Cash, limit: i64, currency: Currency) -> Result<i64, NoHold> {
    if points < cash.min_points {
        return Err(bad("/points", format!("must be at least {}", cash.min_points)));
    }
    let value = rate.value(points, currency)?;
    if value < 1 {
        return Err(bad("/points", format!("are worth less than the smallest amount of {currency}")));
    }
    if value > limit {
        let (share, allowed) = (cash.max_percent_of_order, Money { minor: limit, currency });
        let points = rate.cost(limit, currency)?;
        return Err(bad("/points", format!("at most {share} % of the order, {allowed}: {points} points")));
    }
    Ok(value)
}

/// All that are available, if they are enough and the order is worth that many.
fn most(available: Points, rate: &CashRate, cash: &Cash, limit: i64, currency: Currency) -> Result<Points, NoHold> {
    if available < cash.min_points {
        return Err(NoHold::Insufficient { needed: cash.min_points, available });
    }
    if rate.value(cash.min_points, currency)? > limit {
        let reason = format!(
            "is too small: at least {} points are held, for at most {} % of the order",
            cash.min_points, cash.max_percent_of_order
        );
        return Err(bad("/order_total", reason));
    }
    Ok(available)
}

impl CashRate {
    /// What so many points are worth, in minor units of the checkout's currency, rounded down.
    ///
    /// # Errors
    /// `Overflow` if the exact value does not fit.
    pub fn value(&self, points: Points, currency: Currency) -> Result<i64, Overflow> {
        let rate = self.exchange_rate.unwrap_or(Decimal::ONE);
        let value = Ratio::whole(i128::from(points.get()))
            .scaled(i128::from(self.worth.minor), i128::from(self.points.get().max(1)))?
            .scaled(10_i128.pow(currency.digits()), 10_i128.pow(self.worth.currency.digits()))?
            .scaled(rate.denominator(), rate.numerator().max(1))?;
        i64::try_from(value.floor()).map_err(|_| Overflow)
    }

    /// The points that an amount of the checkout's currency costs, rounded up.
    ///
    /// # Errors
    /// `Overflow` if the exact price does not fit.
    pub fn cost(&self, minor: i64, currency: Currency) -> Result<Points, Overflow> {
        let price = Ratio::whole(i128::from(minor))
            .scaled(10_i128.pow(self.worth.currency.digits()), 10_i128.pow(currency.digits()))?
            .times(self.exchange_rate.unwrap_or(Decimal::ONE))?
            .scaled(i128::from(self.points.get()), i128::from(self.worth.minor.max(1)))?;
        let up = i128::from(price.numerator().rem_euclid(price.denominator()) != 0);
        i64::try_from(price.floor() + up).map(Points::new).map_err(|_| Overflow)
    }
}

fn bad(pointer: &str, reason: impl Into<String>) -> NoHold {
    NoHold::BadAsk(Problem { pointer: pointer.to_owned(), reason: reason.into() })
}
