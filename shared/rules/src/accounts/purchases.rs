//! What counts toward tiers, by the instant it was paid or done: spend, points and orders.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{points::Overflow, running_totals::RunningTotals};

/// What one instant brought. Each part may be zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// Minor units of the program's currency.
    pub spend: i64,
    pub points: i64,
    pub orders: i64,
}

/// The contributions of the last two years by the second. In rows packed to about ten bytes each,
/// because a member with a hundred orders a year must fit in one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purchases(BTreeMap<i64, Contribution>);

impl Purchases {
    /// Replaces what an instant had by what it has now.
    ///
    /// # Errors
    /// `Overflow` if a sum would not fit.
    pub fn replace(&mut self, at: Timestamp, before: Contribution, after: Contribution) -> Result<(), Overflow> {
        let second = at.as_second();
        let mut known = self.0.get(&second).copied().unwrap_or_default();
        known.spend = replaced(known.spend, before.spend, after.spend)?;
        known.points = replaced(known.points, before.points, after.points)?;
        known.orders = replaced(known.orders, before.orders, after.orders)?;
        if known == Contribution::default() {
            self.0.remove(&second);
        } else {
            self.0.insert(second, known);
        }
        Ok(())
    }

    /// Adds what another account bought.
    ///
    /// # Errors
    /// `Overflow` if a sum would not fit.
    pub fn absorb(&mut self, other: &Purchases) -> Result<(), Overflow> {
        other.iter().try_for_each(|(at, brought)| self.replace(at, Contribution::default(), brought))
    }

    /// The oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, Contribution)> {
        self.0.iter().map(|(second, contribution)| (timestamp(*second), *contribution))
    }

    /// What came after `from`, up to and including `to`.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn within(&self, from: Timestamp, to: Timestamp) -> Result<Contribution, Overflow> {
        RunningTotals::of(self.iter()).within(from, to)
    }

    pub fn first_at(&self) -> Option<Timestamp> {
        self.0.keys().next().map(|second| timestamp(*second))
    }

    /// Forgets what came before that instant.
    pub fn forget_before(&mut self, at: Timestamp) {
        self.0 = self.0.split_off(&at.as_second());
    }
}

fn replaced(known: i64, before: i64, after: i64) -> Result<i64, Overflow> {
    known.checked_sub(before).and_then(|rest| rest.checked_add(after)).ok_or(Overflow)
}

fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Seconds since the entry before, and the three numbers.
type Packed = (i64, i64, i64, i64);

impl Serialize for Purchases {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = 0;
        let packed: Vec<Packed> = self
            .0
            .iter()
            .map(|(second, c)| (second - std::mem::replace(&mut last, *second), c.spend, c.points, c.orders))
            .collect();
        serializer.serialize_bytes(&postcard::to_allocvec(&packed).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Purchases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl de::Visitor<'_> for Bytes {
            type Value = Purchases;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("packed purchases")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Purchases, E> {
                let packed: Vec<Packed> = postcard::from_bytes(bytes).map_err(E::custom)?;
                let mut last = 0;
                let unpacked = packed.into_iter().map(|(since, spend, points, orders)| {
                    last += since;
                    (last, Contribution { spend, points, orders })
                });
                Ok(Purchases(unpacked.collect()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_years_of_a_hundred_orders_pack_into_a_third_of_an_account() {
        let mut purchases = Purchases::default();
        for order in 0..200 {
            let at = Timestamp::from_second(1_780_000_000 + order * 315_000).unwrap();
            let after = Contribution { spend: 12_345, points: 123, orders: 1 };
            purchases.replace(at, Contribution::default(), after).unwrap();
        }
        let mut bytes = Vec::new();
        let packed = postcard::to_allocvec(&purchases).unwrap();
        bytes.extend_from_slice(&packed);
        assert!(bytes.len() < 2_100, "{} bytes", bytes.len());
        assert_eq!(postcard::from_bytes::<Purchases>(&packed).unwrap(), purchases);
    }

    #[test]
    fn the_window_leaves_out_its_first_instant() {
        let mut purchases = Purchases::default();
        let one = Contribution { spend: 1, points: 1, orders: 1 };
        for second in [10, 20, 30] {
            purchases.replace(timestamp(second), Contribution::default(), one).unwrap();
        }
        assert_eq!(purchases.within(timestamp(10), timestamp(30)).unwrap().orders, 2);
        assert_eq!(purchases.within(timestamp(30), timestamp(10)).unwrap().orders, 0);
    }
}
