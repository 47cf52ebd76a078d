use proptest::prelude::*;
use rules::facts::Line;
use serde_json::json;

use crate::captured::{content, order_changed};

fn net(line: &Line) -> i64 {
    line.price * i64::from(line.quantity) - line.discount - line.tax_included
}

fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The first line of the worked order with these amounts.
fn line(quantity: u32, subtotal: &str, total: &str) -> Line {
    let changes = [
        ("/line_items/0/quantity", Some(json!(quantity))),
        ("/line_items/0/subtotal", Some(json!(subtotal))),
        ("/line_items/0/total", Some(json!(total))),
    ];
    order_changed("order-paid", &changes).facts.content().unwrap().lines[0].clone()
}

#[test]
fn a_price_that_is_no_whole_cent_is_rounded_up_and_the_discount_takes_it_up() {
    let oil = &content("order-paid-guest-eur").lines[0];
    assert_eq!((oil.quantity, oil.price, oil.discount, oil.tax_included), (3, 1_003, 362, 0));
    assert_eq!(net(oil), 2_647);
}

#[test]
fn a_total_is_without_tax_even_where_prices_include_it() {
    let content = content("order-paid-guest-eur");
    assert_eq!(content.lines.iter().map(net).sum::<i64>(), 2_647 + 1_700);
}

#[test]
fn a_total_above_the_price_is_what_was_paid() {
    assert_eq!(net(&line(2, "39.98", "45.00")), 4_500);
}

#[test]
fn a_shop_that_counts_in_finer_units_is_read_to_the_nearest_cent() {
    assert_eq!(net(&line(1, "10.0000", "9.9950")), 1_000);
    assert_eq!(net(&line(1, "10.0000", "9.9949")), 999);
    assert_eq!(net(&line(1, "10", "9.5")), 950);
}

#[test]
fn fees_and_shipping_earn_nothing() {
    assert_eq!(content("order-paid-guest-eur").lines.len(), 2);
}

proptest! {
    #[test]
    fn price_times_quantity_less_discount_is_exactly_what_was_paid(
        quantity in 1..1_000_u32,
        subtotal in 0..10_000_000_i64,
        total in 0..10_000_000_i64,
    ) {
        let line = line(quantity, &decimal(subtotal), &decimal(total));
        prop_assert_eq!(net(&line), total);
        prop_assert!(line.discount >= 0 && line.quantity == quantity);
        let rounding = line.discount - (subtotal - total).max(0);
        prop_assert!((0..i64::from(quantity)).contains(&rounding));
    }
}
