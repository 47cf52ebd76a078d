//! Whose grant waits until they have confirmed it from their mailbox.
//!
//! Under GDPR (EU) 2016/679, Article 7(1), and the UK's, whoever sends must be able to demonstrate that the person
//! consented; a box that anybody can tick with anybody's address does not show it (in Germany BGH, 10 February 2011,
//! I ZR 164/09; in Austria the authority's decision of 9 October 2019, DSB-D130.073/0008-DSB/2019). Swiss law (UCA,
//! SR 241, Article 3(1)(o)) asks for consent and a way out, and for no such demonstration; a merchant who wants one
//! says `always`.

use serde::{Deserialize, Serialize};

use crate::{country_zone::zone_of_country, profile::Profile, zone::Zone};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubleOptIn {
    /// Of members in the European Economic Area and the United Kingdom.
    #[default]
    EuUk,
    Always,
    Never,
}

/// The European Economic Area with its parts that have codes of their own, and the United Kingdom.
const EU_UK: [&str; 38] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "AX", "GF", "GP", "MF", "MQ", "RE", "YT", "GB",
];

impl DoubleOptIn {
    /// Whether a grant of that member, said once, must be confirmed. Of whose country nothing is known the region
    /// of their locale tells, else their time zone, else the shop's.
    pub fn asks(self, profile: &Profile, shop: &Zone) -> bool {
        match self {
            DoubleOptIn::Always => true,
            DoubleOptIn::Never => false,
            DoubleOptIn::EuUk => {
                let country = profile.country.as_deref().or_else(|| profile.locale.as_deref().and_then(region));
                match country {
                    Some(country) => EU_UK.iter().any(|code| code.eq_ignore_ascii_case(country)),
                    None => is_in_eu_uk(profile.time_zone.as_deref().unwrap_or(shop.name())),
                }
            }
        }
    }
}

/// The region of a language tag: `AT` of `de-AT`, `HK` of `zh-Hant-HK`.
fn region(locale: &str) -> Option<&str> {
    locale.split('-').skip(1).find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Whether one of the countries keeps that time.
fn is_in_eu_uk(zone: &str) -> bool {
    EU_UK.iter().filter_map(|country| zone_of_country(country)).any(|theirs| theirs.name() == zone)
}
