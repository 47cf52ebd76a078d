//! What a program does with reviews.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{program::Program, program_check::Found, rating::Rating, review::ReviewState};

const MAX_ANSWER_HOURS: u16 = 24 * 60;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewSettings {
    pub publish: Publish,
    /// So many stars or fewer open a case; 0 opens none.
    pub alert_at_most: u8,
    /// How long the shop has to answer such a one.
    pub answer_within_hours: u16,
}

/// Which reviews are shown without a person's word. Never by their stars: to hold back those with few misleads who reads
/// the others (16 CFR 465.7(b); Directive 2005/29/EC, annex I, 23c).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publish {
    #[default]
    AtOnce,
    AfterApproval,
}

impl Default for ReviewSettings {
    fn default() -> ReviewSettings {
        ReviewSettings { publish: Publish::AtOnce, alert_at_most: 3, answer_within_hours: 48 }
    }
}

impl ReviewSettings {
    /// What a review is, until a person says anything of it.
    pub fn first_state(&self) -> ReviewState {
        match self.publish {
            Publish::AtOnce => ReviewState::Published,
            Publish::AfterApproval => ReviewState::Pending,
        }
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
        found.unless(reviews.alert_at_most <= 5, "/reviews/alert_at_most", "must be at most 5");
        let in_range = (1..=MAX_ANSWER_HOURS).contains(&reviews.answer_within_hours);
        found.unless(in_range, "/reviews/answer_within_hours", &format!("must be 1 to {MAX_ANSWER_HOURS}"));
    }
}
