//! A time before or after an occasion, as ISO 8601 writes durations: `P4D`, `-P30D`, `PT2H`.

use std::{fmt, str::FromStr as _};

use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::zone::Zone;

const MAX_DAYS: i32 = 400;
const MAX_HOURS: i32 = 96;

/// Days and hours, both of them forward or both back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Offset {
    days: i32,
    minutes: i32,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a duration of at most {MAX_DAYS} days and {MAX_HOURS} hours, like `P4D`, `PT2H` or `-P30D`")]
pub struct NotAnOffset(String);

impl Offset {
    pub const ZERO: Offset = Offset { days: 0, minutes: 0 };

    pub const fn days(days: i32) -> Offset {
        Offset { days, minutes: 0 }
    }

    /// # Errors
    /// `NotAnOffset` for any other unit than days, hours and minutes, and for what is too long.
    pub fn parse(text: &str) -> Result<Offset, NotAnOffset> {
        let refused = || NotAnOffset(text.chars().take(40).collect());
        let span = Span::from_str(text).map_err(|_| refused())?;
        let has_other_units = span.get_years() != 0
            || span.get_months() != 0
            || span.get_seconds() != 0
            || span.get_milliseconds() != 0
            || span.get_microseconds() != 0
            || span.get_nanoseconds() != 0;
        let days = span.get_weeks().saturating_mul(7).saturating_add(span.get_days());
        let minutes = i64::from(span.get_hours()).saturating_mul(60).saturating_add(span.get_minutes());
        let minutes = i32::try_from(minutes).unwrap_or(i32::MAX);
        if has_other_units || days.abs() > MAX_DAYS || minutes.saturating_abs() > MAX_HOURS * 60 {
            return Err(refused());
        }
        Ok(Offset { days, minutes })
    }

    /// The instant so long after or before, by the zone's calendar: a day later is the same time of day.
    pub fn from(self, at: Timestamp, zone: &Zone) -> Timestamp {
        let span = Span::new().days(self.days).minutes(self.minutes);
        let limit = if self.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        let zoned = at.to_zoned(zone.time_zone().clone()).checked_add(span);
        zoned.map_or(limit, |zoned| zoned.timestamp())
    }

    pub fn is_negative(self) -> bool {
        self.days < 0 || self.minutes < 0
    }

    pub fn is_zero(self) -> bool {
        self == Offset::ZERO
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("P0D");
        }
        let (days, minutes) = (self.days.unsigned_abs(), self.minutes.unsigned_abs());
        f.write_str(if self.is_negative() { "-P" } else { "P" })?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        match (minutes / 60, minutes % 60) {
            (0, 0) => Ok(()),
            (hours, 0) => write!(f, "T{hours}H"),
            (0, minutes) => write!(f, "T{minutes}M"),
            (hours, minutes) => write!(f, "T{hours}H{minutes}M"),
        }
    }
}

impl TryFrom<String> for Offset {
    type Error = NotAnOffset;

    fn try_from(text: String) -> Result<Self, NotAnOffset> {
        Offset::parse(&text)
    }
}

impl From<Offset> for String {
    fn from(offset: Offset) -> String {
        offset.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["P0D", "P4D", "-P30D", "PT2H", "P1DT12H", "PT30M", "-PT1H15M"] {
            assert_eq!(Offset::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Offset::parse("P1W").unwrap(), Offset::days(7));
        for text in ["", "4", "P1M", "P1Y", "PT1S", "P401D", "PT97H", "P4DX"] {
            assert!(Offset::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_later_is_the_same_time_of_day() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let at: Timestamp = "2026-03-28T09:00:00Z".parse().unwrap();
        assert_eq!(Offset::days(1).from(at, &berlin).to_string(), "2026-03-29T08:00:00Z");
        assert_eq!(Offset::days(-1).from(at, &berlin).to_string(), "2026-03-27T09:00:00Z");
        assert_eq!(Offset::parse("PT24H").unwrap().from(at, &berlin).to_string(), "2026-03-29T09:00:00Z");
    }
}
