//! The lines of an order. Each is told by what it costs before its discounts (`subtotal`) and after
//! them (`total`), for all its units together and always without tax, whatever `prices_include_tax`
//! says: that is how the shop shows its prices, not how it counts.
//!
//! A unit's own price is told only as a float, and need not be whole minor units. So the price kept is
//! the line's before discounts divided by its units, rounded up, and the discount kept is whatever
//! makes price x quantity - discount exactly the line's `total`: the discount takes up the rounding,
//! which is less than one minor unit for each unit. A shop that counts in finer units than its currency
//! has is read to the nearest minor unit.
//!
//! Shipping, fees and the shares of coupons are lists of their own and earn nothing.

use rules::{
    facts::{Line, LineKind},
    money::Currency,
};

use crate::{order_lines, reading::Object};

/// The order's lines, if each of them can be read.
pub(super) fn read(order: &Object, currency: Option<Currency>, keeps_nothing: bool) -> Option<Vec<Line>> {
    order_lines::read(&order.need("line_items"), |item| line(item, currency, keeps_nothing))
}

/// What a line brings: what the buyer pays for all its units, without tax.
pub(super) fn net(line: &Line) -> i64 {
    line.price.saturating_mul(i64::from(line.quantity)).saturating_sub(line.discount)
}

/// The tax on all lines, which is on top of what they cost.
pub(super) fn tax(order: &Object, currency: Option<Currency>) -> i64 {
    let taxes = order.objects("line_items");
    taxes.iter().filter_map(|item| item.get("total_tax").nearest_money(currency)).sum()
}

fn line(item: &Object, currency: Option<Currency>, keeps_nothing: bool) -> Option<Line> {
    let id = item.need("id").id();
    let product_id = item.get("product_id").id_unless_zero();
    let quantity = item.need("quantity").quantity();
    let subtotal = item.need("subtotal").nearest_money(currency);
    let total = item.need("total").nearest_money(currency);
    let (quantity, subtotal, total) = (quantity?, subtotal?, total?);
    // a clerk may raise a line's total above its price
    let price = divided_up(subtotal.max(total), quantity);
    let worth = order_lines::worth(&item.get("subtotal"), price, quantity)?;
    Some(Line {
        id: id?,
        product_id,
        kind: LineKind::Product,
        quantity,
        current_quantity: keeps_nothing.then_some(0),
        price,
        discount: (worth - total).max(0),
        tax_included: 0,
    })
}

/// Of no units, nothing.
fn divided_up(amount: i64, units: u32) -> i64 {
    let units = i64::from(units);
    if units == 0 { 0 } else { (amount + units - 1) / units }
}
