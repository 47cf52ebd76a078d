//! How many points expired in which month, so that a refund of points that expired unspent takes
//! nothing else.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::points::{Overflow, Points};

/// Months kept apart; what expired before them is one sum.
const MAX_MONTHS: usize = 36;

/// Expired points by the first day of the month of their `expires_on`, the oldest first. The first of
/// them may be the sum of all months up to one; it has that month's last day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lapsed(Vec<(Date, Points)>);

impl Lapsed {
    /// # Errors
    /// `Overflow` if the month's sum would not fit.
    pub fn add(&mut self, expires_on: Date, points: Points) -> Result<(), Overflow> {
        let month = self.month_of(expires_on);
        match self.0.iter_mut().find(|(known, _)| *known == month) {
            Some((_, sum)) => *sum = sum.plus(points)?,
            None => self.0.push((month, points)),
        }
        self.0.sort_by_key(|(month, _)| *month);
        while let (true, [(_, oldest), (month, next), ..]) = (self.0.len() > MAX_MONTHS, self.0.as_mut_slice()) {
            *next = next.plus(*oldest)?;
            *month = month.last_of_month();
            self.0.remove(0);
        }
        Ok(())
    }

    /// Takes up to so many of the points that expired in that month, and says how many there were.
    ///
    /// # Errors
    /// `Overflow` never in practice: what is taken was there.
    pub fn take(&mut self, expires_on: Date, at_most: Points) -> Result<Points, Overflow> {
        let month = self.month_of(expires_on);
        let mut taken = Points::ZERO;
        if let Some((_, sum)) = self.0.iter_mut().find(|(known, _)| *known == month) {
            taken = at_most.min(*sum);
            *sum = sum.minus(taken)?;
        }
        self.0.retain(|(_, sum)| !sum.is_zero());
        Ok(taken)
    }

    /// Takes up to so many of the points that expired in that month or after it, the oldest first.
    ///
    /// # Errors
    /// `Overflow` never in practice: what is taken was there.
    pub fn take_since(&mut self, expires_on: Date, at_most: Points) -> Result<Points, Overflow> {
        let mut taken = self.take(expires_on, at_most)?;
        let since = expires_on.first_of_month();
        let later: Vec<Date> = self.0.iter().map(|(month, _)| *month).filter(|month| *month > since).collect();
        for month in later {
            taken = taken.plus(self.take(month, at_most.minus(taken)?)?)?;
        }
        Ok(taken)
    }

    /// Adds what expired of another account.
    ///
    /// # Errors
    /// `Overflow` if a month's sum would not fit.
    pub fn absorb(&mut self, other: &Lapsed) -> Result<(), Overflow> {
        for (month, points) in &other.0 {
            if month.day() > 1 && self.month_of(*month) != *month {
                self.sum_up_to(*month)?;
            }
            self.add(*month, *points)?;
        }
        Ok(())
    }

    /// Makes one sum of all months up to that day, unless a later sum has them.
    fn sum_up_to(&mut self, day: Date) -> Result<(), Overflow> {
        if self.0.first().is_some_and(|(up_to, _)| up_to.day() > 1 && *up_to > day) {
            return Ok(());
        }
        let (older, kept): (Vec<_>, Vec<_>) = self.0.iter().copied().partition(|(month, _)| *month <= day);
        let sum = Points::sum(older.into_iter().map(|(_, points)| points))?;
        self.0 = std::iter::once((day, sum)).chain(kept).collect();
        Ok(())
    }

    /// The day by which the points that expired on that day are kept.
    fn month_of(&self, expires_on: Date) -> Date {
        match self.0.first() {
            Some((up_to, _)) if up_to.day() > 1 && *up_to >= expires_on => *up_to,
            _ => expires_on.first_of_month(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_expired_can_be_taken_once() {
        let mut lapsed = Lapsed::default();
        lapsed.add(date(2026, 3, 31), Points::new(70)).unwrap();
        assert_eq!(lapsed.take(date(2026, 3, 31), Points::new(50)), Ok(Points::new(50)));
        assert_eq!(lapsed.take(date(2026, 3, 31), Points::new(50)), Ok(Points::new(20)));
        assert_eq!(lapsed, Lapsed::default());
    }

    #[test]
    fn what_expired_of_two_accounts_can_be_taken_once_from_one() {
        let (mut one, mut other) = (Lapsed::default(), Lapsed::default());
        one.add(date(2026, 3, 31), Points::new(70)).unwrap();
        for month in 0..48 {
            other.add(crate::zone::add_months(date(2022, 4, 30), month), Points::new(1)).unwrap();
        }
        for (into, from) in [(&one, &other), (&other, &one)] {
            let mut both = into.clone();
            both.absorb(from).unwrap();
            assert_eq!(both.take(date(2022, 4, 30), Points::new(100)), Ok(Points::new(13)), "the old ones are one sum");
            assert_eq!(both.take(date(2026, 3, 31), Points::new(100)), Ok(Points::new(71)));
        }
    }

    #[test]
    fn points_of_another_month_are_not_touched() {
        let mut lapsed = Lapsed::default();
        lapsed.add(date(2026, 3, 31), Points::new(70)).unwrap();
        assert_eq!(lapsed.take(date(2026, 2, 28), Points::new(50)), Ok(Points::ZERO));
        assert_eq!(lapsed.take(date(2026, 4, 30), Points::new(50)), Ok(Points::ZERO));
        assert_eq!(lapsed.take_since(date(2026, 2, 28), Points::new(50)), Ok(Points::new(50)));
    }

    #[test]
    fn old_months_are_one_sum_and_nothing_is_forgotten() {
        let mut lapsed = Lapsed::default();
        for month in 0..48 {
            lapsed.add(crate::zone::add_months(date(2020, 1, 31), month), Points::new(1)).unwrap();
        }
        assert_eq!(lapsed.0.len(), MAX_MONTHS);
        assert_eq!(lapsed.take(date(2020, 1, 31), Points::new(100)), Ok(Points::new(13)));
    }
}
