//! Where the clock is to be moved, as a request says it.

use jiff::{Span, Timestamp, tz::TimeZone};
use serde::Deserialize;

use crate::problem::Problem;

/// 2000-01-01: no storefront's record is older.
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);
/// 2100-01-01.
const LATEST: Timestamp = Timestamp::constant(4_102_444_800, 0);

/// The body of `POST /local/clock`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveShape {
    advance: Option<String>,
    now: Option<String>,
}

#[derive(Debug)]
pub(super) enum Move {
    /// By so much, on UTC's calendar.
    By(Span),
    To(Timestamp),
}

impl MoveShape {
    pub(super) fn parse(&self) -> Result<Move, Problem> {
        match (&self.advance, &self.now) {
            (Some(text), None) => match text.parse() {
                Ok(span) => Ok(Move::By(span)),
                Err(_) => Err(Problem::field("/advance", "is not an ISO 8601 duration such as `P30D`")),
            },
            (None, Some(text)) => match text.parse() {
                Ok(time) => Ok(Move::To(time)),
                Err(_) => Err(Problem::field("/now", "is not an instant such as `2026-06-18T10:00:00Z`")),
            },
            (Some(_), Some(_)) => Err(Problem::field("/now", "cannot come with `advance`")),
            (None, None) => Err(Problem::field("/advance", "is missing, and so is `now`")),
        }
    }
}

impl Move {
    /// Where it leads from that instant.
    pub(super) fn from(&self, now: Timestamp) -> Result<Timestamp, Problem> {
        let (field, target) = match self {
            Move::By(span) => {
                let target = now.to_zoned(TimeZone::UTC).checked_add(*span).map(|target| target.timestamp());
                ("/advance", target.ok())
            }
            Move::To(target) => ("/now", Some(*target)),
        };
        let target = target.filter(|target| (EARLIEST..=LATEST).contains(target));
        target.ok_or_else(|| Problem::field(field, "leads out of the years 2000 to 2099"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(body: &str) -> Result<String, String> {
        let shape: MoveShape = serde_json::from_str(body).unwrap();
        let now = "2026-01-31T10:00:00Z".parse().unwrap();
        let target = shape.parse().and_then(|shape| shape.from(now));
        target.map(|target| target.to_string()).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn a_span_counts_on_the_calendar_and_an_instant_is_itself() {
        assert_eq!(target(r#"{"advance":"P30D"}"#).unwrap(), "2026-03-02T10:00:00Z");
        assert_eq!(target(r#"{"advance":"P1M"}"#).unwrap(), "2026-02-28T10:00:00Z");
        assert_eq!(target(r#"{"advance":"PT90M"}"#).unwrap(), "2026-01-31T11:30:00Z");
        assert_eq!(target(r#"{"now":"2026-02-01T01:00:00+01:00"}"#).unwrap(), "2026-02-01T00:00:00Z");
    }

    #[test]
    fn what_says_no_time_is_refused_by_its_field() {
        assert!(target(r#"{"advance":"soon"}"#).unwrap_err().contains("/advance"));
        assert!(target(r#"{"advance":"P9000Y"}"#).unwrap_err().contains("/advance"));
        assert!(target(r#"{"now":"yesterday"}"#).unwrap_err().contains("/now"));
        assert!(target(r#"{"now":"1999-12-31T00:00:00Z"}"#).unwrap_err().contains("/now"));
        assert!(target(r#"{"now":"2026-02-01T00:00:00Z","advance":"P1D"}"#).unwrap_err().contains("/now"));
        assert!(target("{}").unwrap_err().contains("/advance"));
    }
}
