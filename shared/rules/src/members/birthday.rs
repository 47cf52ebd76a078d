//! Birthdays: when one was entered, how often it may change, and the days that it makes.

use jiff::civil::{Date, date};

use crate::{
    profile::Profile,
    zone::{Zone, add_days, add_months},
};

/// A birthday counts from this long after it was entered, so that nobody enters one for tomorrow.
const KNOWN_BEFORE_DAYS: i64 = 30;
/// The windows of one birthday begin at least 365 days apart; another birthday's must be as far.
const BETWEEN_WINDOWS_DAYS: i32 = 360;
const BETWEEN_CHANGES_MONTHS: i64 = 12;

/// A birthday, and the civil date in the program's zone on which it was entered or last changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birthday {
    pub on: Date,
    pub entered_on: Date,
}

/// A second change within a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the birthday was changed less than a year ago; it can be changed again on {again_on}")]
pub struct ChangedRecently {
    pub again_on: Date,
}

impl Birthday {
    /// The first day of the window of so many days from the birthday that a day is in, if the birthday
    /// was known long enough before it. The 29th of February counts as the 28th in common years.
    pub fn window(&self, day: Date, days: u16) -> Option<Date> {
        let starts = [day.year(), day.year().saturating_sub(1)].map(|year| self.in_year(year));
        let start = starts.into_iter().find(|start| *start <= day && day < add_days(*start, i64::from(days)))?;
        (add_days(self.entered_on, KNOWN_BEFORE_DAYS) <= start).then_some(start)
    }

    fn in_year(&self, year: i16) -> Date {
        let last = date(year, self.on.month(), 1).last_of_month();
        date(year, self.on.month(), self.on.day().min(last.day()))
    }
}

/// Whether a window may earn after the last one that did: it is the same one, or a year away.
pub fn is_in_turn(start: Date, last: Option<Date>) -> bool {
    let days_apart = |last: Date| start.duration_since(last).as_hours().abs() / 24;
    last.is_none_or(|last| start == last || days_apart(last) >= i64::from(BETWEEN_WINDOWS_DAYS))
}

impl Profile {
    /// Enters, changes or removes the birthday. It can be changed once a year; what is entered again
    /// after it was removed is a change too.
    ///
    /// # Errors
    /// `ChangedRecently` if the last change was less than a year ago; the profile is as it was.
    pub fn set_birthday(&mut self, birthday: Option<Date>, today: Date) -> Result<(), ChangedRecently> {
        if birthday == self.birthday {
            return Ok(());
        }
        if birthday.is_some() {
            let is_change = self.birthday.is_some() || self.birthday_entered_on.is_some();
            let again_on = self.birthday_changed_on.map(|on| add_months(on, BETWEEN_CHANGES_MONTHS));
            match again_on {
                Some(again_on) if is_change && today < again_on => return Err(ChangedRecently { again_on }),
                _ => {}
            }
            self.birthday_changed_on = is_change.then_some(today).or(self.birthday_changed_on);
            self.birthday_entered_on = Some(today);
        }
        self.birthday = birthday;
        Ok(())
    }

    /// The birthday as campaigns count it. One that was entered before its date was kept is as old as
    /// the profile.
    pub fn dated_birthday(&self, program: &Zone) -> Option<Birthday> {
        let entered_on = self.birthday_entered_on.unwrap_or_else(|| program.date(self.created_at));
        self.birthday.map(|on| Birthday { on, entered_on })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn window(birthday: &str, day: &str) -> Option<Date> {
        Birthday { on: on(birthday), entered_on: on("2020-01-01") }.window(on(day), 7)
    }

    #[test]
    fn a_window_is_the_birthday_and_the_days_after_it() {
        assert_eq!(window("1990-06-18", "2026-06-17"), None);
        assert_eq!(window("1990-06-18", "2026-06-18"), Some(on("2026-06-18")));
        assert_eq!(window("1990-06-18", "2026-06-24"), Some(on("2026-06-18")));
        assert_eq!(window("1990-06-18", "2026-06-25"), None);
    }

    #[test]
    fn a_window_spans_new_year() {
        assert_eq!(window("1990-12-29", "2026-12-31"), Some(on("2026-12-29")));
        assert_eq!(window("1990-12-29", "2027-01-04"), Some(on("2026-12-29")));
        assert_eq!(window("1990-12-29", "2027-01-05"), None);
    }

    #[test]
    fn who_was_born_on_a_leap_day_has_a_birthday_every_year() {
        assert_eq!(window("1992-02-29", "2027-02-28"), Some(on("2027-02-28")));
        assert_eq!(window("1992-02-29", "2028-02-28"), None);
        assert_eq!(window("1992-02-29", "2028-02-29"), Some(on("2028-02-29")));
    }

    #[test]
    fn a_birthday_counts_thirty_days_after_it_was_entered() {
        let entered = |entered_on| Birthday { on: on("1990-06-18"), entered_on: on(entered_on) };
        assert_eq!(entered("2026-05-19").window(on("2026-06-20"), 7), Some(on("2026-06-18")));
        assert_eq!(entered("2026-05-20").window(on("2026-06-20"), 7), None);
    }

    #[test]
    fn windows_earn_a_year_apart_and_the_same_one_again() {
        for (start, in_turn) in
            [("2026-06-18", true), ("2026-06-19", false), ("2027-06-12", false), ("2027-06-13", true)]
        {
            assert_eq!(is_in_turn(on(start), Some(on("2026-06-18"))), in_turn, "{start}");
        }
        assert!(!is_in_turn(on("2026-01-01"), Some(on("2026-06-18"))), "nor does an earlier one that comes late");
        assert!(is_in_turn(on("2026-06-18"), None));
    }
}
