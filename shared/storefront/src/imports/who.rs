//! Whom a row is about: an address, a customer's number at the source, or our own id.

use rules::ids::{CustomerId, CustomerKey, MemberId};

use super::{Context, Who};
use crate::reading::Object;

/// Exactly one of the three.
pub(super) fn read(row: &Object, context: &Context) -> Option<Who> {
    let given = ["email", "customer_id", "member_id"].map(|name| !row.get(name).is_absent());
    match given {
        [true, false, false] => row.get("email").email().map(Who::Email),
        [false, true, false] => {
            let customer_id: CustomerId = row.get("customer_id").text_id()?;
            Some(Who::Customer(CustomerKey { source: context.source.clone(), customer_id }))
        }
        [false, false, true] => row.get("member_id").text_id::<MemberId>().map(Who::Member),
        _ => row.refuse("must have one of `email`, `customer_id` and `member_id`"),
    }
}
