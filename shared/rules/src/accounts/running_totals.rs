//! Purchases with the sum of all before each: any window of them is one subtraction.

use jiff::Timestamp;

use crate::{points::Overflow, purchases::Contribution};

/// Built once per replay, so that a thousand purchases cost no more than each of them once.
#[derive(Debug)]
pub(crate) struct RunningTotals {
    seconds: Vec<i64>,
    /// `upto[n]` is the sum of the first `n`, so it is one longer.
    upto: Vec<Total>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Total {
    spend: i128,
    points: i128,
    orders: i128,
}

impl RunningTotals {
    /// The oldest first.
    pub(crate) fn of(purchases: impl Iterator<Item = (Timestamp, Contribution)>) -> RunningTotals {
        let mut total = Total::default();
        let (mut seconds, mut upto) = (Vec::new(), vec![total]);
        for (at, contribution) in purchases {
            // 64-bit numbers cannot overflow 128 bits in any number that fits a row
            total.spend += i128::from(contribution.spend);
            total.points += i128::from(contribution.points);
            total.orders += i128::from(contribution.orders);
            seconds.push(at.as_second());
            upto.push(total);
        }
        RunningTotals { seconds, upto }
    }

    /// What came after `from`, up to and including `to`.
    pub(crate) fn within(&self, from: Timestamp, to: Timestamp) -> Result<Contribution, Overflow> {
        if from > to {
            return Ok(Contribution::default());
        }
        let (before, all) = (self.upto_and_with(from), self.upto_and_with(to));
        let fits = |sum: i128| i64::try_from(sum).map_err(|_| Overflow);
        Ok(Contribution {
            spend: fits(all.spend - before.spend)?,
            points: fits(all.points - before.points)?,
            orders: fits(all.orders - before.orders)?,
        })
    }

    /// The first purchase after that instant.
    pub(crate) fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        let second = *self.seconds.get(self.count_upto(at))?;
        Timestamp::from_second(second).ok()
    }

    fn upto_and_with(&self, at: Timestamp) -> Total {
        self.upto.get(self.count_upto(at)).copied().unwrap_or_default()
    }

    fn count_upto(&self, at: Timestamp) -> usize {
        self.seconds.partition_point(|second| *second <= at.as_second())
    }
}
