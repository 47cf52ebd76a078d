//! A reward as a shop shows it.

use app::list_rewards::Offered;
use rules::{
    decimal::Decimal,
    money::{Currency, Money},
    reward::{Codes, Discount, Gives, RewardKind},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::money::MoneyShape;

#[derive(Serialize, ToSchema)]
pub struct RewardShape {
    id: String,
    title: String,
    /// `amount_off`, `percent_off`, `free_shipping`, `free_product`, `points_as_cash` or `manual`
    #[schema(value_type = String, example = "amount_off")]
    kind: RewardKind,
    /// What it costs; for `points_as_cash`, what `amount` costs
    points: i64,
    /// `generated`, or `pool` for codes that the merchant uploaded; null for `manual`
    #[schema(value_type = Option<String>)]
    codes: Option<Codes>,
    /// Whether a `pool` has any; null where codes are generated
    codes_left: Option<bool>,
    valid_days: Option<u16>,
    min_order: Option<MoneyShape>,
    amount: Option<MoneyShape>,
    percent: Option<String>,
    up_to: Option<MoneyShape>,
    product_id: Option<String>,
    min_points: Option<i64>,
    max_percent_of_order: Option<String>,
}

impl From<Offered> for RewardShape {
    fn from(Offered { reward, currency, codes_left }: Offered) -> RewardShape {
        let mut shape = RewardShape {
            kind: reward.kind(),
            id: reward.id.into(),
            title: reward.title,
            points: reward.points.get(),
            codes: None,
            codes_left,
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
                (shape.codes, shape.valid_days) = (Some(codes), Some(valid_days));
                shape.min_order = min_order.and_then(|amount| money(amount, currency));
                match discount {
                    Discount::AmountOff { amount } => shape.amount = money(amount, currency),
                    Discount::PercentOff { percent } => shape.percent = Some(percent.to_string()),
                    Discount::FreeShipping { up_to } => shape.up_to = up_to.and_then(|amount| money(amount, currency)),
                    Discount::FreeProduct { product_id } => shape.product_id = product_id.map(String::from),
                }
            }
            Gives::Cash(cash) => {
                (shape.codes, shape.valid_days) = (Some(Codes::Generated), Some(cash.valid_days));
                (shape.amount, shape.min_points) = (money(cash.amount, currency), Some(cash.min_points.get()));
                shape.max_percent_of_order = Some(cash.max_percent_of_order.to_string());
            }
            Gives::Manual => {}
        }
        shape
    }
}

fn money(amount: Decimal, currency: Currency) -> Option<MoneyShape> {
    let minor = amount.in_minor_units(currency.digits())?;
    Some(Money { minor, currency }.into())
}
