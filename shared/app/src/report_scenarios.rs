//! What became of mail, scenario by scenario.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rules::{
    fate::{Fate, Figures},
    zone::add_days,
};

use crate::{App, error::AppError};

/// No report reads more of them.
const MOST_READ: usize = 200_000;

/// Where the first or the last day is not asked for.
const DAYS: i64 = 30;

/// The figures of some days in the shop's zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioReport {
    pub from: Date,
    pub to: Date,
    pub scenarios: BTreeMap<String, Figures>,
    /// Since when marketing is stopped.
    pub stopped_at: Option<Timestamp>,
    /// Whether all of the days was read.
    pub complete: bool,
}

impl App {
    /// The first and the last day are counted; thirty of them where one is not asked for.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn report_scenarios(
        &self,
        days: (Option<Date>, Option<Date>),
        now: Timestamp,
    ) -> Result<ScenarioReport, AppError> {
        let programs = self.programs(now).await?;
        let zone = &programs.at(now).program.zone;
        let today = zone.date(now);
        let (from, to) = match days {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => (from, add_days(from, DAYS - 1).min(today).max(from)),
            (None, to) => (add_days(to.unwrap_or(today), 1 - DAYS), to.unwrap_or(today)),
        };
        let (begins_at, ends_at) = (zone.start_of(from), zone.start_of(add_days(to, 1)));
        let utc = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
        let (mut day, last) = (utc(begins_at), utc(ends_at));
        let (mut fates, mut complete) = (Vec::new(), true);
        while day <= last {
            let of_day = self.store.fates_of(day, MOST_READ.saturating_sub(fates.len())).await?;
            fates.extend(of_day.into_iter().filter(|fate: &Fate| begins_at <= fate.at && fate.at < ends_at));
            if fates.len() >= MOST_READ {
                complete = false;
                break;
            }
            day = add_days(day, 1);
        }
        let stopped_at = programs.mail_stop.stopped_at;
        Ok(ScenarioReport { from, to, scenarios: Figures::by_scenario(fates), stopped_at, complete })
    }
}
