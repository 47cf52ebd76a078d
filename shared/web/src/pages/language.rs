//! In which language a page speaks.

use http::{HeaderMap, header};
use mail::locale::Locale;

/// A browser's list has few entries; what comes after is not read.
const MAX_ACCEPTED: usize = 20;

/// The member's own; else the first that their browser asks for and we speak; else the shop's.
pub(super) fn of_visitor(own: Option<&str>, shop: Option<&str>, headers: &HeaderMap) -> Locale {
    own.and_then(Locale::of).or_else(|| accepted(headers)).unwrap_or_else(|| Locale::negotiate(None, shop))
}

/// RFC 9110, 12.5.4: the one with the highest weight, of equal ones the first.
fn accepted(headers: &HeaderMap) -> Option<Locale> {
    let list = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let weighed = list.split(',').take(MAX_ACCEPTED).filter_map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let language = Locale::of(parts.next()?)?;
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
        Some((weight, language)).filter(|(weight, _)| *weight > 0)
    });
    let best = weighed.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, language)| language)
}

/// `0.8` is 800; what is no weight is none.
fn thousandths(weight: &str) -> u32 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    let (Ok(whole), Ok(part)) = (whole.parse::<u32>(), digits.parse::<u32>()) else { return 0 };
    whole.min(1) * 1000 + part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(locale: Option<&str>, accepted: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
        of_visitor(locale, Some("fr-CA"), &headers)
    }

    #[test]
    fn the_member_s_own_language_goes_before_their_browser_s_and_that_before_the_shop_s() {
        assert_eq!(spoken(Some("de-AT"), "fr"), Locale::De);
        assert_eq!(spoken(Some("zh-Hant-HK"), "fr"), Locale::Zh);
        assert_eq!(spoken(Some("pt-BR"), "fr"), Locale::Fr);
        assert_eq!(spoken(None, "pt-BR, ja;q=0.5, es;q=0.8, *;q=0.1"), Locale::Es);
        assert_eq!(spoken(None, "de, fr"), Locale::De);
        assert_eq!(spoken(None, "de;q=0, fr;q=0.001"), Locale::Fr);
        for nothing in ["", "pt", ";;,;q=", "*"] {
            assert_eq!(spoken(None, nothing), Locale::Fr, "{nothing}: the shop's");
        }
        assert_eq!(of_visitor(None, Some("pt"), &HeaderMap::new()), Locale::En);
    }
}
