//! What a person has in mind: answers that what they do later rests on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::order::{Discount, Order};

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Their id, once they were looked up.
    pub(super) member: Option<String>,
    /// Under another address.
    pub(super) second_member: Option<String>,
    /// A coupon that is still to be used.
    pub(super) coupon: Option<Discount>,
    /// Since when no mail to them is right: they said no, or are gone.
    pub(super) alone_since: Option<Timestamp>,
    /// They said so by the link of a mail.
    pub(super) left_by_mail: bool,
    /// Products that they reviewed by a mail's link, by their numbers.
    pub(super) reviewed: BTreeSet<String>,
    /// Orders with a code in them, by their position in the shop's list.
    pub(super) orders: BTreeMap<usize, Order>,
}
