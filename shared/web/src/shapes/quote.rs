//! A cart, and what it would earn.

use app::quote_cart::Quoted;
use rules::{
    facts::{Line, LineKind, MAX_PARTS},
    ids::{LineId, ProductId},
    money::{Currency, MAX_MINOR, Money},
    most_cash::MostCash,
    quote::Cart,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    problem::{FieldError, Problem},
    shapes::{
        member::{NextTierShape, next_tier},
        money::MoneyShape,
    },
};

const MAX_QUANTITY: u32 = 1_000_000;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartShape {
    /// Without one, as for somebody who has not bought yet
    pub(crate) member_id: Option<String>,
    /// ISO 4217; of all its money
    #[schema(value_type = String, example = "USD")]
    currency: Currency,
    /// At most 500
    lines: Vec<CartLineShape>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartLineShape {
    #[schema(value_type = Option<String>)]
    product_id: Option<ProductId>,
    /// `product`, unless it is a `gift_card` or a `tip`, which earn nothing
    #[schema(value_type = Option<String>)]
    kind: Option<LineKind>,
    /// 1 to 1000000
    quantity: u32,
    /// Of one unit
    #[schema(value_type = MoneyShape)]
    price: Money,
    /// Of the whole line
    #[schema(value_type = Option<MoneyShape>)]
    discount: Option<Money>,
    /// The tax in what is left of the price after the discount, of the whole line
    #[schema(value_type = Option<MoneyShape>)]
    tax_included: Option<Money>,
}

#[derive(Serialize, ToSchema)]
pub struct QuoteShape {
    points: i64,
    /// In the sentences that explain an order
    why: Vec<String>,
    /// What of the member's points could pay for it; none for who cannot spend
    max_points_as_cash: Option<CashShape>,
    /// How far the next tier is once it is paid; none at the highest
    next_tier_missing: Option<NextTierShape>,
}

#[derive(Serialize, ToSchema)]
pub struct CashShape {
    points: i64,
    value: MoneyShape,
}

impl CartShape {
    pub(crate) fn parse(self) -> Result<Cart, Problem> {
        if self.lines.len() > MAX_PARTS {
            return Err(Problem::field("/lines", format!("must be at most {MAX_PARTS}")));
        }
        let mut errors = Vec::new();
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.into_iter().enumerate() {
            lines.extend(line.parse(index, self.currency, &mut errors));
        }
        if errors.is_empty() { Ok(Cart { currency: self.currency, lines }) } else { Err(Problem::fields(errors)) }
    }
}

impl CartLineShape {
    fn parse(self, index: usize, currency: Currency, errors: &mut Vec<FieldError>) -> Option<Line> {
        let mut add = |field: &str, reason: String| {
            errors.push(FieldError { pointer: format!("/lines/{index}/{field}"), reason });
        };
        if !(1..=MAX_QUANTITY).contains(&self.quantity) {
            add("quantity", format!("must be 1 to {MAX_QUANTITY}"));
        }
        let money = [("price", Some(self.price)), ("discount", self.discount), ("tax_included", self.tax_included)];
        for (field, money) in money {
            if money.is_some_and(|money| money.currency != currency) {
                add(field, format!("is not in {currency}, the currency of the cart"));
            }
        }
        if self.price.minor.saturating_mul(i64::from(self.quantity)) > MAX_MINOR {
            add("price", "makes the line worth more than any order may be".to_owned());
        }
        Some(Line {
            id: LineId::parse(&(index + 1).to_string()).ok()?,
            product_id: self.product_id,
            kind: self.kind.unwrap_or_default(),
            quantity: self.quantity,
            current_quantity: None,
            price: self.price.minor,
            discount: self.discount.map_or(0, |money| money.minor),
            tax_included: self.tax_included.map_or(0, |money| money.minor),
        })
    }
}

impl From<Quoted> for QuoteShape {
    fn from(quoted: Quoted) -> QuoteShape {
        let Quoted { quote, currency, basis } = quoted;
        QuoteShape {
            points: quote.points.get(),
            why: quote.why,
            max_points_as_cash: quote.most_cash.map(CashShape::from),
            next_tier_missing: quote.next_tier.map(|progress| next_tier(progress, basis, currency)),
        }
    }
}

impl From<MostCash> for CashShape {
    fn from(most: MostCash) -> CashShape {
        CashShape { points: most.points.get(), value: most.value.into() }
    }
}
