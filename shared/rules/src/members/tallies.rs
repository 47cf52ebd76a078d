//! How often a member has done what the program caps, in the day, month, year and lifetime at hand.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    activity::{Activity, Cap, CapPeriod},
    points::{Overflow, Points},
};

/// By the activity's name; only of those that have caps. A cap that comes later counts from then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tallies(BTreeMap<String, Tally>);

/// The counts as they were on the last day on which something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tally {
    on: (i16, i8, i8),
    day: Count,
    month: Count,
    year: Count,
    lifetime: Count,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    times: u32,
    points: Points,
}

/// Why something is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCounted {
    #[error("the cap of a {0:?} is reached")]
    Reached(CapPeriod),
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Tallies {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts one more of that activity today, unless a cap would be exceeded: no part of it counts then.
    pub(crate) fn count(&mut self, name: &str, activity: &Activity, today: Date) -> Result<(), NotCounted> {
        if activity.caps.is_empty() {
            return Ok(());
        }
        let known = self.0.get(name).copied();
        let mut tally = known.map_or_else(|| Tally::new(today), |tally| tally.on_day(today));
        for period in [CapPeriod::Day, CapPeriod::Month, CapPeriod::Year, CapPeriod::Lifetime] {
            let cap = activity.caps.iter().find(|cap| cap.period == period);
            let count = tally.count_mut(period);
            *count = Count { times: count.times.saturating_add(1), points: count.points.plus(activity.points)? };
            if cap.is_some_and(|cap| count.exceeds(cap)) {
                return Err(NotCounted::Reached(period));
            }
        }
        self.0.insert(name.to_owned(), tally);
        Ok(())
    }

    /// Counts what another account did too, so that two accounts that become one have one cap.
    pub(crate) fn absorb(&mut self, other: Tallies) -> Result<(), Overflow> {
        for (name, theirs) in other.0 {
            let both = match self.0.get(&name) {
                Some(own) => own.plus(theirs)?,
                None => theirs,
            };
            self.0.insert(name, both);
        }
        Ok(())
    }
}

impl Tally {
    fn new(today: Date) -> Tally {
        let none = Count::default();
        Tally { on: parts(today), day: none, month: none, year: none, lifetime: none }
    }

    /// The same with what has ended since reset. A day that has been does not come again, also where the
    /// program's zone moved west.
    fn on_day(self, today: Date) -> Tally {
        self.on_parts(parts(today))
    }

    fn on_parts(mut self, today: (i16, i8, i8)) -> Tally {
        let (then, today) = (self.on, today.max(self.on));
        self.on = today;
        if then.0 != today.0 {
            self.year = Count::default();
        }
        if (then.0, then.1) != (today.0, today.1) {
            self.month = Count::default();
        }
        if then != today {
            self.day = Count::default();
        }
        self
    }

    fn plus(self, other: Tally) -> Result<Tally, Overflow> {
        let (one, other) = (self.on_parts(other.on), other.on_parts(self.on));
        Ok(Tally {
            on: one.on,
            day: one.day.plus(other.day)?,
            month: one.month.plus(other.month)?,
            year: one.year.plus(other.year)?,
            lifetime: one.lifetime.plus(other.lifetime)?,
        })
    }

    fn count_mut(&mut self, period: CapPeriod) -> &mut Count {
        match period {
            CapPeriod::Day => &mut self.day,
            CapPeriod::Month => &mut self.month,
            CapPeriod::Year => &mut self.year,
            CapPeriod::Lifetime => &mut self.lifetime,
        }
    }
}

impl Count {
    fn plus(self, other: Count) -> Result<Count, Overflow> {
        Ok(Count { times: self.times.saturating_add(other.times), points: self.points.plus(other.points)? })
    }

    fn exceeds(&self, cap: &Cap) -> bool {
        cap.times.is_some_and(|times| self.times > times) || cap.points.is_some_and(|points| self.points > points)
    }
}

fn parts(date: Date) -> (i16, i8, i8) {
    (date.year(), date.month(), date.day())
}
