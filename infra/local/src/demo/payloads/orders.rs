//! The order, which every `orders/*` topic carries whole, as it is at one time.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    customers::{address, inside_order},
    lines::{line, tax_lines},
    money::{amount, bag},
    parcels::fulfilment,
    refunds::refund,
    template::{ORDER, filled, gid, part},
};
use crate::demo::{
    order::{Discount, Line, Off, Order},
    people::Person,
};

pub(in crate::demo) fn order(person: &Person, order: &Order, at: Timestamp) -> Value {
    let parts =
        [identity(person, order), person_fields(person, order), state(person, order, at), amounts(person, order)];
    parts.into_iter().fold(ORDER.clone(), filled)
}

fn identity(person: &Person, order: &Order) -> Value {
    let (id, token) = (order.id(), format!("{:032x}", u128::from(order.id()) * 0x9e37_79b9_7f4a_7c15));
    json!({
        "id": id,
        "admin_graphql_api_id": gid("Order", id),
        "cart_token": format!("hWN{token}"),
        "checkout_id": id + 30_000_000_000,
        "checkout_token": token,
        "confirmation_number": format!("B{:08X}", order.number),
        "created_at": order.placed_at,
        "currency": person.market.currency,
        "customer_locale": person.market.locale,
        "discount_codes": order.discount.iter().map(|discount| code(person, order, discount)).collect::<Vec<_>>(),
        "discount_applications": order.discount.iter().map(application).collect::<Vec<_>>(),
        "name": format!("#{}", 1_000 + order.number),
        "number": order.number,
        "order_number": 1_000 + order.number,
        "order_status_url": format!("https://shop.example.com/71930544/orders/{token}/authenticate?key={token}"),
        "payment_gateway_names": [if order.test { "bogus" } else { "shopify_payments" }],
        "presentment_currency": person.market.currency,
        "processed_at": order.placed_at,
        "taxes_included": person.market.taxes_included,
        "test": order.test,
        "token": token,
    })
}

fn code(person: &Person, order: &Order, discount: &Discount) -> Value {
    let kind = match discount.off {
        Off::Percent(_) => "percentage",
        Off::Amount(_) | Off::Nothing => "fixed_amount",
        Off::Shipping(_) => "shipping",
    };
    json!({ "code": discount.code, "amount": amount(discount_of(person, order)), "type": kind })
}

fn application(discount: &Discount) -> Value {
    let (value, kind, target) = match discount.off {
        Off::Percent(percent) => (percent * 100, "percentage", "line_item"),
        Off::Amount(minor) => (minor, "fixed_amount", "line_item"),
        Off::Shipping(_) => (10_000, "percentage", "shipping_line"),
        Off::Nothing => (0, "fixed_amount", "line_item"),
    };
    let fields = json!({ "value": amount(value), "value_type": kind, "target_type": target, "code": discount.code });
    filled(part(&ORDER, "/discount_applications/0"), fields)
}

fn person_fields(person: &Person, order: &Order) -> Value {
    let at = order.placed_at;
    json!({
        "buyer_accepts_marketing": person.subscribed,
        "contact_email": person.email(),
        "email": person.email(),
        "billing_address": address(person, at),
        "shipping_address": address(person, at),
        "customer": person.is_customer(at).then(|| inside_order(person, at)),
    })
}

/// What has become of it by then.
fn state(person: &Person, order: &Order, at: Timestamp) -> Value {
    let market = person.market;
    let parcels = order.parcels.iter().enumerate().filter(|(_, parcel)| parcel.shipped_at <= at);
    let parcels: Vec<Value> =
        parcels.map(|(position, parcel)| fulfilment(person, order, position, parcel, at)).collect();
    let refunds = order.refunds.iter().enumerate().filter(|(_, refund)| refund.at <= at);
    let refunds: Vec<Value> = refunds.map(|(position, of)| refund(order, position, of, market)).collect();
    let cancelled_at = order.cancelled_at.filter(|cancelled_at| *cancelled_at <= at);
    let paid = match (order.paid_at <= at, cancelled_at, refunds.is_empty()) {
        (false, ..) => "pending",
        (true, Some(_), _) => "refunded",
        (true, None, false) => "partially_refunded",
        (true, None, true) => "paid",
    };
    let shipped = match parcels.len() {
        0 => None,
        some if some < order.parcels.len() => Some("partial"),
        _ => Some("fulfilled"),
    };
    let lines = order.lines.iter().enumerate().map(|(position, of)| line(order, position, of, market, at));
    json!({
        "cancel_reason": cancelled_at.map(|_| "customer"),
        "cancelled_at": cancelled_at,
        "closed_at": cancelled_at,
        "financial_status": paid,
        "fulfillment_status": shipped,
        "fulfillments": parcels,
        "line_items": lines.collect::<Vec<_>>(),
        "refunds": refunds,
        "total_outstanding": amount(if paid == "pending" { total(person, order) } else { 0 }),
        "updated_at": at,
    })
}

fn amounts(person: &Person, order: &Order) -> Value {
    let (market, currency) = (person.market, person.market.currency);
    let discount = discount_of(person, order);
    let (subtotal, tax, total) = (order.subtotal(), tax(person, order), total(person, order));
    let shipping = order.shipping(market);
    let whole: i64 = order.lines.iter().map(Line::price).sum();
    let shipping_tax = market.tax_on(shipping);
    let shipping_line = filled(
        part(&ORDER, "/shipping_lines/0"),
        json!({
            "id": 4_620_000_000_000 + order.number,
            "price": amount(market.shipping),
            "price_set": bag(market.shipping, currency),
            "discounted_price": amount(shipping),
            "discounted_price_set": bag(shipping, currency),
            "current_discounted_price_set": bag(shipping, currency),
            "tax_lines": tax_lines(shipping_tax, market),
        }),
    );
    json!({
        "current_shipping_price_set": bag(shipping, currency),
        "current_subtotal_price": amount(subtotal),
        "current_subtotal_price_set": bag(subtotal, currency),
        "current_total_discounts": amount(discount),
        "current_total_discounts_set": bag(discount, currency),
        "current_total_price": amount(total),
        "current_total_price_set": bag(total, currency),
        "current_total_tax": amount(tax),
        "current_total_tax_set": bag(tax, currency),
        "shipping_lines": [shipping_line],
        "subtotal_price": amount(subtotal),
        "subtotal_price_set": bag(subtotal, currency),
        "tax_lines": tax_lines(tax, market),
        "total_cash_rounding_payment_adjustment_set": bag(0, currency),
        "total_cash_rounding_refund_adjustment_set": bag(0, currency),
        "total_discounts": amount(discount),
        "total_discounts_set": bag(discount, currency),
        "total_line_items_price": amount(whole),
        "total_line_items_price_set": bag(whole, currency),
        "total_price": amount(total),
        "total_price_set": bag(total, currency),
        "total_shipping_price_set": bag(shipping, currency),
        "total_tax": amount(tax),
        "total_tax_set": bag(tax, currency),
        "total_weight": order.lines.iter().map(|line| line.product.grams * line.quantity).sum::<u32>(),
    })
}

/// Off the lines and off the shipping.
fn discount_of(person: &Person, order: &Order) -> i64 {
    let off_lines: i64 = order.lines.iter().map(|line| order.discount_on(line)).sum();
    off_lines + person.market.shipping - order.shipping(person.market)
}

fn tax(person: &Person, order: &Order) -> i64 {
    let lines: i64 = order.lines.iter().map(|line| order.tax_of(line, person.market)).sum();
    lines + person.market.tax_on(order.shipping(person.market))
}

fn total(person: &Person, order: &Order) -> i64 {
    let market = person.market;
    let on_top = if market.taxes_included { 0 } else { tax(person, order) };
    order.subtotal() + order.shipping(market) + on_top
}
