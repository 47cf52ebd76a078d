//! What a program does with reviews.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    program::Program,
    program_check::Found,
    rating::{NotARating, Rating},
    review::ReviewState,
};

const MAX_ANSWER_HOURS: u16 = 24 * 60;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reviews {
    pub publish: Publish,
    /// The fewest stars that are published without a person's word; for `from_rating`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_rating: Option<u8>,
    /// So many stars or fewer open a case; 0 opens none.
    pub alert_at_most: u8,
    /// How long the shop has to answer such a one.
    pub answer_within_hours: u16,
}

/// Which reviews are shown without a person's word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    #[default]
    AtOnce,
    AfterApproval,
    /// Those with so many stars; the others wait.
    FromRating,
}

impl Default for Reviews {
    fn default() -> Reviews {
        Reviews { publish: Publish::AtOnce, from_rating: None, alert_at_most: 3, answer_within_hours: 48 }
    }
}

impl Reviews {
    /// What becomes of a review with so many stars.
    pub fn state_of(&self, rating: Rating) -> ReviewState {
        let shown = match self.publish {
            Publish::AtOnce => true,
            Publish::AfterApproval => false,
            Publish::FromRating => self.from_rating.is_some_and(|fewest| rating.get() >= fewest),
        };
        if shown { ReviewState::Published } else { ReviewState::Pending }
    }

    pub fn alerts(&self, rating: Rating) -> bool {
        rating.get() <= self.alert_at_most
    }

    pub fn answer_within(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.answer_within_hours))
    }
}

impl Program {
    pub(crate) fn check_reviews(&self, found: &mut Found) {
        let reviews = &self.reviews;
        let goes_by_rating = reviews.publish == Publish::FromRating;
        match reviews.from_rating {
            None => found.unless(!goes_by_rating, "/reviews/from_rating", "is missing: `publish` goes by it"),
            Some(stars) => {
                found.unless(goes_by_rating, "/reviews/from_rating", "is for `publish` of `from_rating` alone");
                let is_rating = Rating::try_from(stars).is_ok();
                found.unless(is_rating, "/reviews/from_rating", &NotARating.to_string());
            }
        }
        found.unless(reviews.alert_at_most <= 5, "/reviews/alert_at_most", "must be at most 5");
        let in_range = (1..=MAX_ANSWER_HOURS).contains(&reviews.answer_within_hours);
        found.unless(in_range, "/reviews/answer_within_hours", &format!("must be 1 to {MAX_ANSWER_HOURS}"));
    }
}
