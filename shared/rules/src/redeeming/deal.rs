//! What a reward costs and gives to who asks for it now: fixed before anything is spent.

use crate::{
    coupon::Value,
    decimal::{Decimal, Ratio},
    ids::RewardId,
    money::{MAX_MINOR, Money},
    points::{Overflow, Points},
    program::Program,
    program_check::Problem,
    reward::{Cash, Codes, Discount, Gives, Reward},
};

/// What a member asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub reward_id: RewardId,
    /// For points as cash alone, which need it.
    pub points: Option<i64>,
    /// Of the order that it is for, if there is one already.
    pub order_total: Option<Money>,
}

/// What they would pay and get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    pub reward_id: RewardId,
    pub title: String,
    pub points: Points,
    /// Nothing for what a person at the shop does.
    pub coupon: Option<Terms>,
}

/// The coupon as it would be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub value: Value,
    pub min_order: Option<Money>,
    pub valid_days: u16,
    pub from_pool: bool,
}

/// Why there is no deal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDeal {
    #[error("{} {}", .0.pointer, .0.reason)]
    BadAsk(Problem),
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Program {
    /// The deal for what is asked, under these rules.
    ///
    /// # Errors
    /// `BadAsk` with a pointer to what cannot be asked for.
    pub fn deal(&self, ask: &Ask) -> Result<Deal, NoDeal> {
        let reward = self.reward(&ask.reward_id).filter(|reward| reward.on);
        let Some(reward) = reward else {
            return Err(bad("/reward_id", format!("`{}` is not a reward that can be redeemed", ask.reward_id)));
        };
        let total = match ask.order_total {
            Some(total) => Some(self.total_of_order(total)?),
            None => None,
        };
        if ask.points.is_some() && !matches!(reward.gives, Gives::Cash(_)) {
            return Err(bad("/points", "is for points as cash alone: other rewards have their price".to_owned()));
        }
        let deal = |points, coupon| Deal { reward_id: reward.id.clone(), title: reward.title.clone(), points, coupon };
        match &reward.gives {
            Gives::Manual => Ok(deal(reward.points, None)),
            Gives::Cash(cash) => {
                let (points, terms) = self.cash(reward, cash, ask.points, total)?;
                Ok(deal(points, Some(terms)))
            }
            Gives::Coupon { discount, codes, valid_days, min_order } => {
                let min_order = min_order.and_then(|amount| self.money(amount));
                check_min_order(min_order, total)?;
                let from_pool = *codes == Codes::Pool;
                let value = self.value(discount)?;
                Ok(deal(reward.points, Some(Terms { value, min_order, valid_days: *valid_days, from_pool })))
            }
        }
    }

    /// Minor units of the program's currency, rounded down; nothing where the currency has no rate.
    ///
    /// # Errors
    /// `Overflow` if the amount does not fit.
    pub fn in_own_currency(&self, money: Money) -> Result<Option<i64>, Overflow> {
        if money.currency == self.currency {
            return Ok(Some(money.minor));
        }
        let Some(rate) = self.earning.exchange_rates.get(&money.currency) else { return Ok(None) };
        let major = Ratio::whole(i128::from(money.minor)).scaled(1, 10_i128.pow(money.currency.digits()))?;
        let minor = major.times(*rate)?.scaled(10_i128.pow(self.currency.digits()), 1)?.floor();
        i64::try_from(minor).map(Some).map_err(|_| Overflow)
    }

    fn total_of_order(&self, total: Money) -> Result<i64, NoDeal> {
        let reason = format!("{} has no exchange rate in the program", total.currency);
        self.in_own_currency(total)?.ok_or_else(|| bad("/order_total/currency", reason))
    }

    /// An amount of the document; one that a checked program has always fits.
    fn money(&self, amount: Decimal) -> Option<Money> {
        let minor = amount.in_minor_units(self.currency.digits())?;
        Some(Money { minor, currency: self.currency })
    }

    fn value(&self, discount: &Discount) -> Result<Value, Overflow> {
        Ok(match discount {
            Discount::AmountOff { amount } => Value::AmountOff { amount: self.money(*amount).ok_or(Overflow)? },
            Discount::PercentOff { percent } => Value::PercentOff { percent: *percent },
            Discount::FreeShipping { up_to } => {
                Value::FreeShipping { up_to: up_to.and_then(|amount| self.money(amount)) }
            }
            Discount::FreeProduct { product_id } => Value::FreeProduct { product_id: product_id.clone() },
        })
    }

    /// The value is rounded down to minor units, and costs no more points than that value does.
    fn cash(
        &self,
        reward: &Reward,
        cash: &Cash,
        asked: Option<i64>,
        total: Option<i64>,
    ) -> Result<(Points, Terms), NoDeal> {
        let asked = asked.ok_or_else(|| bad("/points", "is needed: how many are to become money".to_owned()))?;
        if asked < cash.min_points.get() {
            return Err(bad("/points", format!("must be at least {}", cash.min_points)));
        }
        let (price, worth) = (i128::from(reward.points.get()), self.money(cash.amount).ok_or(Overflow)?);
        let minor = Ratio::whole(i128::from(asked)).scaled(i128::from(worth.minor), price.max(1))?.floor();
        if minor < 1 {
            return Err(bad("/points", format!("are worth less than the smallest amount of {}", self.currency)));
        }
        if let Some(total) = total {
            let most = Ratio::whole(i128::from(total)).times(cash.max_percent_of_order)?.scaled(1, 100)?.floor();
            self.check_limit(minor, most, cash, worth.minor, price)?;
        }
        let points = ceiling(minor.checked_mul(price).ok_or(Overflow)?, i128::from(worth.minor));
        let (numerator, denominator) = (cash.max_percent_of_order.numerator(), cash.max_percent_of_order.denominator());
        let hundredfold = minor.checked_mul(100).and_then(|minor| minor.checked_mul(denominator)).ok_or(Overflow)?;
        let money = |minor: i128| match i64::try_from(minor) {
            Ok(minor) if minor <= MAX_MINOR => Ok(Money { minor, currency: self.currency }),
            _ => Err(bad("/points", "are worth more than any order may be".to_owned())),
        };
        let terms = Terms {
            value: Value::AmountOff { amount: money(minor)? },
            // so that an order of which nobody knew the total keeps the limit too
            min_order: Some(money(ceiling(hundredfold, numerator.max(1)))?),
            valid_days: cash.valid_days,
            from_pool: false,
        };
        Ok((Points::new(i64::try_from(points).map_err(|_| Overflow)?), terms))
    }

    fn check_limit(&self, minor: i128, most: i128, cash: &Cash, worth: i64, price: i128) -> Result<(), NoDeal> {
        if minor <= most {
            return Ok(());
        }
        let points = ceiling(most.checked_mul(price).ok_or(Overflow)?, i128::from(worth.max(1)));
        let shown = self.currency.format_minor(i64::try_from(most).map_err(|_| Overflow)?);
        let share = cash.max_percent_of_order;
        let reason = format!("at most {share} % of the order, {shown} {}: {points} points", self.currency);
        Err(bad("/points", reason))
    }
}

fn check_min_order(min_order: Option<Money>, total: Option<i64>) -> Result<(), NoDeal> {
    match min_order.filter(|least| total.is_some_and(|total| total < least.minor)) {
        Some(least) => Err(bad("/order_total", format!("the reward is for orders of at least {least}"))),
        None => Ok(()),
    }
}

/// Rounded up; neither is negative, and `down` is not zero.
pub(crate) fn ceiling(up: i128, down: i128) -> i128 {
    up.div_euclid(down) + i128::from(up.rem_euclid(down) != 0)
}

fn bad(pointer: &str, reason: String) -> NoDeal {
    NoDeal::BadAsk(Problem { pointer: pointer.to_owned(), reason })
}
