//! A ledger entry.

use jiff::Timestamp;
use rules::ledger::{Entry, EntryKind};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct EntryShape {
    /// `led_` and its number in the member's ledger, from 1
    pub id: String,
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    #[schema(value_type = String, example = "purchase")]
    kind: EntryKind,
    /// The difference to the ledger
    points: i64,
    balance_after: i64,
    reason: String,
    order: Option<OrderShape>,
    program_version: u64,
}

#[derive(Serialize, ToSchema)]
pub struct OrderShape {
    source: String,
    id: String,
}

impl From<Entry> for EntryShape {
    fn from(entry: Entry) -> EntryShape {
        EntryShape {
            id: format!("led_{:012}", entry.sequence),
            at: entry.at,
            kind: entry.kind,
            points: entry.points.get(),
            balance_after: entry.balance_after.get(),
            reason: entry.reason,
            order: entry.order.map(OrderShape::from),
            program_version: entry.program_version,
        }
    }
}

impl From<rules::ids::OrderKey> for OrderShape {
    fn from(key: rules::ids::OrderKey) -> OrderShape {
        OrderShape { source: key.source.into(), id: key.id.into() }
    }
}

/// The number of an entry in the member's ledger, from its id.
pub fn sequence(id: &str) -> Option<u64> {
    let is_number = |digits: &&str| digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    id.strip_prefix("led_").filter(is_number).and_then(|digits| digits.parse().ok())
}
