//! Cases: what a person at the shop must look at.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::{CaseId, HappeningId, HoldId, MemberId, OrderKey, Source},
    points::Points,
};

const ID_BYTES: usize = 12;
/// What the law and the storefront leave a shop to answer what is demanded of it.
const TIME_TO_ANSWER: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    #[serde(flatten)]
    pub about: About,
    pub opened_at: Timestamp,
    /// The last moment to do what it demands, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
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
    /// The member asked the storefront for what is kept of them.
    DataRequest { member: MemberId, source: Source, request: HappeningId },
    /// The shop no longer uses us, and the storefront demands that its customers be forgotten.
    ShopRedact { source: Source },
}

impl Case {
    pub fn open(about: About, opened_at: Timestamp) -> Case {
        let due_at = match about {
            About::HoldNotCovered { .. } => None,
            About::DataRequest { .. } | About::ShopRedact { .. } => Some(opened_at + TIME_TO_ANSWER),
        };
        Case { id: about.id(), about, opened_at, due_at }
    }
}

impl About {
    /// The same for the same occasion, so that a case that is opened twice is one.
    fn id(&self) -> CaseId {
        let occasion = match self {
            About::HoldNotCovered { hold, order, .. } => {
                format!("hold_not_covered#{hold}#{}#{}", order.source.numbering(), order.id)
            }
            About::DataRequest { source, request, .. } => format!("data_request#{}#{request}", source.numbering()),
            About::ShopRedact { source } => format!("shop_redact#{source}"),
        };
        let digest = Sha256::digest(occasion);
        CaseId::from_hash(digest.split_at(ID_BYTES).0)
    }
}
