//! The languages that mails are written in.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    En,
    De,
    Fr,
    Es,
    Ja,
    Zh,
}

impl Locale {
    pub const ALL: [Locale; 6] = [Locale::En, Locale::De, Locale::Fr, Locale::Es, Locale::Ja, Locale::Zh];

    /// The language of a BCP 47 tag, whatever its script and region; `_` counts as `-`. Nothing for
    /// a language that no mail is written in.
    pub fn of(tag: &str) -> Option<Locale> {
        let language = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match language.as_str() {
            "en" => Some(Locale::En),
            "de" => Some(Locale::De),
            "fr" => Some(Locale::Fr),
            "es" => Some(Locale::Es),
            "ja" => Some(Locale::Ja),
            // Mandarin has a code of its own, which some systems write
            "zh" | "cmn" => Some(Locale::Zh),
            _ => None,
        }
    }

    /// The reader's language, else the shop's, else English.
    pub fn negotiate(reader: Option<&str>, shop: Option<&str>) -> Locale {
        reader.and_then(Locale::of).or_else(|| shop.and_then(Locale::of)).unwrap_or_default()
    }

    /// Whether something with that tag can be given to a reader of this language; what has none can.
    pub fn reads(self, tag: Option<&str>) -> bool {
        tag.is_none_or(|tag| Locale::of(tag) == Some(self))
    }

    /// As in the attribute `lang`, and as its templates' folder is called.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::De => "de",
            Locale::Fr => "fr",
            Locale::Es => "es",
            Locale::Ja => "ja",
            Locale::Zh => "zh",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_whatever_its_script_region_and_case() {
        for (tag, locale) in [
            ("zh-Hant-TW", Locale::Zh),
            ("zh", Locale::Zh),
            ("cmn-Hans-CN", Locale::Zh),
            ("de_AT", Locale::De),
            ("DE", Locale::De),
            ("fr-CA-x-private", Locale::Fr),
            (" es-419 ", Locale::Es),
            ("ja-JP-u-ca-japanese", Locale::Ja),
            ("en-GB-oxendict", Locale::En),
        ] {
            assert_eq!(Locale::of(tag), Some(locale), "{tag}");
        }
    }

    #[test]
    fn what_is_no_language_of_ours_falls_back_to_the_shops_and_then_to_english() {
        for reader in [None, Some(""), Some("nonsense"), Some("pt-BR"), Some("-de"), Some("d"), Some("deu\0")] {
            assert_eq!(Locale::negotiate(reader, Some("fr-CH")), Locale::Fr, "{reader:?}");
            assert_eq!(Locale::negotiate(reader, Some("tlh")), Locale::En, "{reader:?}");
            assert_eq!(Locale::negotiate(reader, None), Locale::En, "{reader:?}");
        }
        assert_eq!(Locale::negotiate(Some("ja"), Some("fr")), Locale::Ja);
    }

    #[test]
    fn a_guide_without_a_language_is_for_everybody() {
        assert!(Locale::De.reads(None) && Locale::De.reads(Some("de-CH")));
        assert!(!Locale::De.reads(Some("en")) && !Locale::De.reads(Some("x")));
    }
}
