//! In which language a page speaks.

use http::{HeaderMap, header};
use mail::locale::Locale;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    De,
    En,
    Es,
    Fr,
    Ja,
    Zh,
}

/// A browser's list has few entries; what comes after is not read.
const MAX_ACCEPTED: usize = 20;

impl Language {
    #[cfg(test)]
    pub(super) const ALL: [Language; 6] =
        [Language::De, Language::En, Language::Es, Language::Fr, Language::Ja, Language::Zh];

    /// As `lang` has it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Language::De => "de",
            Language::En => "en",
            Language::Es => "es",
            Language::Fr => "fr",
            Language::Ja => "ja",
            Language::Zh => "zh",
        }
    }

    /// By whose rules numbers are written.
    pub(super) fn locale(self) -> Locale {
        match self {
            Language::De => Locale::De,
            Language::En => Locale::En,
            Language::Es => Locale::Es,
            Language::Fr => Locale::Fr,
            Language::Ja => Locale::Ja,
            Language::Zh => Locale::Zh,
        }
    }

    /// That of a language tag such as `de-AT`, if we speak it.
    fn of(tag: &str) -> Option<Language> {
        let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match language.as_str() {
            "de" => Some(Language::De),
            "en" => Some(Language::En),
            "es" => Some(Language::Es),
            "fr" => Some(Language::Fr),
            "ja" => Some(Language::Ja),
            "zh" => Some(Language::Zh),
            _ => None,
        }
    }

    /// The member's own; else the first that their browser asks for and we speak; else English.
    pub(super) fn of_visitor(locale: Option<&str>, headers: &HeaderMap) -> Language {
        locale.and_then(Language::of).or_else(|| accepted(headers)).unwrap_or(Language::En)
    }
}

/// RFC 9110, 12.5.4: the one with the highest weight, of equal ones the first.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let list = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let weighed = list.split(',').take(MAX_ACCEPTED).filter_map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let language = Language::of(parts.next()?)?;
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

    fn spoken(locale: Option<&str>, accepted: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
        Language::of_visitor(locale, &headers)
    }

    #[test]
    fn the_member_s_own_language_goes_before_their_browser_s() {
        assert_eq!(spoken(Some("de-AT"), "fr"), Language::De);
        assert_eq!(spoken(Some("zh-Hant-HK"), "fr"), Language::Zh);
        assert_eq!(spoken(Some("pt-BR"), "fr"), Language::Fr);
        assert_eq!(spoken(None, "pt-BR, ja;q=0.5, es;q=0.8, *;q=0.1"), Language::Es);
        assert_eq!(spoken(None, "de, fr"), Language::De);
        assert_eq!(spoken(None, "de;q=0, fr;q=0.001"), Language::Fr);
        for nothing in ["", "pt", ";;,;q=", "*"] {
            assert_eq!(spoken(None, nothing), Language::En, "{nothing}");
        }
    }
}
