//! Activities: what a member does besides buying, and what a program gives for it.

use serde::{Deserialize, Serialize};

use crate::points::Points;

/// Given by enrolment alone, once; it has points and nothing else.
pub const ENROL: &str = "enrol";
/// What `review.created` of a storefront records.
pub const REVIEW: &str = "review";

/// One kind of activity, as the program has it under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    pub points: Points,
    /// How often, or for how many points, in a period; one for each period at most.
    #[serde(default)]
    pub caps: Vec<Cap>,
    /// Each subject (a product, a survey, a network) earns once in a lifetime.
    #[serde(default)]
    pub once_per_subject: bool,
    #[serde(default)]
    pub proof: Option<Proof>,
    /// Nothing is posted until a person at the shop approves it.
    #[serde(default)]
    pub approval: bool,
    /// Members may record it of themselves; else only the storefront's back end may, which saw it happen.
    /// It then needs a cap, because members choose their subjects too: in the program that we ship it is
    /// what costs little and is capped, a share and a check-in.
    #[serde(default)]
    pub self_service: bool,
}

/// A limit in each day, month or year of the program's zone, or in a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    pub period: CapPeriod,
    #[serde(default)]
    pub times: Option<u32>,
    #[serde(default)]
    pub points: Option<Points>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapPeriod {
    Day,
    Month,
    Year,
    Lifetime,
}

/// What must be known of the member's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// They have an order that is paid, not cancelled and not all refunded.
    HasOrder,
    /// Such an order has a line of the subject, which is a product's id, and they kept a unit of it.
    VerifiedPurchase,
}

impl Activity {
    /// Whether it cannot be recorded without a subject.
    pub fn needs_subject(&self) -> bool {
        self.once_per_subject || self.proof == Some(Proof::VerifiedPurchase)
    }
}

/// No subject is longer.
const MAX_SUBJECT_BYTES: usize = 200;

/// What an activity is about: a product, a survey, a network; never a person. Whatever differs in case
/// or blanks alone is the same one, and it is ASCII, so that no look-alike is another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Subject(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {MAX_SUBJECT_BYTES} visible ASCII characters, with blanks only between them")]
pub struct NotASubject;

impl Subject {
    /// # Errors
    /// `NotASubject` if it is empty, too long or has another character.
    pub fn parse(text: &str) -> Result<Subject, NotASubject> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let subject = words.join(" ").to_ascii_lowercase();
        let fit = !subject.is_empty() && subject.len() <= MAX_SUBJECT_BYTES;
        let visible = subject.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if fit && visible { Ok(Subject(subject)) } else { Err(NotASubject) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Subject {
    type Error = NotASubject;

    fn try_from(text: String) -> Result<Self, NotASubject> {
        Subject::parse(&text)
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_one_spelling() {
        for text in ["Blue Kettle", "  blue   kettle ", "BLUE KETTLE"] {
            assert_eq!(Subject::parse(text).unwrap().as_str(), "blue kettle");
        }
        for text in ["", "   ", "кettle", "blue\u{a0}kettle", "blue\u{200b}kettle", "blue\tkettle", &"a".repeat(201)] {
            assert_eq!(Subject::parse(text), Err(NotASubject), "{text:?}");
        }
    }
}
