//! What the program says of mail: who sends it, to whom it may go, and each scenario's own settings.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal, double_opt_in::DoubleOptIn, email::Email, offset::Offset, web_address::HttpsAddress, zone::Zone,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    pub mode: Mode,
    /// To whom mail goes in the mode `allow_list`: addresses, or `@` and a domain.
    #[serde(default)]
    pub allow_list: Vec<String>,
    /// Nothing is sent before there is one.
    #[serde(default)]
    pub sender: Option<Sender>,
    /// Who at the shop is told of a case.
    #[serde(default)]
    pub staff: Vec<Email>,
    #[serde(default)]
    pub shop: Shop,
    /// The language of who has none, or one that we do not speak; BCP 47.
    #[serde(default = "english")]
    pub locale: String,
    #[serde(default)]
    pub double_opt_in: DoubleOptIn,
    /// Countries whose law lets a shop write to its buyers until they object; ISO 3166-1 alpha-2.
    #[serde(default)]
    pub soft_opt_in: Vec<String>,
    #[serde(default)]
    pub quiet_hours: QuietHours,
    #[serde(default)]
    pub caps: Caps,
    /// From when the last parcel was shipped to its arrival, where nobody reports a delivery.
    #[serde(default = "seven")]
    pub transit_days: u16,
    /// By their names; what is not named is off.
    #[serde(default)]
    pub scenarios: BTreeMap<String, ScenarioSettings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Off,
    AllowList,
    Live,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    pub name: String,
    /// Of a domain that SES has verified.
    pub address: Email,
    #[serde(default)]
    pub reply_to: Option<Email>,
}

/// What a mail shows of the shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub url: Option<HttpsAddress>,
    /// Where members see their orders, points and tier; mail about those leads there.
    #[serde(default)]
    pub account_url: Option<HttpsAddress>,
    #[serde(default)]
    pub logo_url: Option<HttpsAddress>,
    /// Where the shop tells what it does with what it knows of people.
    #[serde(default)]
    pub privacy_url: Option<HttpsAddress>,
    /// With its lines. The law of most countries wants it in each mail that sells.
    #[serde(default)]
    pub postal_address: Option<String>,
    /// `#` and six hexadecimal digits.
    #[serde(default)]
    pub accent_color: Option<String>,
}

/// Between these times of the member's day nothing is sent that can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    pub from: Time,
    pub to: Time,
}

/// How much of what is not transactional one member gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    pub hours_between: u16,
    pub per_7_days: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSettings {
    pub on: bool,
    /// How long after its occasion each step is due or, with a minus, before it.
    pub steps: Vec<Offset>,
    /// Only for orders with a product of one of them; all, unless there are any.
    #[serde(default)]
    pub only_categories: Vec<String>,
    /// The share of members who deliberately do not get it, so that its effect can be measured.
    #[serde(default = "nobody")]
    pub control: Decimal,
    /// How long it can wait after it is due.
    pub deadline: Offset,
}

impl Sender {
    /// Where answers go.
    pub fn mailbox(&self) -> &Email {
        self.reply_to.as_ref().unwrap_or(&self.address)
    }
}

impl Default for QuietHours {
    fn default() -> QuietHours {
        QuietHours { from: Time::constant(21, 0, 0, 0), to: Time::constant(8, 0, 0, 0) }
    }
}

impl Default for Caps {
    fn default() -> Caps {
        Caps { hours_between: 16, per_7_days: 4 }
    }
}

fn english() -> String {
    "en".to_owned()
}

fn seven() -> u16 {
    7
}

fn nobody() -> Decimal {
    Decimal::ZERO
}

impl MailSettings {
    /// Mail as it is until the merchant says anything of it.
    pub fn silent() -> MailSettings {
        MailSettings {
            mode: Mode::AllowList,
            allow_list: Vec::new(),
            sender: None,
            staff: Vec::new(),
            shop: Shop::default(),
            locale: english(),
            double_opt_in: DoubleOptIn::default(),
            soft_opt_in: Vec::new(),
            quiet_hours: QuietHours::default(),
            caps: Caps::default(),
            transit_days: seven(),
            scenarios: BTreeMap::new(),
        }
    }

    /// The settings of a scenario that is on. None is while the shop has not said who sends its mail.
    pub fn of(&self, scenario: &str) -> Option<&ScenarioSettings> {
        let sends = self.mode != Mode::Off && self.sender.is_some();
        self.scenarios.get(scenario).filter(|settings| sends && settings.on)
    }

    /// Whether the mode lets mail go to that address.
    pub fn reaches(&self, address: &Email) -> bool {
        let address = address.as_str();
        let is_named = |listed: &String| {
            let listed = listed.to_lowercase();
            address == listed || (listed.starts_with('@') && address.ends_with(&listed))
        };
        match self.mode {
            Mode::Off => false,
            Mode::AllowList => self.allow_list.iter().any(is_named),
            Mode::Live => true,
        }
    }
}

impl QuietHours {
    /// The first instant from `at` on that is not quiet in that zone: `at` itself, or the end of the
    /// quiet hours that it is in.
    pub fn next_open(&self, at: Timestamp, zone: &Zone) -> Timestamp {
        let zone = zone.time_zone();
        let local = zone.to_datetime(at);
        if !self.cover(local.time()) {
            return at;
        }
        let ends_tomorrow = self.from > self.to && local.time() >= self.from;
        let day = if ends_tomorrow { crate::zone::add_days(local.date(), 1) } else { local.date() };
        let end = zone.to_ambiguous_timestamp(day.to_datetime(self.to)).later().unwrap_or(at);
        // where the clock goes back over the end of the quiet hours, they are over the second time; where it
        // skips the time in which something can be sent, that is the next day's
        let is_open = end > at && !self.cover(zone.to_datetime(end).time());
        if is_open { end } else { next_open_quarter(at, self, zone) }
    }

    /// Whether an hour of the day is left in which something can be sent.
    pub(crate) fn leaves_time(&self) -> bool {
        let minutes = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
        let open = (minutes(self.from) - minutes(self.to)).rem_euclid(24 * 60);
        self.from == self.to || open >= 60
    }

    fn cover(&self, time: Time) -> bool {
        if self.from <= self.to { self.from <= time && time < self.to } else { time >= self.from || time < self.to }
    }
}

/// A zone may skip or repeat anything: the next quarter of an hour that is not quiet.
fn next_open_quarter(at: Timestamp, quiet: &QuietHours, zone: &TimeZone) -> Timestamp {
    const QUARTER_SECS: i64 = 900;
    let next = |step: i64| Timestamp::from_second(at.as_second() + step * QUARTER_SECS).ok();
    (1..=200).filter_map(next).find(|at| !quiet.cover(zone.to_datetime(*at).time())).unwrap_or(at)
}
