//! Campaigns: multipliers of points inside a time window or a recurrence.

use std::collections::BTreeSet;

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{birthday::is_in_turn, buyer::Buyer, decimal::Decimal, ids::CampaignId, zone::Zone};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    pub id: CampaignId,
    pub multiplier: Decimal,
    /// Multiplies on top of the highest one that does not.
    #[serde(default)]
    pub stacks: bool,
    pub when: When,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "WhenText")]
pub enum When {
    /// From one instant up to, not including, another.
    Window { from_at: Timestamp, to_at: Timestamp },
    /// On these days of each week.
    Weekdays { days: BTreeSet<Day>, zone: CampaignZone },
    /// On the days that an RFC 5545 recurrence rule names.
    Recurrence { rrule: DayRule, zone: CampaignZone },
    /// For so many days from the member's birthday, once a year.
    Birthday { days: u16, zone: CampaignZone },
}

/// The same as it stands in the document, so that a fault is found at its own field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhenText {
    kind: WhenKind,
    from_at: Option<Timestamp>,
    to_at: Option<Timestamp>,
    /// Names of days, or a number of them.
    days: Option<serde_json::Value>,
    rrule: Option<DayRule>,
    zone: Option<CampaignZone>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WhenKind {
    Window,
    Weekdays,
    Recurrence,
    Birthday,
}

/// A field that the kind needs, or has no use for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAWhen {
    #[error("`{0}` is missing for the kind")]
    Missing(&'static str),
    #[error("`{0}` is not a field of the kind")]
    Unused(&'static str),
    #[error("`days` of the kind cannot be read: {0}")]
    Days(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Whose days a campaign counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CampaignZone {
    /// The program's own zone: `"shop"`.
    Shop,
    /// The member's own, else that of their country, else the program's: `"member"`.
    Member,
    Named(Zone),
}

/// A recurrence of whole days, counted from the first day of 2000 unless it has its own `DTSTART`.
#[derive(Clone, Debug)]
pub struct DayRule {
    text: String,
    rule: Box<rrule::RRuleSet>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{rule}` is not a recurrence of days: {reason}")]
pub struct NotADayRule {
    rule: String,
    reason: String,
}

impl Campaign {
    /// Whether it is on for that buyer at that instant.
    pub fn is_on(&self, at: Timestamp, shop: &Zone, buyer: &Buyer) -> bool {
        match &self.when {
            When::Window { from_at, to_at } => (*from_at..*to_at).contains(&at),
            When::Weekdays { days, zone } => days.contains(&Day::from(zone.date(at, shop, buyer).weekday())),
            When::Recurrence { rrule, zone } => rrule.names(zone.date(at, shop, buyer)),
            When::Birthday { .. } => self.birthday_window(at, shop, buyer).is_some(),
        }
    }

    /// The first day of the birthday window that makes it be on; `None` for every other campaign.
    pub fn birthday_window(&self, at: Timestamp, shop: &Zone, buyer: &Buyer) -> Option<Date> {
        let When::Birthday { days, zone } = &self.when else { return None };
        let start = buyer.birthday?.window(zone.date(at, shop, buyer), *days)?;
        is_in_turn(start, buyer.last_window).then_some(start)
    }
}

/// The campaigns that count for that buyer at that instant: the highest that does not stack (tie: the
/// earlier one), and all that do.
pub fn campaigns_on<'a>(campaigns: &'a [Campaign], at: Timestamp, shop: &Zone, buyer: &Buyer) -> Vec<&'a Campaign> {
    let (stacking, single): (Vec<_>, Vec<_>) =
        campaigns.iter().filter(|campaign| campaign.is_on(at, shop, buyer)).partition(|campaign| campaign.stacks);
    let highest = single.into_iter().reduce(|best, next| {
        let greater = next.multiplier.numerator() * best.multiplier.denominator()
            > best.multiplier.numerator() * next.multiplier.denominator();
        if greater { next } else { best }
    });
    highest.into_iter().chain(stacking).collect()
}

impl TryFrom<WhenText> for When {
    type Error = NotAWhen;

    fn try_from(mut text: WhenText) -> Result<When, NotAWhen> {
        let when = match text.kind {
            WhenKind::Window => When::Window {
                from_at: text.from_at.take().ok_or(NotAWhen::Missing("from_at"))?,
                to_at: text.to_at.take().ok_or(NotAWhen::Missing("to_at"))?,
            },
            WhenKind::Weekdays => When::Weekdays { days: text.days()?, zone: text.zone()? },
            WhenKind::Recurrence => {
                When::Recurrence { rrule: text.rrule.take().ok_or(NotAWhen::Missing("rrule"))?, zone: text.zone()? }
            }
            WhenKind::Birthday => When::Birthday { days: text.days()?, zone: text.zone()? },
        };
        text.has_nothing_left().map(|()| when)
    }
}

impl WhenText {
    fn days<T: de::DeserializeOwned>(&mut self) -> Result<T, NotAWhen> {
        let days = self.days.take().ok_or(NotAWhen::Missing("days"))?;
        serde_json::from_value(days).map_err(|error| NotAWhen::Days(error.to_string()))
    }

    fn zone(&mut self) -> Result<CampaignZone, NotAWhen> {
        self.zone.take().ok_or(NotAWhen::Missing("zone"))
    }

    fn has_nothing_left(&self) -> Result<(), NotAWhen> {
        let left = [
            ("from_at", self.from_at.is_some()),
            ("to_at", self.to_at.is_some()),
            ("days", self.days.is_some()),
            ("rrule", self.rrule.is_some()),
            ("zone", self.zone.is_some()),
        ];
        let unused = left.into_iter().find(|(_, is_there)| *is_there);
        unused.map_or(Ok(()), |(field, _)| Err(NotAWhen::Unused(field)))
    }
}

impl CampaignZone {
    fn date(&self, at: Timestamp, shop: &Zone, buyer: &Buyer) -> Date {
        match self {
            CampaignZone::Shop => shop,
            CampaignZone::Member => buyer.zone.as_ref().unwrap_or(shop),
            CampaignZone::Named(zone) => zone,
        }
        .date(at)
    }
}

impl DayRule {
    /// # Errors
    /// `NotADayRule` for a rule that RFC 5545 does not know, or one that names times of a day.
    pub fn parse(text: &str) -> Result<DayRule, NotADayRule> {
        let refuse = |reason: &str| NotADayRule { rule: text.chars().take(80).collect(), reason: reason.to_owned() };
        if text.len() > 200 {
            return Err(refuse("it is longer than 200 characters"));
        }
        let upper = text.to_ascii_uppercase();
        let of_days = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].iter().any(|f| upper.contains(&format!("FREQ={f}")));
        if !of_days || ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|part| upper.contains(part)) {
            return Err(refuse("it must repeat daily, weekly, monthly or yearly, by whole days"));
        }
        let with_start = if upper.contains("DTSTART") {
            text.to_owned()
        } else {
            format!("DTSTART:20000101T000000Z\nRRULE:{}", text.trim_start_matches("RRULE:"))
        };
        let rule: rrule::RRuleSet =
            with_start.parse().map_err(|error: rrule::RRuleError| refuse(&error.to_string()))?;
        Ok(DayRule { text: text.to_owned(), rule: Box::new(rule) })
    }

    /// Whether the rule names that day.
    pub fn names(&self, date: Date) -> bool {
        // the rule is evaluated on a calendar without offsets: its days are civil days
        let midnight = date.to_datetime(jiff::civil::Time::midnight());
        let Ok(second) = jiff::tz::Offset::UTC.to_timestamp(midnight).map(Timestamp::as_second) else { return false };
        let (Some(start), Some(end)) = (utc(second), utc(second + 86_399)) else { return false };
        !(*self.rule).clone().after(start).before(end).all(1).dates.is_empty()
    }
}

fn utc(second: i64) -> Option<chrono::DateTime<rrule::Tz>> {
    use chrono::TimeZone as _;
    rrule::Tz::UTC.timestamp_opt(second, 0).single()
}

impl PartialEq for DayRule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for DayRule {}

impl Serialize for DayRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DayRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DayRule::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for CampaignZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            CampaignZone::Shop => serializer.serialize_str("shop"),
            CampaignZone::Member => serializer.serialize_str("member"),
            CampaignZone::Named(zone) => zone.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for CampaignZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "shop" => Ok(CampaignZone::Shop),
            "member" => Ok(CampaignZone::Member),
            name => Zone::parse(name).map(CampaignZone::Named).map_err(de::Error::custom),
        }
    }
}

impl From<Weekday> for Day {
    fn from(weekday: Weekday) -> Day {
        match weekday {
            Weekday::Monday => Day::Monday,
            Weekday::Tuesday => Day::Tuesday,
            Weekday::Wednesday => Day::Wednesday,
            Weekday::Thursday => Day::Thursday,
            Weekday::Friday => Day::Friday,
            Weekday::Saturday => Day::Saturday,
            Weekday::Sunday => Day::Sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(json: &str) -> Campaign {
        serde_json::from_str(json).unwrap()
    }

    fn on(campaign: &Campaign, at: &str) -> bool {
        campaign.is_on(at.parse().unwrap(), &Zone::parse("America/New_York").unwrap(), &Buyer::default())
    }

    #[test]
    fn a_window_is_on_from_its_first_instant_up_to_its_last() {
        let sale = campaign(
            r#"{"id":"sale","multiplier":"3","when":{"kind":"window","from_at":"2026-06-01T00:00:00Z","to_at":"2026-06-02T00:00:00Z"}}"#,
        );
        assert!(on(&sale, "2026-06-01T00:00:00Z"));
        assert!(on(&sale, "2026-06-01T23:59:59Z"));
        assert!(!on(&sale, "2026-06-02T00:00:00Z"));
    }

    #[test]
    fn a_recurrence_counts_the_days_of_its_zone() {
        let shop = campaign(
            r#"{"id":"d","multiplier":"2","when":{"kind":"recurrence","rrule":"FREQ=MONTHLY;BYMONTHDAY=18","zone":"shop"}}"#,
        );
        assert!(on(&shop, "2026-06-19T03:59:59Z"), "still the 18th in New York");
        assert!(!on(&shop, "2026-06-18T03:59:59Z"), "still the 17th in New York");
        let tokyo = campaign(
            r#"{"id":"d","multiplier":"2","when":{"kind":"recurrence","rrule":"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29","zone":"Asia/Tokyo"}}"#,
        );
        assert!(on(&tokyo, "2028-02-28T15:00:00Z"));
        assert!(!on(&tokyo, "2027-02-28T15:00:00Z"));
    }

    #[test]
    fn weekdays_are_those_of_the_shop() {
        let monday =
            campaign(r#"{"id":"m","multiplier":"2","when":{"kind":"weekdays","days":["monday"],"zone":"shop"}}"#);
        assert!(on(&monday, "2026-06-23T01:00:00Z"), "Monday evening in New York");
        assert!(!on(&monday, "2026-06-22T01:00:00Z"), "Sunday evening in New York");
    }

    #[test]
    fn the_highest_counts_and_what_stacks_comes_on_top() {
        let day = r#""when":{"kind":"window","from_at":"2026-01-01T00:00:00Z","to_at":"2027-01-01T00:00:00Z"}"#;
        let all: Vec<_> = [("a", "2", false), ("b", "3", false), ("c", "1.5", true)]
            .map(|(id, by, stacks)| {
                campaign(&format!(r#"{{"id":"{id}","multiplier":"{by}","stacks":{stacks},{day}}}"#))
            })
            .into();
        let on = campaigns_on(&all, "2026-06-18T00:00:00Z".parse().unwrap(), &Zone::utc(), &Buyer::default());
        assert_eq!(on.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    }

    #[test]
    fn rules_of_hours_or_of_nothing_are_refused() {
        for rule in ["", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=3", "FREQ=MONTHLY;BYMONTHDAY=99", "nonsense"] {
            assert!(DayRule::parse(rule).is_err(), "{rule}");
        }
    }
}
