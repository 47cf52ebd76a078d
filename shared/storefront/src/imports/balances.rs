//! Opening balances, in our own format:
//!
//! | field | |
//! | --- | --- |
//! | `email`, `customer_id` or `member_id` | one of them |
//! | `points` | needed: 1 to 1,000,000,000 |
//! | `expires_on` | the last day on which they can be spent, not past; without it, as if earned today |
//! | `reference` | tells one balance of a member from another: each is given once. `opening` if left out |

use rules::points::Points;

use super::{BalanceEntry, Context, Entry, who};
use crate::reading::Object;

pub(super) const COLUMNS: &[&str] = &["email", "customer_id", "member_id", "points", "expires_on", "reference"];

const MAX_POINTS: i64 = 1_000_000_000;
const REFERENCE: &str = "opening";

pub(super) fn read(row: &Object, context: &Context) -> Option<Entry> {
    row.has_only(COLUMNS);
    let who = who::read(row, context);
    let points = row.need("points").whole(1..=MAX_POINTS);
    let expires_on = row.get("expires_on").date();
    let reference = row.get("reference");
    let reference = if reference.is_absent() { Some(REFERENCE.to_owned()) } else { reference.word() };
    let points = Points::new(points?);
    Some(Entry::Balance(BalanceEntry { who: who?, points, expires_on, reference: reference? }))
}
