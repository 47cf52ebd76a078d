//! Time zones by their IANA name, and civil dates in them.

use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone of the IANA database")]
pub struct UnknownZone(String);

impl Zone {
    /// # Errors
    /// `UnknownZone` if the database has no such name.
    pub fn parse(name: &str) -> Result<Zone, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone(name.chars().take(40).collect()))?;
        Ok(Zone { name: name.to_owned(), zone })
    }

    /// As the IANA database has it.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    pub(crate) fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The civil date at that instant.
    pub fn date(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The first instant of that civil date.
    pub fn start_of(&self, date: Date) -> Timestamp {
        let midnight = date.to_datetime(jiff::civil::Time::midnight());
        self.zone.to_ambiguous_timestamp(midnight).compatible().unwrap_or_else(|_| {
            // only the last days before the end of time have no such instant
            Offset::UTC.to_timestamp(midnight).unwrap_or(Timestamp::MAX)
        })
    }

    /// The same wall-clock time so many months later or, for negative ones, earlier; the last day of
    /// a shorter month.
    pub fn months_after(&self, at: Timestamp, months: i64) -> Timestamp {
        let local = self.zone.to_datetime(at);
        let (date, time) = (add_months(local.date(), months), local.time());
        let limit = if months < 0 { Timestamp::MIN } else { Timestamp::MAX };
        self.zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().unwrap_or(limit)
    }
}

/// The date so many months later or earlier; the last day of a shorter month.
pub fn add_months(date: Date, months: i64) -> Date {
    let limit = if months < 0 { Date::MIN } else { Date::MAX };
    date.checked_add(jiff::Span::new().months(months)).unwrap_or(limit)
}

/// The date so many days later or earlier.
pub fn add_days(date: Date, days: i64) -> Date {
    let limit = if days < 0 { Date::MIN } else { Date::MAX };
    date.checked_add(jiff::Span::new().days(days)).unwrap_or(limit)
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Zone::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
