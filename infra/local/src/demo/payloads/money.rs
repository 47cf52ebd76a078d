//! Amounts as Shopify writes them; both currencies have hundredths.

use serde_json::{Value, json};

/// `12.34`
pub(super) fn amount(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// The amount in the shop's currency, which is the buyer's too.
pub(super) fn bag(minor: i64, currency: &str) -> Value {
    let money = json!({ "amount": amount(minor), "currency_code": currency });
    json!({ "shop_money": money, "presentment_money": money })
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_have_two_digits() {
        assert_eq!([amount(0), amount(5), amount(1_999), amount(-1_000)], ["0.00", "0.05", "19.99", "-10.00"]);
    }
}
