//! Amounts as Shopify writes them; both currencies have hundredths.

use serde_json::{Value, json};

/// `12.34`
pub(in crate::demo) fn amount(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

/// The amount in the shop's currency, which is the buyer's too.
pub(super) fn bag(minor: i64, currency: &str) -> Value {
    let money = json!({ "amount": amount(minor), "currency_code": currency });
    json!({ "shop_money": money, "presentment_money": money })
}

/// The amount that `12.34` is.
pub(in crate::demo) fn minor(amount: &Value) -> Option<i64> {
    let (whole, hundredths) = amount.as_str()?.split_once('.')?;
    Some(whole.parse::<i64>().ok()? * 100 + hundredths.parse::<i64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_digits() {
        assert_eq!([amount(0), amount(5), amount(1_999), amount(-1_000)], ["0.00", "0.05", "19.99", "-10.00"]);
    }

    #[test]
    fn an_amount_is_read_as_it_is_written() {
        assert_eq!(minor(&json!("19.99")), Some(1_999));
        assert_eq!(minor(&json!("0.05")), Some(5));
    }
}
