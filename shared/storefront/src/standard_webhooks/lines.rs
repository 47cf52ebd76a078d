//! The lines of an order.

use rules::{
    facts::{Line, LineKind},
    money::Currency,
};

use crate::{order_lines, reading::Object};

/// The order's lines, if each of them can be read.
pub(super) fn read(order: &Object, currency: Option<Currency>) -> Option<Vec<Line>> {
    order_lines::read(&order.need("lines"), |item| line(item, currency))
}

fn line(item: &Object, currency: Option<Currency>) -> Option<Line> {
    let id = item.need("id").text_id();
    let product_id = item.get("product_id").text_id();
    let kind = kind(item);
    let quantity = item.need("quantity").quantity();
    let price = item.need("price").amount_in(currency);
    let discount = item.get("discount").amount_in(currency).unwrap_or(0);
    let tax_included = item.get("tax_included").amount_in(currency).unwrap_or(0);
    let (quantity, price) = (quantity?, price?);
    order_lines::worth(&item.get("price"), price, quantity)?;
    Some(Line { id: id?, product_id, kind: kind?, quantity, current_quantity: None, price, discount, tax_included })
}

fn kind(item: &Object) -> Option<LineKind> {
    let field = item.get("kind");
    if field.is_absent() {
        return Some(LineKind::Product);
    }
    match field.text()?.as_str() {
        "product" => Some(LineKind::Product),
        "gift_card" => Some(LineKind::GiftCard),
        "tip" => Some(LineKind::Tip),
        _ => field.refuse("must be `product`, `gift_card` or `tip`"),
    }
}
