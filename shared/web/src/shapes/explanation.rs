//! Why an order or an entry is what it is.

use app::{explain_entry::EntryExplained, explain_order::OrderExplained};
use rules::explain::Explanation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::entry::{EntryShape, OrderShape};

#[derive(Serialize, ToSchema)]
pub struct OrderExplanation {
    order: OrderShape,
    /// None while no event has named them
    member_id: Option<String>,
    /// Facts, rules, each line's share and points, dates, and the same in sentences
    #[serde(flatten)]
    #[schema(value_type = Object)]
    explanation: Explanation,
}

#[derive(Serialize, ToSchema)]
pub struct EntryExplanation {
    entry: EntryShape,
    why: Vec<String>,
    /// The order as it is known today, for an entry of an order
    order: Option<OrderExplanation>,
}

impl From<OrderExplained> for OrderExplanation {
    fn from(explained: OrderExplained) -> OrderExplanation {
        OrderExplanation {
            order: explained.order.into(),
            member_id: explained.member.map(String::from),
            explanation: explained.explanation,
        }
    }
}

impl From<EntryExplained> for EntryExplanation {
    fn from(explained: EntryExplained) -> EntryExplanation {
        EntryExplanation {
            entry: explained.entry.into(),
            why: explained.why,
            order: explained.order.map(OrderExplanation::from),
        }
    }
}
