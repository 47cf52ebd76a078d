//! Money.

use rules::money::Money;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct MoneyShape {
    /// In the digits of its currency
    #[schema(example = "40.98")]
    amount: String,
    /// ISO 4217
    #[schema(example = "USD")]
    currency: String,
}

impl From<Money> for MoneyShape {
    fn from(money: Money) -> MoneyShape {
        MoneyShape { amount: money.currency.format_minor(money.minor), currency: money.currency.code().to_owned() }
    }
}
