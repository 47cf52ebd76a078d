//! Refunds, of which an order tells only the number, the reason and the total: money with its tax and
//! perhaps shipping, for lines that are not named.
//!
//! It is taken to be for the lines until they are paid back with their tax, and only then for shipping
//! and fees: shops pay back goods and keep the shipping far more often than the other way round, and
//! nobody keeps points for what they sent back. What of it counts is pro rata the lines without tax:
//!
//! `paid back x lines without tax / lines with tax`
//!
//! where the lines with tax are at most the order's total, which store credit may have made smaller.
//! The shares are counted from one sum to the next, in the order of the refunds' numbers, which is the
//! order in which they were made, and rounded down; so that a refund's share does not change when
//! another one follows, and refunds of the whole total, however it was split, share exactly the whole
//! of the lines.
//!
//! A refund tells no time of its own. It is dated by the making of its order, in every payload the
//! same, because the order's own last change would make an old refund news again and again.

use std::collections::BTreeMap;

use rules::{
    facts::{Content, Refund},
    ids::RefundId,
    money::Currency,
    register::Register,
};

use super::lines;
use crate::reading::Object;

/// What was paid back in one refund, in minor units.
pub(super) struct PaidBack {
    id: RefundId,
    total: i64,
}

/// The order's refunds, the earliest first.
pub(super) fn paid_back(order: &Object, currency: Option<Currency>) -> Vec<PaidBack> {
    let refunds = order.objects("refunds");
    let mut refunds: Vec<PaidBack> = refunds.iter().filter_map(|refund| read(refund, currency)).collect();
    // the shorter of two numbers is the smaller one
    refunds.sort_by(|one, other| (one.id.as_str().len(), &one.id).cmp(&(other.id.as_str().len(), &other.id)));
    refunds
}

/// The total is negative.
fn read(refund: &Object, currency: Option<Currency>) -> Option<PaidBack> {
    let id = refund.need("id").id();
    let total = refund.need("total").nearest_signed_money(currency);
    Some(PaidBack { id: id?, total: total?.saturating_abs() })
}

/// What of each was paid for the lines, without tax. `lines_tax` is on top of what the lines cost.
pub(super) fn of_lines(
    paid_back: &[PaidBack],
    order_total: i64,
    lines_tax: i64,
    content: &Content,
) -> BTreeMap<RefundId, Register<Refund>> {
    let net = content.lines.iter().map(|line| i128::from(lines::net(line))).sum::<i128>();
    let gross = (net + i128::from(lines_tax)).min(i128::from(order_total));
    let share = |paid_back: i128| if gross == 0 { 0 } else { paid_back.min(gross) * net / gross };
    let mut so_far = 0_i128;
    let refunds = paid_back.iter().filter_map(|refund| {
        let before = share(so_far);
        so_far += i128::from(refund.total);
        let amount = i64::try_from(share(so_far) - before).ok()?;
        let value = Refund { refunded_at: content.created_at, units: BTreeMap::new(), amount };
        Some((refund.id.clone(), Register::new(content.created_at, value).ok()?))
    });
    refunds.collect()
}
