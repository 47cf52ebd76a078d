//! Refunds of units, and of money alone.

use serde_json::{Value, json};

use super::{
    lines::line,
    money::{amount, bag},
    template::{REFUND_OF_AMOUNT, REFUND_OF_UNITS, filled, gid, part},
};
use crate::demo::{
    market::Market,
    order::{Order, Refund, RefundOf},
};

/// `refunds/create`, and the same inside an order.
pub(in crate::demo) fn refund(order: &Order, position: usize, refund: &Refund, market: &Market) -> Value {
    let id = order.refund_id(position);
    let (template, own, paid_back) = match &refund.of {
        RefundOf::Units(units) => {
            let items: Vec<(Value, i64)> =
                units.iter().filter_map(|unit| item(order, id, *unit, refund, market)).collect();
            let paid_back = items.iter().map(|(_, paid_back)| paid_back).sum();
            let items: Vec<Value> = items.into_iter().map(|(item, _)| item).collect();
            (&REFUND_OF_UNITS, json!({ "refund_line_items": items }), paid_back)
        }
        RefundOf::Amount(minor) => {
            let adjustment = adjustment(order, id, *minor, market);
            (&REFUND_OF_AMOUNT, json!({ "order_adjustments": [adjustment] }), *minor)
        }
    };
    let transaction = transaction(part(template, "/transactions/0"), order, refund, id, paid_back, market);
    let shared = json!({
        "id": id,
        "admin_graphql_api_id": gid("Refund", id),
        "created_at": refund.at,
        "processed_at": refund.at,
        "order_id": order.id(),
        "total_additional_fees_set": bag(0, market.currency),
        "total_duties_set": bag(0, market.currency),
        "transactions": [transaction],
    });
    filled(filled(Value::clone(template), shared), own)
}

/// One line's units, and what is paid back for them.
fn item(
    order: &Order,
    refund_id: u64,
    (position, quantity): (usize, u32),
    refund: &Refund,
    market: &Market,
) -> Option<(Value, i64)> {
    let of = order.lines.get(position)?;
    let share = |whole: i64| whole * i64::from(quantity) / i64::from(of.quantity);
    let (subtotal, tax) = (share(order.net_of(of)), share(order.tax_of(of, market)));
    let fields = json!({
        "id": refund_id * 10 + position as u64,
        "line_item_id": order.line_id(position),
        "quantity": quantity,
        "subtotal": amount(subtotal),
        "subtotal_set": bag(subtotal, market.currency),
        "total_tax": amount(tax),
        "total_tax_set": bag(tax, market.currency),
        "line_item": line(order, position, of, market, refund.at),
    });
    let paid_back = if market.taxes_included { subtotal } else { subtotal + tax };
    Some((filled(part(&REFUND_OF_UNITS, "/refund_line_items/0"), fields), paid_back))
}

/// Money that went back beyond what came back.
fn adjustment(order: &Order, refund_id: u64, minor: i64, market: &Market) -> Value {
    let fields = json!({
        "id": refund_id + 1_000_000_000_000,
        "amount": amount(-minor),
        "amount_set": bag(-minor, market.currency),
        "order_id": order.id(),
        "refund_id": refund_id,
        "tax_amount": amount(0),
        "tax_amount_set": bag(0, market.currency),
    });
    filled(part(&REFUND_OF_AMOUNT, "/order_adjustments/0"), fields)
}

fn transaction(template: Value, order: &Order, refund: &Refund, id: u64, minor: i64, market: &Market) -> Value {
    let fields = json!({
        "id": id + 6_000_000_000_000,
        "admin_graphql_api_id": gid("OrderTransaction", id + 6_000_000_000_000),
        "amount": amount(minor),
        "created_at": refund.at,
        "processed_at": refund.at,
        "currency": market.currency,
        "order_id": order.id(),
        "parent_id": order.id() + 1_000_000_000_000,
        "payment_id": format!("#{}.2", 1_000 + order.number),
        "receipt": { "paid_amount": amount(minor) },
        "total_unsettled_set": bag(0, market.currency),
    });
    filled(template, fields)
}
