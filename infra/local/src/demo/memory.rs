//! What a person has in mind: answers that what they do later rests on.

use std::collections::BTreeMap;

use super::order::{Discount, Order};

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Their id, once they were looked up.
    pub(super) member: Option<String>,
    /// Under another address.
    pub(super) second_member: Option<String>,
    /// A coupon that is still to be used.
    pub(super) coupon: Option<Discount>,
    /// Orders with a code in them, by their position in the shop's list.
    pub(super) orders: BTreeMap<usize, Order>,
}
