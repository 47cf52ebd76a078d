//! Redemptions and coupons.

use jiff::Timestamp;
use rules::{
    coupon::{Claim, Coupon, Origin, Value},
    redemption::{Redemption, RedemptionState},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{entry::OrderShape, money::MoneyShape};

#[derive(Serialize, ToSchema)]
pub struct RedemptionShape {
    #[schema(example = "red_01900000000070008000000000000000")]
    pub id: String,
    reward_id: String,
    points: i64,
    #[schema(value_type = String, format = "date-time")]
    redeemed_at: Timestamp,
    coupon: Option<CouponShape>,
    /// That of its coupon or, without one, `requested`, `fulfilled` or `cancelled`
    #[schema(value_type = String, example = "issued")]
    state: RedemptionState,
    program_version: u64,
}

#[derive(Serialize, ToSchema)]
pub struct CouponShape {
    code: String,
    /// `reward` or `referral`
    #[schema(value_type = String, example = "reward")]
    origin: Origin,
    /// `issued`, `used`, `expired` or `cancelled`
    #[schema(value_type = String, example = "issued")]
    state: RedemptionState,
    value: ValueShape,
    min_order: Option<MoneyShape>,
    #[schema(value_type = String, format = "date-time")]
    expires_at: Timestamp,
    used_at: Option<String>,
    /// The paid order that names it; where there are several, the one that was paid first
    used_by: Option<OrderShape>,
    /// Other paid orders that name it
    also_named_by: Vec<OrderShape>,
}

/// What it takes off an order
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ValueShape {
    AmountOff { amount: String, currency: String },
    PercentOff { percent: String },
    FreeShipping { up_to: Option<MoneyShape> },
    FreeProduct { product_id: Option<String> },
}

impl RedemptionShape {
    /// As it stands at that moment; nothing for what was not bought.
    pub fn at(redemption: &Redemption, now: Timestamp) -> Option<RedemptionShape> {
        let bought = redemption.bought.as_ref()?;
        Some(RedemptionShape {
            id: redemption.id.to_string(),
            reward_id: bought.reward_id.to_string(),
            points: bought.points.get(),
            redeemed_at: redemption.redeemed_at,
            coupon: CouponShape::at(redemption, now),
            state: redemption.state(now),
            program_version: redemption.program_version,
        })
    }
}

impl CouponShape {
    /// The coupon of a redemption as it stands at that moment, if it has one.
    pub fn at(redemption: &Redemption, now: Timestamp) -> Option<CouponShape> {
        let coupon: &Coupon = redemption.coupon.as_ref()?;
        let order = |claim: &Claim| OrderShape::from(claim.order.clone());
        Some(CouponShape {
            code: coupon.code.to_string(),
            origin: coupon.origin,
            state: redemption.state(now),
            value: coupon.value.clone().into(),
            min_order: coupon.min_order.map(MoneyShape::from),
            expires_at: coupon.expires_at,
            used_at: coupon.used_by().and_then(|claim| claim.paid_at).map(|at| at.to_string()),
            used_by: coupon.used_by().map(order),
            also_named_by: coupon.also_named_by().map(order).collect(),
        })
    }
}

impl From<Value> for ValueShape {
    fn from(value: Value) -> ValueShape {
        match value {
            Value::AmountOff { amount } => ValueShape::AmountOff {
                amount: amount.currency.format_minor(amount.minor),
                currency: amount.currency.code().to_owned(),
            },
            Value::PercentOff { percent } => ValueShape::PercentOff { percent: percent.to_string() },
            Value::FreeShipping { up_to } => ValueShape::FreeShipping { up_to: up_to.map(MoneyShape::from) },
            Value::FreeProduct { product_id } => {
                ValueShape::FreeProduct { product_id: product_id.map(|id| id.to_string()) }
            }
        }
    }
}
