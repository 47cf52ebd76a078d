//! Amounts with their currency.

use super::numbers::{NO_BREAK, decimal};
use crate::locale::Locale;

/// An amount such as `40.98` in the currency of that code.
pub(crate) fn money(locale: Locale, amount: &str, currency: &str) -> String {
    let number = decimal(locale, amount);
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number.as_str()), |rest| ("-", rest));
    if (locale, currency) == (Locale::Ja, "JPY") {
        return format!("{sign}{unsigned}円");
    }
    let symbol = symbol(locale, currency);
    match (locale, symbol) {
        (Locale::De | Locale::Fr | Locale::Es, symbol) => {
            format!("{sign}{unsigned}{NO_BREAK}{}", symbol.unwrap_or(currency))
        }
        (_, Some(symbol)) => format!("{sign}{symbol}{unsigned}"),
        (_, None) => format!("{sign}{currency}{NO_BREAK}{unsigned}"),
    }
}

/// The symbol that leaves no doubt to a reader of the language; else the code is written.
fn symbol(locale: Locale, currency: &str) -> Option<&'static str> {
    Some(match (currency, locale) {
        ("EUR", _) => "€",
        ("GBP", Locale::Fr) => "£GB",
        ("GBP", _) => "£",
        ("USD", Locale::Fr) => "$US",
        ("USD", Locale::Es | Locale::Zh) => "US$",
        ("USD", _) => "$",
        ("CNY", Locale::Zh) | ("JPY", Locale::En | Locale::De) => "¥",
        ("CNY", Locale::En) => "CN¥",
        ("JPY", Locale::Zh) => "JP¥",
        ("KRW", _) => "₩",
        ("INR", _) => "₹",
        ("CAD", Locale::Fr) => "$CA",
        ("CAD", Locale::En) => "CA$",
        ("AUD", Locale::Fr) => "$AU",
        ("AUD", Locale::En) => "A$",
        ("HKD", Locale::En | Locale::Zh) => "HK$",
        ("TWD", Locale::En | Locale::Zh) => "NT$",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_puts_the_currency_in_its_place() {
        assert_eq!(
            Locale::ALL.map(|locale| money(locale, "1240.98", "EUR")),
            ["€1,240.98", "1.240,98\u{a0}€", "1\u{202f}240,98\u{a0}€", "1240,98\u{a0}€", "€1,240.98", "€1,240.98"]
        );
        assert_eq!(
            Locale::ALL.map(|locale| money(locale, "40.98", "USD")),
            ["$40.98", "40,98\u{a0}$", "40,98\u{a0}$US", "40,98\u{a0}US$", "$40.98", "US$40.98"]
        );
        assert_eq!(
            Locale::ALL.map(|locale| money(locale, "4098", "JPY")),
            ["¥4,098", "4.098\u{a0}¥", "4\u{202f}098\u{a0}JPY", "4098\u{a0}JPY", "4,098円", "JP¥4,098"]
        );
        assert_eq!(
            Locale::ALL.map(|locale| money(locale, "-1.500", "KWD")),
            [
                "-KWD\u{a0}1.500",
                "-1,500\u{a0}KWD",
                "-1,500\u{a0}KWD",
                "-1,500\u{a0}KWD",
                "-KWD\u{a0}1.500",
                "-KWD\u{a0}1.500"
            ]
        );
    }
}
