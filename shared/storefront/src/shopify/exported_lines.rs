//! What the lines of an exported order cost: the order's discounts, tax and refunds shared out over them.

use rules::{
    facts::{Line, LineKind},
    money::Currency,
};

use crate::reading::Object;

/// Of the whole order, in minor units.
pub(super) struct Amounts {
    subtotal: i64,
    /// Of the lines, without that of shipping.
    tax: i64,
    tax_is_included: bool,
    is_refunded: bool,
    pub(super) refunded: i64,
}

impl Amounts {
    pub(super) fn read(order: &Object, currency: Option<Currency>) -> Option<Amounts> {
        let amount = |name: &str| {
            let field = order.get(name);
            if field.is_absent() { Some(0) } else { field.money(currency) }
        };
        let subtotal = order.need("Subtotal").money(currency);
        let (shipping, taxes, total) = (amount("Shipping"), amount("Taxes"), amount("Total"));
        let refunded = amount("Refunded Amount");
        let (subtotal, shipping, taxes, total, refunded) = (subtotal?, shipping?, taxes?, total?, refunded?);
        let status = order.get("Financial Status").text();
        Some(Amounts {
            subtotal,
            tax: part(taxes, subtotal, subtotal.saturating_add(shipping)),
            tax_is_included: subtotal.saturating_add(shipping).saturating_add(taxes) > total,
            is_refunded: status.as_deref() == Some("refunded") || (refunded > 0 && refunded >= total),
            refunded,
        })
    }

    /// What the lines cost the buyer.
    fn gross(&self) -> i64 {
        if self.tax_is_included { self.subtotal } else { self.subtotal.saturating_add(self.tax) }
    }
}

/// The lines with their parts of what the order tells as a whole.
pub(super) fn share_out(order: &Object, mut lines: Vec<Line>, amounts: &Amounts) -> Option<Vec<Line>> {
    let listed = total(&lines);
    if listed < amounts.subtotal {
        return order.get("Subtotal").refuse("is more than the lines cost: is the order cut in two, or was it edited?");
    }
    spread(&mut lines, listed - amounts.subtotal, |line, part| line.discount += part);
    if amounts.tax_is_included {
        spread(&mut lines, amounts.tax.min(amounts.subtotal), |line, part| line.tax_included += part);
    }
    if amounts.is_refunded {
        lines.iter_mut().for_each(|line| line.current_quantity = Some(0));
    } else {
        let refunded = part(total(&lines), amounts.refunded.min(amounts.gross()), amounts.gross());
        spread(&mut lines, refunded, |line, part| line.discount += part);
    }
    Some(lines)
}

/// What is left of a line; a tip is not in the subtotal.
fn net(line: &Line) -> i64 {
    match line.kind {
        LineKind::Tip => 0,
        _ => line.price.saturating_mul(i64::from(line.quantity)) - line.discount - line.tax_included,
    }
}

/// Cannot overflow: no line is worth more than `MAX_MINOR`, and no order has more than `MAX_PARTS`.
fn total(lines: &[Line]) -> i64 {
    lines.iter().map(net).sum()
}

/// Shares an amount over the lines pro rata what is left of them, counted from one sum to the next, so
/// that the parts are exactly the whole.
fn spread(lines: &mut [Line], amount: i64, mut give: impl FnMut(&mut Line, i64)) {
    let all = total(lines);
    let mut so_far = 0;
    for line in lines {
        let before = part(amount, so_far, all);
        so_far += net(line);
        give(line, part(amount, so_far, all) - before);
    }
}

/// `amount x of / whole`, rounded down.
fn part(amount: i64, of: i64, whole: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    i64::try_from(i128::from(amount) * i128::from(of) / i128::from(whole)).unwrap_or(0)
}
