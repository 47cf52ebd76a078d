//! Money: whole minor units of one ISO 4217 currency.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// No amount of one order may be larger than this many minor units.
pub const MAX_MINOR: i64 = 1_000_000_000_000;

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(iso_currency::Currency);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ISO 4217 currency code")]
pub struct UnknownCurrency(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMoney {
    #[error("`{0}` is not an amount such as `40.98`")]
    Malformed(String),
    #[error("`{0}` is negative")]
    Negative(String),
    #[error("`{text}` has more digits than {currency} has")]
    TooPrecise { text: String, currency: Currency },
    #[error("`{0}` is larger than any order may be")]
    TooLarge(String),
}

impl Currency {
    pub const USD: Currency = Currency(iso_currency::Currency::USD);

    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Digits after the point: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn digits(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// Reads an amount such as `40.98`; zeros past the currency's digits are allowed.
    ///
    /// # Errors
    /// Says whether it is malformed, negative, too precise or too large.
    pub fn parse_minor(self, text: &str) -> Result<i64, NotMoney> {
        let shown = || text.chars().take(40).collect::<String>();
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || text.ends_with('.') || !digits_only(whole) || !digits_only(fraction) {
            return Err(NotMoney::Malformed(shown()));
        }
        if text.starts_with('-') && unsigned.bytes().any(|b| matches!(b, b'1'..=b'9')) {
            return Err(NotMoney::Negative(shown()));
        }
        let digits = self.digits() as usize;
        let (kept, spare) = fraction.split_at(fraction.len().min(digits));
        if spare.bytes().any(|b| b != b'0') {
            return Err(NotMoney::TooPrecise { text: shown(), currency: self });
        }
        let minor: i64 = format!("{whole}{kept:0<digits$}").parse().map_err(|_| NotMoney::TooLarge(shown()))?;
        if minor > MAX_MINOR { Err(NotMoney::TooLarge(shown())) } else { Ok(minor) }
    }

    /// The amount as people write it: `40.98`, without the currency.
    pub fn format_minor(self, minor: i64) -> String {
        let width = self.digits() as usize;
        let unit = 10_u64.pow(self.digits());
        let sign = if minor < 0 { "-" } else { "" };
        let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        if width == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0width$}") }
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        iso_currency::Currency::from_code(code)
            .map(Currency)
            .ok_or_else(|| UnknownCurrency(code.chars().take(10).collect()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// An amount in minor units with its currency; in JSON `{"amount": "40.98", "currency": "USD"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.format_minor(self.minor), self.currency)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyText {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MoneyText { amount: self.currency.format_minor(self.minor), currency: self.currency }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(deserializer)?;
        let minor = text.currency.parse_minor(&text.amount).map_err(de::Error::custom)?;
        Ok(Money { minor, currency: text.currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn amounts_are_read_in_the_digits_of_their_currency() {
        assert_eq!(currency("USD").parse_minor("40.98"), Ok(4098));
        assert_eq!(currency("USD").parse_minor("40.9"), Ok(4090));
        assert_eq!(currency("USD").parse_minor("40"), Ok(4000));
        assert_eq!(currency("JPY").parse_minor("4098.00"), Ok(4098));
        assert_eq!(currency("KWD").parse_minor("4.098"), Ok(4098));
        assert_eq!(currency("USD").parse_minor("-0.00"), Ok(0));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        let usd = currency("USD");
        assert!(matches!(usd.parse_minor("-1.00"), Err(NotMoney::Negative(_))));
        assert!(matches!(usd.parse_minor("1.001"), Err(NotMoney::TooPrecise { .. })));
        assert!(matches!(usd.parse_minor("99999999999999999999"), Err(NotMoney::TooLarge(_))));
        for text in ["", ".", "1.", "1e5", "NaN", "--1", "1 0", "0x1"] {
            assert!(matches!(usd.parse_minor(text), Err(NotMoney::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn an_amount_is_written_as_it_was_read() {
        for (code, text) in [("USD", "40.98"), ("JPY", "4098"), ("KWD", "0.001")] {
            let currency = currency(code);
            assert_eq!(currency.format_minor(currency.parse_minor(text).unwrap()), text);
        }
    }
}
