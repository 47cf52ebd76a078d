//! Rewards: what points buy. In the document a reward is one flat object; here each kind has what it
//! needs and nothing else.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    ids::{ProductId, RewardId},
    points::Points,
};

/// One reward of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RewardText", into = "RewardText")]
pub struct Reward {
    pub id: RewardId,
    /// As members are shown it.
    pub title: String,
    /// What it costs; for points as cash, what `amount` costs.
    pub points: Points,
    /// Whether it can be redeemed now.
    pub on: bool,
    pub gives: Gives,
}

/// What a redemption gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    Coupon {
        discount: Discount,
        codes: Codes,
        valid_days: u16,
        /// The least that an order must be worth, in the program's currency.
        min_order: Option<Decimal>,
    },
    /// A coupon over an amount that the member chooses. Its codes are always generated: a code that
    /// the merchant made beforehand has an amount already.
    Cash(Cash),
    /// Something that a person at the shop does.
    Manual,
}

/// What a coupon takes off an order; amounts are in the program's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discount {
    AmountOff { amount: Decimal },
    PercentOff { percent: Decimal },
    FreeShipping { up_to: Option<Decimal> },
    FreeProduct { product_id: Option<ProductId> },
}

/// Points as money: the reward's `points` are worth `amount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cash {
    pub amount: Decimal,
    pub min_points: Points,
    pub max_percent_of_order: Decimal,
    pub valid_days: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codes {
    /// Made by us; the shop asks whether one is valid.
    Generated,
    /// Uploaded by the merchant, whose shop honours its own codes alone.
    Pool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardKind {
    AmountOff,
    PercentOff,
    FreeShipping,
    FreeProduct,
    PointsAsCash,
    Manual,
}

impl Reward {
    pub fn kind(&self) -> RewardKind {
        match &self.gives {
            Gives::Coupon { discount: Discount::AmountOff { .. }, .. } => RewardKind::AmountOff,
            Gives::Coupon { discount: Discount::PercentOff { .. }, .. } => RewardKind::PercentOff,
            Gives::Coupon { discount: Discount::FreeShipping { .. }, .. } => RewardKind::FreeShipping,
            Gives::Coupon { discount: Discount::FreeProduct { .. }, .. } => RewardKind::FreeProduct,
            Gives::Cash(_) => RewardKind::PointsAsCash,
            Gives::Manual => RewardKind::Manual,
        }
    }

    /// Whether its coupons are those that the merchant uploaded.
    pub fn takes_codes_from_pool(&self) -> bool {
        matches!(self.gives, Gives::Coupon { codes: Codes::Pool, .. })
    }
}

impl RewardKind {
    pub fn as_str(self) -> &'static str {
        match self {
            RewardKind::AmountOff => "amount_off",
            RewardKind::PercentOff => "percent_off",
            RewardKind::FreeShipping => "free_shipping",
            RewardKind::FreeProduct => "free_product",
            RewardKind::PointsAsCash => "points_as_cash",
            RewardKind::Manual => "manual",
        }
    }
}

/// A reward as it stands in the document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RewardText {
    id: RewardId,
    title: String,
    kind: RewardKind,
    points: Points,
    #[serde(default = "is_on")]
    on: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    codes: Option<Codes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_days: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_order: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    percent: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    up_to: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_id: Option<ProductId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_points: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_percent_of_order: Option<Decimal>,
}

fn is_on() -> bool {
    true
}

/// A field that the kind needs, or has no use for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAReward {
    #[error("`{field}` is missing for the kind `{kind}`")]
    Missing { field: &'static str, kind: &'static str },
    #[error("`{field}` is not a field of the kind `{kind}`")]
    Unused { field: &'static str, kind: &'static str },
}

impl TryFrom<RewardText> for Reward {
    type Error = NotAReward;

    fn try_from(mut text: RewardText) -> Result<Reward, NotAReward> {
        let gives = match text.kind {
            RewardKind::AmountOff => {
                let amount = text.needed("amount", |text| text.amount.take())?;
                text.coupon(Discount::AmountOff { amount })?
            }
            RewardKind::PercentOff => {
                let percent = text.needed("percent", |text| text.percent.take())?;
                text.coupon(Discount::PercentOff { percent })?
            }
            RewardKind::FreeShipping => {
                let up_to = text.up_to.take();
                text.coupon(Discount::FreeShipping { up_to })?
            }
            RewardKind::FreeProduct => {
                let product_id = text.product_id.take();
                text.coupon(Discount::FreeProduct { product_id })?
            }
            RewardKind::PointsAsCash => Gives::Cash(text.cash()?),
            RewardKind::Manual => Gives::Manual,
        };
        text.has_nothing_left()?;
        Ok(Reward { id: text.id, title: text.title, points: text.points, on: text.on, gives })
    }
}

impl RewardText {
    fn coupon(&mut self, discount: Discount) -> Result<Gives, NotAReward> {
        Ok(Gives::Coupon {
            discount,
            codes: self.codes.take().unwrap_or(Codes::Generated),
            valid_days: self.needed("valid_days", |text| text.valid_days.take())?,
            min_order: self.min_order.take(),
        })
    }

    fn cash(&mut self) -> Result<Cash, NotAReward> {
        self.codes = self.codes.filter(|codes| *codes == Codes::Pool);
        Ok(Cash {
            amount: self.needed("amount", |text| text.amount.take())?,
            min_points: self.needed("min_points", |text| text.min_points.take())?,
            max_percent_of_order: self.needed("max_percent_of_order", |text| text.max_percent_of_order.take())?,
            valid_days: self.needed("valid_days", |text| text.valid_days.take())?,
        })
    }

    fn needed<T>(
        &mut self,
        field: &'static str,
        take: impl FnOnce(&mut RewardText) -> Option<T>,
    ) -> Result<T, NotAReward> {
        take(self).ok_or(NotAReward::Missing { field, kind: self.kind.as_str() })
    }

    /// Every field of another kind was left out.
    fn has_nothing_left(&self) -> Result<(), NotAReward> {
        let left = [
            ("codes", self.codes.is_some()),
            ("valid_days", self.valid_days.is_some()),
            ("min_order", self.min_order.is_some()),
            ("amount", self.amount.is_some()),
            ("percent", self.percent.is_some()),
            ("up_to", self.up_to.is_some()),
            ("product_id", self.product_id.is_some()),
            ("min_points", self.min_points.is_some()),
            ("max_percent_of_order", self.max_percent_of_order.is_some()),
        ];
        let unused = left.into_iter().find(|(_, is_there)| *is_there);
        unused.map_or(Ok(()), |(field, _)| Err(NotAReward::Unused { field, kind: self.kind.as_str() }))
    }
}

impl From<Reward> for RewardText {
    fn from(reward: Reward) -> RewardText {
        let kind = reward.kind();
        let mut text = RewardText {
            id: reward.id,
            title: reward.title,
            kind,
            points: reward.points,
            on: reward.on,
            codes: None,
            valid_days: None,
            min_order: None,
            amount: None,
            percent: None,
            up_to: None,
            product_id: None,
            min_points: None,
            max_percent_of_order: None,
        };
        match reward.gives {
            Gives::Coupon { discount, codes, valid_days, min_order } => {
                (text.codes, text.valid_days, text.min_order) = (Some(codes), Some(valid_days), min_order);
                match discount {
                    Discount::AmountOff { amount } => text.amount = Some(amount),
                    Discount::PercentOff { percent } => text.percent = Some(percent),
                    Discount::FreeShipping { up_to } => text.up_to = up_to,
                    Discount::FreeProduct { product_id } => text.product_id = product_id,
                }
            }
            Gives::Cash(cash) => {
                (text.codes, text.valid_days) = (Some(Codes::Generated), Some(cash.valid_days));
                (text.amount, text.min_points) = (Some(cash.amount), Some(cash.min_points));
                text.max_percent_of_order = Some(cash.max_percent_of_order);
            }
            Gives::Manual => {}
        }
        text
    }
}
