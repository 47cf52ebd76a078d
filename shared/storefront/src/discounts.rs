//! The discount codes of an order, and the hold that it names, whichever storefront lists them.
//!
//! A code is what a buyer typed, a note is what they or a plugin wrote: what cannot be ours is not
//! ours, and never has an order refused.

use rules::{
    facts::AppliedCode,
    ids::{CouponCode, HoldId},
};

use crate::reading::{Field, Object};

/// The name under which a storefront says which hold an order uses.
pub(crate) const HOLD: &str = "regulars_hold";
/// More codes than this are not looked at: no checkout takes so many, and each is looked up.
const MAX_CODES: usize = 20;

/// What each entry took off; one that is listed twice, both.
pub(crate) fn codes(entries: &[Object], amount: impl Fn(&Object) -> Option<i64>) -> Vec<AppliedCode> {
    entries.iter().fold(Vec::new(), |codes, entry| and(codes, entry, amount(entry)))
}

/// The codes with that of one more entry.
pub(crate) fn and(mut codes: Vec<AppliedCode>, entry: &Object, amount: Option<i64>) -> Vec<AppliedCode> {
    let Some(code) = entry.get("code").meaning_if_any::<CouponCode>() else { return codes };
    if let Some(known) = codes.iter_mut().find(|known| known.code == code) {
        known.amount = known.amount.zip(amount).map(|(one, other)| one.saturating_add(other));
    } else if codes.len() < MAX_CODES {
        codes.push(AppliedCode { code, amount });
    }
    codes
}

/// The hold that a list of named values names; `name` is the field that names them.
pub(crate) fn hold_in(list: &Field, name: &str) -> Option<HoldId> {
    let named = |entry: &Object| entry.get(name).meaning_if_any::<String>().is_some_and(|name| name == HOLD);
    list.objects_if_any().iter().filter(|entry| named(entry)).find_map(|entry| entry.get("value").meaning_if_any())
}
