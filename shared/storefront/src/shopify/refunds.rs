//! Refunds, in `refunds/create` and inside orders alike. Only what both have is read, so that the
//! very same refund has the very same hash in both.

use std::collections::BTreeMap;

use rules::{
    facts::{OrderFacts, Refund},
    ids::{LineId, RefundId},
    money::Currency,
    register::Register,
};

use crate::{
    event::{Event, OrderEvent},
    reading::Object,
};

pub(super) fn event(refund: &Object) -> Option<Event> {
    let id = refund.need("order_id").id();
    let refunds = BTreeMap::from_iter(read(refund, None));
    let facts = OrderFacts { refunds, ..OrderFacts::default() };
    Some(Event::Order(OrderEvent { id: id?, facts, buyer: None }))
}

/// `order_currency` stands in where the refund itself names none.
pub(super) fn read(refund: &Object, order_currency: Option<Currency>) -> Option<(RefundId, Register<Refund>)> {
    let id = refund.need("id").id();
    let created_at = refund.need("created_at").time();
    let refunded_at = refund.get("processed_at").time().or(created_at);
    let units = units(refund);
    let amount = amount(refund, currency(refund).or(order_currency));
    let refund = Refund { refunded_at: refunded_at?, units, amount: amount? };
    Some((id?, Register::new(refund.refunded_at, refund).ok()?))
}

fn units(refund: &Object) -> BTreeMap<LineId, u32> {
    let mut units = BTreeMap::new();
    for item in refund.objects("refund_line_items") {
        let (line, quantity) = (item.need("line_item_id").id(), item.need("quantity").quantity());
        if let (Some(line), Some(quantity @ 1..)) = (line, quantity) {
            *units.entry(line).or_default() += quantity;
        }
    }
    units
}

/// The shop's currency, as the first of the refund's money bags names it.
fn currency(refund: &Object) -> Option<Currency> {
    let lists = ["refund_line_items", "order_adjustments", "transactions"];
    let entries = lists.iter().flat_map(|list| refund.objects(list));
    let bags: Vec<_> = entries.flat_map(|entry| entry.ending_in("_set").collect::<Vec<_>>()).collect();
    bags.iter().find_map(|bag| bag.object()?.object("shop_money")?.get("currency_code").currency())
}

/// Money that came back without units. Shopify states it as a discrepancy between what the returned
/// lines are worth and what was paid back, negative where more was paid back. A refund that lists
/// neither lines nor adjustments, nor shipping nor duties, is what its transactions paid back.
fn amount(refund: &Object, currency: Option<Currency>) -> Option<i64> {
    let adjustments = refund.objects("order_adjustments");
    if !adjustments.is_empty() {
        let discrepancies = adjustments.iter().filter(|adjustment| is_discrepancy(adjustment));
        let sum = total(discrepancies, currency)?;
        return Some((-sum).max(0));
    }
    let explained = ["refund_line_items", "refund_shipping_lines", "duties", "refund_duties"];
    if explained.iter().any(|list| !refund.objects(list).is_empty()) {
        return Some(0);
    }
    let transactions = refund.objects("transactions");
    Some(total(transactions.iter().filter(|transaction| paid_back(transaction)), currency)?.max(0))
}

/// Shipping earned nothing, so its refund takes nothing.
fn is_discrepancy(adjustment: &Object) -> bool {
    matches!(adjustment.get("kind").text().as_deref(), None | Some("refund_discrepancy"))
}

fn paid_back(transaction: &Object) -> bool {
    let (kind, status) = (transaction.get("kind").text(), transaction.get("status").text());
    kind.as_deref() == Some("refund") && status.as_deref() == Some("success")
}

/// In the shop's money where the entry says it; cannot overflow, as a list is no longer than
/// `MAX_PARTS` and an amount no larger than `MAX_MINOR`.
fn total<'o, 'a: 'o>(entries: impl Iterator<Item = &'o Object<'a>>, currency: Option<Currency>) -> Option<i64> {
    let amounts = entries.map(|entry| {
        let in_shop_money = entry.object("amount_set").and_then(|bag| bag.object("shop_money"));
        let holder = in_shop_money.as_ref().unwrap_or(entry);
        holder.need("amount").signed_money(currency)
    });
    amounts.sum()
}
