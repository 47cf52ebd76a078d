//! Where a member's newest order went: when nobody has told their time zone, it is night for them when it is there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::Account;

/// In rows a tuple with the second, because most members have one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, i64)", into = "(String, i64)")]
pub struct ShippedTo {
    /// ISO 3166-1 alpha-2; that of the bill, where nothing is shipped.
    pub country: String,
    pub ordered_at: Timestamp,
}

impl Account {
    /// The newer order's holds, whichever is heard of last; of one order what it says last. Of who was erased nothing
    /// more is kept.
    pub fn ships_to(&mut self, told: Option<ShippedTo>) {
        let newest = self.shipped_to.as_ref().map(|known| known.ordered_at.as_second());
        let is_news = |told: &ShippedTo| newest <= Some(told.ordered_at.as_second());
        if let Some(told) = told.filter(|told| self.erased_at.is_none() && is_news(told)) {
            self.shipped_to = Some(told);
        }
    }
}

impl From<(String, i64)> for ShippedTo {
    fn from((country, second): (String, i64)) -> ShippedTo {
        ShippedTo { country, ordered_at: Timestamp::from_second(second).unwrap_or(Timestamp::MIN) }
    }
}

impl From<ShippedTo> for (String, i64) {
    fn from(to: ShippedTo) -> (String, i64) {
        (to.country, to.ordered_at.as_second())
    }
}
