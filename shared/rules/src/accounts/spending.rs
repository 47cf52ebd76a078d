//! Spending: available points, the earliest expiry first; and what was spent coming back.

use crate::{
    lots::{Lot, LotDates},
    points::{Overflow, Points},
    posting::{Changes, Posting},
    zone::add_days,
};

/// Why points cannot be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpendError {
    #[error("{needed} points are needed and {available} are available")]
    Insufficient { needed: Points, available: Points },
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Posting<'_> {
    /// Takes available points, the earliest expiry first, or none at all; those that are held are not
    /// available. Says what came from which lot, so that it can go back there.
    pub(crate) fn spend(&mut self, changes: &mut Changes, points: Points) -> Result<Vec<Lot>, SpendError> {
        let available = self.balance()?.available;
        if points > available {
            return Err(SpendError::Insufficient { needed: points, available });
        }
        Ok(self.take_available(changes, points)?)
    }

    /// Takes up to so many points of available lots, whoever holds them.
    pub(crate) fn take_available(&mut self, changes: &mut Changes, points: Points) -> Result<Vec<Lot>, Overflow> {
        let today = self.today();
        let lots: Vec<Lot> = self.account.lots.iter().copied().collect();
        let mut spent = Vec::new();
        let mut missing = points;
        for lot in lots.into_iter().filter(|lot| lot.dates.on(today).available_on.is_none()) {
            let part = self.take_from(changes, lot.dates, missing)?;
            missing = missing.minus(part)?;
            if part.is_positive() {
                spent.push(Lot { dates: lot.dates, points: part });
            }
        }
        Ok(spent)
    }

    /// Gives spent points back: with their old expiry, at least the program's days of grace from now.
    /// A debt takes them first.
    pub(crate) fn give_back(&mut self, changes: &mut Changes, spent: &[Lot]) -> Result<(), Overflow> {
        let earliest = add_days(self.today(), i64::from(self.program().expiry.grace_days));
        for lot in spent {
            let dates = LotDates { expires_on: lot.dates.expires_on.max(earliest), ..lot.dates };
            self.credit(changes, dates, lot.points)?;
        }
        Ok(())
    }
}
