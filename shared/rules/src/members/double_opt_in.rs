//! Whose grant waits until they have confirmed it from their mailbox.
//!
//! Under GDPR (EU) 2016/679, Article 7(1), and the UK's, whoever sends must be able to demonstrate that the person
//! consented; a box that anybody can tick with anybody's address does not show it (in Germany BGH, 10 February 2011,
//! I ZR 164/09; in Austria the authority's decision of 9 October 2019, DSB-D130.073/0008-DSB/2019). Swiss law (UCA,
//! SR 241, Article 3(1)(o)) asks for consent and a way out, and for no such demonstration; a merchant who wants one
//! says `always`.

use serde::{Deserialize, Serialize};

use crate::profile::Profile;

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

/// Every zone of theirs in the IANA time zone database (`zone.tab`), the names that it had before, and the four times
/// that only Europe keeps.
#[rustfmt::skip] // a table
const EU_UK_ZONES: [&str; 56] = [
    "Africa/Ceuta", "America/Cayenne", "America/Guadeloupe", "America/Marigot", "America/Martinique", "Asia/Famagusta",
    "Asia/Nicosia", "Atlantic/Azores", "Atlantic/Canary", "Atlantic/Madeira", "Atlantic/Reykjavik", "Europe/Amsterdam",
    "Europe/Athens", "Europe/Belfast", "Europe/Berlin", "Europe/Bratislava", "Europe/Brussels", "Europe/Bucharest",
    "Europe/Budapest", "Europe/Busingen", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Lisbon",
    "Europe/Ljubljana", "Europe/London", "Europe/Luxembourg", "Europe/Madrid", "Europe/Malta", "Europe/Mariehamn",
    "Europe/Nicosia", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Riga", "Europe/Rome", "Europe/Sofia",
    "Europe/Stockholm", "Europe/Tallinn", "Europe/Vaduz", "Europe/Vienna", "Europe/Vilnius", "Europe/Warsaw",
    "Europe/Zagreb", "Indian/Mayotte", "Indian/Reunion", "CET", "EET", "Eire", "GB", "GB-Eire", "Iceland", "MET",
    "Poland", "Portugal", "WET",
];

impl DoubleOptIn {
    /// Whether a grant of that member, said once, must be confirmed. Of whose country nothing is known the region of
    /// their locale tells, else their time zone. Where nothing tells, they may be of the European Union: where the
    /// shop is says nothing of who buys there.
    pub fn asks(self, profile: &Profile) -> bool {
        match self {
            DoubleOptIn::Always => true,
            DoubleOptIn::Never => false,
            DoubleOptIn::EuUk => {
                let country = profile.country.as_deref().or_else(|| profile.locale.as_deref().and_then(region));
                match (country, profile.time_zone.as_deref().filter(|zone| is_of_a_place(zone))) {
                    (Some(country), _) => EU_UK.iter().any(|code| code.eq_ignore_ascii_case(country)),
                    (None, Some(zone)) => EU_UK_ZONES.contains(&zone),
                    (None, None) => true,
                }
            }
        }
    }
}

/// The region of a language tag: `AT` of `de-AT`, `HK` of `zh-Hant-HK`.
fn region(locale: &str) -> Option<&str> {
    locale.split('-').skip(1).find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Whether a zone is the time of somewhere: UTC and its like are kept by machines.
fn is_of_a_place(zone: &str) -> bool {
    !zone.starts_with("Etc/") && !["UTC", "UCT", "GMT", "Zulu", "Universal", "Greenwich"].contains(&zone)
}
