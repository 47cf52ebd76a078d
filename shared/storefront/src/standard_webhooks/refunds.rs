//! Refunds, alone and inside orders alike.

use std::collections::BTreeMap;

use rules::{
    facts::Refund,
    ids::{LineId, RefundId},
    money::Currency,
    register::Register,
};

use crate::reading::Object;

/// `currency` is the order's, where it is known.
pub(super) fn read(refund: &Object, currency: Option<Currency>) -> Option<(RefundId, Register<Refund>)> {
    let id = refund.need("id").text_id();
    let refunded_at = refund.need("refunded_at").time();
    let updated_at = refund.get("updated_at").time().or(refunded_at);
    let units = units(refund);
    let amount = amount(refund, currency);
    if refund.get("lines").is_absent() && refund.get("amount").is_absent() {
        return refund.get("lines").refuse("is missing, and so is `amount`");
    }
    let refund = Refund { refunded_at: refunded_at?, units, amount: amount? };
    Some((id?, Register::new(updated_at?, refund).ok()?))
}

fn units(refund: &Object) -> BTreeMap<LineId, u32> {
    let mut units = BTreeMap::new();
    for item in refund.objects("lines") {
        let (line, quantity) = (item.need("line_id").text_id(), item.need("quantity").quantity());
        if let (Some(line), Some(quantity @ 1..)) = (line, quantity) {
            *units.entry(line).or_default() += quantity;
        }
    }
    units
}

fn amount(refund: &Object, currency: Option<Currency>) -> Option<i64> {
    let field = refund.get("amount");
    match currency {
        _ if field.is_absent() => Some(0),
        Some(currency) => field.amount_in(Some(currency)),
        None => field.amount().map(|money| money.minor),
    }
}
