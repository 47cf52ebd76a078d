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
