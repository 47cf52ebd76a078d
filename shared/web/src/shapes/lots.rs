//! What a balance is made of.

use app::read_lots::LotsAt;
use jiff::{Timestamp, civil::Date};
use rules::lots::Lot;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct LotsShape {
    #[schema(value_type = String, format = "date-time")]
    as_of: Timestamp,
    lots: Vec<LotShape>,
    available: i64,
    pending: i64,
    held: i64,
    debt: i64,
    /// available + pending + held - debt
    ledger: i64,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct LotShape {
    points: i64,
    #[schema(value_type = String, example = "available")]
    state: &'static str,
    /// The first day on which they can be spent; none once it has come
    #[schema(value_type = Option<String>, format = "date")]
    available_on: Option<Date>,
    /// The last day
    #[schema(value_type = String, format = "date")]
    expires_on: Date,
}

impl From<LotsAt> for LotsShape {
    fn from(at: LotsAt) -> LotsShape {
        let on = at.on;
        LotsShape {
            as_of: at.as_of,
            lots: at.lots.into_iter().map(|lot| shape(lot, on)).collect(),
            available: at.balance.available.get(),
            pending: at.balance.pending.get(),
            held: at.balance.held.get(),
            debt: at.balance.debt.get(),
            ledger: at.ledger.get(),
            next_cursor: None,
        }
    }
}

fn shape(lot: Lot, on: Date) -> LotShape {
    let available_on = lot.dates.on(on).available_on;
    let state = if available_on.is_some() { "pending" } else { "available" };
    LotShape { points: lot.points.get(), state, available_on, expires_on: lot.dates.expires_on }
}
