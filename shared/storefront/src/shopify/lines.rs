//! The lines of an order.

use rules::{
    facts::{Line, LineKind},
    money::Currency,
};

use crate::{order_lines, reading::Object};

/// The order's lines, if each of them can be read.
pub(super) fn read(order: &Object, currency: Option<Currency>) -> Option<Vec<Line>> {
    let taxes_included = order.get("taxes_included").flag().unwrap_or(false);
    order_lines::read(&order.need("line_items"), |item| line(item, currency, taxes_included))
}

fn line(item: &Object, currency: Option<Currency>, taxes_included: bool) -> Option<Line> {
    let id = item.need("id").id();
    let product_id = item.get("product_id").id();
    let kind = kind(item);
    let quantity = item.need("quantity").quantity();
    let current_quantity = item.get("current_quantity").quantity();
    let price = item.need("price").money(currency);
    let discount = sum(item, "discount_allocations", "amount", currency);
    let taxes = sum(item, "tax_lines", "price", currency);
    let (quantity, price) = (quantity?, price?);
    order_lines::worth(&item.get("price"), price, quantity)?;
    let tax_included = if taxes_included { taxes } else { 0 };
    Some(Line { id: id?, product_id, kind, quantity, current_quantity, price, discount, tax_included })
}

/// A tip is a line of its own, told from a custom item by its `tip` field.
fn kind(item: &Object) -> LineKind {
    if item.get("gift_card").flag() == Some(true) {
        LineKind::GiftCard
    } else if !item.get("tip").is_absent() {
        LineKind::Tip
    } else {
        LineKind::Product
    }
}

/// Cannot overflow: a list is no longer than `MAX_PARTS`, an amount no larger than `MAX_MINOR`.
fn sum(item: &Object, list: &str, field: &str, currency: Option<Currency>) -> i64 {
    item.objects(list).iter().filter_map(|entry| entry.need(field).money(currency)).sum()
}
