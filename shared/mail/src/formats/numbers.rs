//! Whole numbers and decimals, and which form of a noun goes with them.

use crate::locale::Locale;

pub(super) const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';

/// `12,345` with the separators of the language.
pub fn whole(locale: Locale, number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(locale, &number.unsigned_abs().to_string()))
}

/// A decimal that is written with a point, e.g. `12345.50`.
pub(crate) fn decimal(locale: Locale, text: &str) -> String {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole = grouped(locale, whole);
    if fraction.is_empty() {
        return format!("{sign}{whole}");
    }
    let point = if comma(locale) { ',' } else { '.' };
    format!("{sign}{whole}{point}{fraction}")
}

/// `12.5%`; with a space where the language puts one.
pub(crate) fn percent(locale: Locale, text: &str) -> String {
    let number = decimal(locale, text);
    match locale {
        Locale::En | Locale::Ja | Locale::Zh => format!("{number}%"),
        Locale::De | Locale::Es => format!("{number}{NO_BREAK}%"),
        Locale::Fr => format!("{number}{NARROW_NO_BREAK}%"),
    }
}

/// Whether the noun after that number is in the singular: none of the six has a third form for whole
/// numbers below a million.
pub fn is_one(locale: Locale, number: i64) -> bool {
    match locale {
        Locale::En | Locale::De | Locale::Es => number == 1,
        Locale::Fr => matches!(number, 0 | 1),
        Locale::Ja | Locale::Zh => false,
    }
}

fn comma(locale: Locale) -> bool {
    matches!(locale, Locale::De | Locale::Fr | Locale::Es)
}

fn grouped(locale: Locale, digits: &str) -> String {
    let separator = match locale {
        Locale::En | Locale::Ja | Locale::Zh => ',',
        Locale::De | Locale::Es => '.',
        Locale::Fr => NARROW_NO_BREAK,
    };
    // Spanish does not group four digits
    let least = if locale == Locale::Es { 5 } else { 4 };
    if digits.len() < least {
        return digits.to_owned();
    }
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_all(write: impl Fn(Locale) -> String) -> [String; 6] {
        Locale::ALL.map(write)
    }

    #[test]
    fn thousands_are_grouped_as_each_language_does() {
        assert_eq!(
            in_all(|locale| whole(locale, 1_234_567)),
            ["1,234,567", "1.234.567", "1\u{202f}234\u{202f}567", "1.234.567", "1,234,567", "1,234,567"]
        );
        assert_eq!(
            in_all(|locale| whole(locale, -1234)),
            ["-1,234", "-1.234", "-1\u{202f}234", "-1234", "-1,234", "-1,234"]
        );
        assert_eq!(in_all(|locale| whole(locale, 102)), ["102"; 6].map(str::to_owned));
        assert_eq!(whole(Locale::En, i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn percents_have_their_own_spaces_and_points() {
        assert_eq!(
            in_all(|locale| percent(locale, "12.5")),
            ["12.5%", "12,5\u{a0}%", "12,5\u{202f}%", "12,5\u{a0}%", "12.5%", "12.5%"]
        );
    }

    #[test]
    fn french_counts_nothing_in_the_singular() {
        assert_eq!(Locale::ALL.map(|locale| is_one(locale, 0)), [false, false, true, false, false, false]);
        assert_eq!(Locale::ALL.map(|locale| is_one(locale, 1)), [true, true, true, true, false, false]);
        assert_eq!(Locale::ALL.map(|locale| is_one(locale, 2)), [false; 6]);
    }
}
