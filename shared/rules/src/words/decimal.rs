//! Decimal strings of the program (`"1.25"`) as exact rationals.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::points::Overflow;

/// The most digits after the point that a rate, multiplier or threshold may have.
pub const MAX_SCALE: u32 = 6;
/// The most digits before the point.
pub const MAX_WHOLE_DIGITS: usize = 12;

/// A decimal number that is not negative, kept exactly as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a decimal number such as `1.25` (at most {MAX_WHOLE_DIGITS} digits, then at most {MAX_SCALE})")]
pub struct NotADecimal(String);

impl Decimal {
    pub const ZERO: Decimal = Decimal { mantissa: 0, scale: 0 };
    pub const ONE: Decimal = Decimal { mantissa: 1, scale: 0 };

    pub const fn numerator(self) -> i128 {
        self.mantissa
    }

    /// Ten to the number of digits after the point.
    pub const fn denominator(self) -> i128 {
        10_i128.pow(self.scale)
    }

    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The number times ten to the power of `digits`, if that is whole.
    pub fn in_minor_units(self, digits: u32) -> Option<i64> {
        let scaled = self.mantissa.checked_mul(10_i128.checked_pow(digits)?)?;
        if scaled % self.denominator() != 0 {
            return None;
        }
        i64::try_from(scaled / self.denominator()).ok()
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || NotADecimal(text.chars().take(40).collect());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let point_without_digits = text.ends_with('.');
        if whole.is_empty() || whole.len() > MAX_WHOLE_DIGITS || point_without_digits {
            return Err(refuse());
        }
        let scale = u32::try_from(fraction.len()).map_err(|_| refuse())?;
        if scale > MAX_SCALE || !digits_only(whole) || !digits_only(fraction) {
            return Err(refuse());
        }
        let mantissa = format!("{whole}{fraction}").parse().map_err(|_| refuse())?;
        Ok(Decimal { mantissa, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.scale as usize;
        let (whole, part) = (self.mantissa / self.denominator(), self.mantissa % self.denominator());
        if width == 0 { write!(f, "{whole}") } else { write!(f, "{whole}.{part:0width$}") }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A product of whole numbers and decimals, exact until it is rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    pub const fn whole(number: i128) -> Ratio {
        Ratio { numerator: number, denominator: 1 }
    }

    /// # Errors
    /// `Overflow` if the product does not fit 128 bits.
    pub fn times(self, decimal: Decimal) -> Result<Ratio, Overflow> {
        self.scaled(decimal.numerator(), decimal.denominator())
    }

    /// The ratio times `up / down`, `down` being positive.
    ///
    /// # Errors
    /// `Overflow` if the product does not fit 128 bits.
    pub fn scaled(self, up: i128, down: i128) -> Result<Ratio, Overflow> {
        let common = gcd(up, down).max(1);
        let (up, down) = (up / common, down / common);
        Ok(Ratio {
            numerator: self.numerator.checked_mul(up).ok_or(Overflow)?,
            denominator: self.denominator.checked_mul(down).ok_or(Overflow)?,
        })
    }

    pub const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The ratio cut after two digits, as text: for people, not for counting.
    pub fn to_text(self) -> String {
        hundredths_text(self.numerator.saturating_mul(100).div_euclid(self.denominator))
    }

    /// The same, rounded to the nearest hundredth.
    pub fn to_rounded_text(self) -> String {
        let doubled = self.numerator.saturating_mul(200).saturating_add(self.denominator);
        hundredths_text(doubled.div_euclid(self.denominator.saturating_mul(2)))
    }
}

fn hundredths_text(hundredths: i128) -> String {
    format!("{}.{:02}", hundredths.div_euclid(100), hundredths.rem_euclid(100))
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_kept_as_it_was_written() {
        for text in ["0", "1.25", "200.00", "0.000001", "999999999999"] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "1.0000001", "1234567890123", "١"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn minor_units_are_exact_or_refused() {
        assert_eq!("200.00".parse::<Decimal>().unwrap().in_minor_units(2), Some(20_000));
        assert_eq!("200".parse::<Decimal>().unwrap().in_minor_units(0), Some(200));
        assert_eq!("200.005".parse::<Decimal>().unwrap().in_minor_units(2), None);
    }
}
