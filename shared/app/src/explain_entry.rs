//! Why a ledger entry is what it is.

use jiff::Timestamp;
use rules::{ids::MemberId, ledger::Entry};

use crate::{App, error::AppError, explain_order::OrderExplained, load_account::Audience};

#[derive(Clone, Debug)]
pub struct EntryExplained {
    pub entry: Entry,
    /// The order as it is known today, for an entry of an order.
    pub order: Option<OrderExplained>,
    pub why: Vec<String>,
}

impl App {
    /// # Errors
    /// `UnknownMember`; `UnknownEntry`.
    pub async fn explain_entry(
        &self,
        member: &MemberId,
        audience: Audience,
        sequence: u64,
        now: Timestamp,
    ) -> Result<EntryExplained, AppError> {
        let entry = self.ledger_entry(member, audience, sequence, now).await?;
        let order = match &entry.order {
            Some(key) => Some(self.explain_order(key, now).await?),
            None => None,
        };
        let mut why = entry.sentences();
        why.extend(order.iter().flat_map(|order| order.explanation.why.iter().cloned()));
        Ok(EntryExplained { entry, order, why })
    }
}
