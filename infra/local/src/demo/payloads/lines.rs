//! A line of an order, as orders, parcels and refunds show it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    money::{amount, bag},
    template::{ORDER, filled, gid, part},
};
use crate::demo::{
    market::Market,
    order::{Line, Order},
};

/// The line at that position, as it was at that time.
pub(super) fn line(order: &Order, position: usize, line: &Line, market: &Market, at: Timestamp) -> Value {
    let (id, product) = (order.line_id(position), line.product);
    let current = line.quantity - order.refunded_units(position, at);
    let shipped = order.parcels.iter().any(|parcel| parcel.shipped_at <= at && parcel.lines.contains(&position));
    let discount = order.discount_on(line);
    filled(
        part(&ORDER, "/line_items/0"),
        json!({
            "id": id,
            "admin_graphql_api_id": gid("LineItem", id),
            "current_quantity": current,
            "fulfillable_quantity": if shipped { 0 } else { current },
            "fulfillment_status": shipped.then_some("fulfilled"),
            "gift_card": product.gift_card,
            "grams": product.grams,
            "name": format!("{} - {}", product.title, product.variant),
            "price": amount(product.price),
            "price_set": bag(product.price, market.currency),
            "product_id": product.id,
            "quantity": line.quantity,
            "requires_shipping": !product.gift_card,
            "sku": product.sku,
            "taxable": !product.gift_card,
            "title": product.title,
            "total_discount_set": bag(0, market.currency),
            "variant_id": 37_400_000_000_000 + product.id,
            "variant_title": product.variant,
            "tax_lines": tax_lines(order.tax_of(line, market), market),
            "discount_allocations": allocations(discount, market),
        }),
    )
}

pub(super) fn tax_lines(tax: i64, market: &Market) -> Vec<Value> {
    let rate: Option<serde_json::Number> = market.rate().parse().ok();
    let line = filled(
        part(&ORDER, "/tax_lines/0"),
        json!({ "price": amount(tax), "price_set": bag(tax, market.currency), "rate": rate, "title": market.tax }),
    );
    if tax == 0 { Vec::new() } else { vec![line] }
}

fn allocations(discount: i64, market: &Market) -> Vec<Value> {
    let allocation = filled(
        part(&ORDER, "/line_items/0/discount_allocations/0"),
        json!({ "amount": amount(discount), "amount_set": bag(discount, market.currency) }),
    );
    if discount == 0 { Vec::new() } else { vec![allocation] }
}
