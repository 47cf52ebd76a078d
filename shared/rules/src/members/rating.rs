//! Stars: of one review, and of all that a product has.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Rating(u8);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to 5")]
pub struct NotARating;

impl Rating {
    pub const ALL: [Rating; 5] = [Rating(1), Rating(2), Rating(3), Rating(4), Rating(5)];

    pub const LOWEST: Rating = Rating(1);

    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Rating {
    type Error = NotARating;

    fn try_from(stars: u8) -> Result<Self, NotARating> {
        Rating::ALL.into_iter().find(|rating| rating.0 == stars).ok_or(NotARating)
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> u8 {
        rating.0
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How many published reviews gave a product how many stars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution([u64; 5]);

impl Distribution {
    pub fn add(&mut self, rating: Rating) {
        if let Some((_, count)) = Rating::ALL.iter().zip(&mut self.0).find(|(known, _)| **known == rating) {
            *count += 1;
        }
    }

    /// By stars, from one to five.
    pub fn iter(&self) -> impl Iterator<Item = (Rating, u64)> {
        Rating::ALL.into_iter().zip(self.0)
    }

    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    /// With two digits at most, halves upwards; none of nothing.
    pub fn average(&self) -> Option<String> {
        let count = u128::from(self.count());
        let stars: u128 = self.iter().map(|(rating, count)| u128::from(rating.get()) * u128::from(count)).sum();
        let hundredths = (stars * 200 + count).checked_div(count * 2)?;
        let (whole, part) = (hundredths / 100, hundredths % 100);
        Some(match part {
            0 => whole.to_string(),
            part if part % 10 == 0 => format!("{whole}.{}", part / 10),
            part => format!("{whole}.{part:02}"),
        })
    }
}

/// What was counted of a product, and when. It follows from its reviews alone, so whoever counts may overwrite it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRating {
    pub distribution: Distribution,
    pub counted_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(stars: &[u8]) -> Distribution {
        let mut distribution = Distribution::default();
        stars.iter().for_each(|stars| distribution.add(Rating::try_from(*stars).unwrap()));
        distribution
    }

    #[test]
    fn an_average_has_two_digits_at_most_and_rounds_halves_up() {
        for (stars, average) in [
            (vec![5, 5, 4, 4, 5], "4.6"),
            (vec![5, 5, 4], "4.67"),
            (vec![4, 4, 5], "4.33"),
            (vec![5], "5"),
            (vec![1, 5], "3"),
            // 3.125
            (vec![3, 3, 3, 3, 3, 3, 3, 4], "3.13"),
            (vec![4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5], "4.05"),
        ] {
            assert_eq!(distribution(&stars).average().as_deref(), Some(average), "{stars:?}");
        }
        assert_eq!(Distribution::default().average(), None);
    }

    #[test]
    fn only_one_to_five_are_stars() {
        assert_eq!([0, 6, 255].map(Rating::try_from), [Err(NotARating); 3]);
        assert_eq!(distribution(&[1, 5, 5]).iter().map(|(_, count)| count).collect::<Vec<_>>(), [1, 0, 0, 0, 2]);
    }
}
