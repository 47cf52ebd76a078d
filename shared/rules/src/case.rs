//! Cases: what a person at the shop must look at.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::{CaseId, HoldId, OrderKey},
    points::Points,
};

const ID_BYTES: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    #[serde(flatten)]
    pub about: About,
    pub opened_at: Timestamp,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum About {
    /// The order had the discount of a hold whose points were not there any more.
    HoldNotCovered {
        hold: HoldId,
        order: OrderKey,
        /// Those that nothing was taken for.
        points: Points,
    },
}

impl Case {
    pub fn open(about: About, opened_at: Timestamp) -> Case {
        Case { id: about.id(), about, opened_at }
    }
}

impl About {
    /// The same for the same occasion, so that a case that is opened twice is one.
    fn id(&self) -> CaseId {
        let About::HoldNotCovered { hold, order, .. } = self;
        let digest = Sha256::digest(format!("hold_not_covered#{hold}#{}#{}", order.source.numbering(), order.id));
        CaseId::from_hash(digest.split_at(ID_BYTES).0)
    }
}
