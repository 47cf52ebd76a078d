//! Lots: points with one `available_on` and one `expires_on`; what a balance is made of.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::points::{Overflow, Points};

/// Points with the same dates. In rows a triple, because an account has many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Option<Date>, Date, Points)", into = "(Option<Date>, Date, Points)")]
pub struct Lot {
    pub dates: LotDates,
    pub points: Points,
}

/// What makes two lots the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LotDates {
    /// The last day on which the points can be spent.
    pub expires_on: Date,
    /// The first day; `None` once it has come, so that lots which expire together are one.
    pub available_on: Option<Date>,
}

/// A difference to one lot, as a ledger entry keeps it.
pub type LotChange = Lot;

/// The lots of one account, the earliest expiry first; none is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lots(Vec<Lot>);

impl Lots {
    pub fn iter(&self) -> impl Iterator<Item = &Lot> {
        self.0.iter()
    }

    pub fn of(&self, dates: LotDates) -> Points {
        self.0.iter().find(|lot| lot.dates == dates).map_or(Points::ZERO, |lot| lot.points)
    }

    /// Adds to a lot, or takes from it; an empty lot is gone.
    ///
    /// # Errors
    /// `Overflow` if the lot would not fit.
    pub fn change(&mut self, dates: LotDates, by: Points) -> Result<(), Overflow> {
        let after = self.of(dates).plus(by)?;
        self.0.retain(|lot| lot.dates != dates);
        if !after.is_zero() {
            self.0.push(Lot { dates, points: after });
            self.0.sort_by_key(|lot| lot.dates);
        }
        Ok(())
    }

    /// # Errors
    /// `Overflow` if the total does not fit.
    pub fn total(&self) -> Result<Points, Overflow> {
        Points::sum(self.0.iter().map(|lot| lot.points))
    }
}

impl FromIterator<Lot> for Lots {
    fn from_iter<I: IntoIterator<Item = Lot>>(lots: I) -> Self {
        Lots(lots.into_iter().collect())
    }
}

impl LotDates {
    /// The same lot as it counts on that day.
    #[must_use]
    pub fn on(self, today: Date) -> LotDates {
        LotDates { available_on: self.available_on.filter(|from| *from > today), ..self }
    }

    pub fn is_expired(self, today: Date) -> bool {
        self.expires_on < today
    }
}

impl From<(Option<Date>, Date, Points)> for Lot {
    fn from((available_on, expires_on, points): (Option<Date>, Date, Points)) -> Self {
        Lot { dates: LotDates { expires_on, available_on }, points }
    }
}

impl From<Lot> for (Option<Date>, Date, Points) {
    fn from(lot: Lot) -> Self {
        (lot.dates.available_on, lot.dates.expires_on, lot.points)
    }
}
