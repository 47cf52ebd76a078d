//! What the demo sends is as complete as what Shopify sends.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    template::{CARRIER_EVENT, CONSENT, CUSTOMER, DELETED, FULFILMENT, ORDER, PRODUCT, REFUND_OF_UNITS, part},
    *,
};
use crate::demo::{
    catalogue::{EXTRAS, GIFT_CARD, STAPLES},
    order::{Discount, Off, Order},
    people::Person,
    shop::Shop,
};

fn shop() -> Shop {
    Shop::invent(1, 60, "2025-06-18T00:00:00Z".parse().unwrap(), "2026-06-18T00:00:00Z".parse().unwrap())
}

/// Every order with its buyer.
fn orders(shop: &Shop) -> impl Iterator<Item = (&Person, &Order)> {
    shop.orders.iter().map(|order| (&shop.people[order.buyer], order))
}

fn fields(payload: &Value) -> BTreeSet<&str> {
    payload.as_object().unwrap().keys().map(String::as_str).collect()
}

/// No field is missing, and none is one that Shopify does not have.
fn assert_complete(payload: &Value, captured: &Value) {
    assert_eq!(fields(payload), fields(captured));
}

#[test]
fn orders_have_every_field_of_a_captured_one() {
    let shop = shop();
    for (person, of) in orders(&shop) {
        let sent = order(person, of, of.placed_at);
        assert_complete(&sent, &ORDER);
        for list in ["line_items", "shipping_lines"] {
            let captured = part(&ORDER, &format!("/{list}/0"));
            sent[list].as_array().unwrap().iter().for_each(|one| assert_complete(one, &captured));
        }
        assert_complete(&sent["shipping_address"], &part(&ORDER, "/shipping_address"));
        if !sent["customer"].is_null() {
            assert_complete(&sent["customer"], &part(&ORDER, "/customer"));
        }
    }
}

#[test]
fn parcels_and_refunds_have_every_field_of_a_captured_one() {
    let shop = shop();
    for (person, of) in orders(&shop) {
        for (position, parcel) in of.parcels.iter().enumerate() {
            assert_complete(&fulfilment(person, of, position, parcel, parcel.shipped_at), &FULFILMENT);
            assert_complete(&carrier_event(person, of, position, parcel.shipped_at), &CARRIER_EVENT);
        }
        for (position, back) in of.refunds.iter().enumerate() {
            let sent = refund(of, position, back, person.market);
            assert_complete(&sent, &REFUND_OF_UNITS);
            let captured = part(&REFUND_OF_UNITS, "/refund_line_items/0");
            sent["refund_line_items"].as_array().unwrap().iter().for_each(|one| assert_complete(one, &captured));
        }
    }
}

#[test]
fn customers_have_every_field_of_a_captured_one() {
    for person in shop().people {
        assert_complete(&created(&person), &CUSTOMER);
        assert_complete(&updated(&person, person.since)["default_address"], &part(&CUSTOMER, "/default_address"));
        assert_complete(&consent(&person, person.since), &CONSENT);
        assert_complete(&deleted(&person), &DELETED);
    }
}

#[test]
fn an_order_s_total_is_the_sum_of_its_parts() {
    let cents = |value: &Value| value.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let shop = shop();
    for (person, of) in orders(&shop) {
        let sent = order(person, of, of.placed_at);
        let lines = sent["line_items"].as_array().unwrap().iter();
        let lines: i64 = lines
            .map(|line| {
                let off = line["discount_allocations"].as_array().unwrap().iter().map(|off| cents(&off["amount"]));
                cents(&line["price"]) * line["quantity"].as_i64().unwrap() - off.sum::<i64>()
            })
            .sum();
        assert_eq!(lines, cents(&sent["subtotal_price"]));
        let tax = if person.market.taxes_included { 0 } else { cents(&sent["total_tax"]) };
        let shipping = cents(&sent["shipping_lines"][0]["discounted_price"]);
        assert_eq!(lines + shipping + tax, cents(&sent["total_price"]));
    }
}

#[test]
fn products_have_every_field_of_a_captured_one() {
    for sold in STAPLES.iter().chain(EXTRAS).chain([&GIFT_CARD]) {
        let sent = product(sold, "2025-06-18T00:00:00Z".parse().unwrap());
        assert_complete(&sent, &PRODUCT);
        assert_complete(&sent["variants"][0], &part(&PRODUCT, "/variants/0"));
    }
}

#[test]
fn a_code_takes_off_the_lines_or_the_shipping_exactly_what_it_is_worth() {
    let shop = shop();
    let (person, of) = orders(&shop).find(|(_, order)| order.lines.len() > 2 && order.refunds.is_empty()).unwrap();
    for (off, expected) in [(Off::Amount(777), "7.77"), (Off::Shipping(800), "6.00"), (Off::Nothing, "0.00")] {
        let of = Order { discount: Some(Discount { code: "SAVE".to_owned(), off }), ..of.clone() };
        let sent = order(person, &of, of.placed_at);
        assert_eq!((&sent["discount_codes"][0]["code"], &sent["total_discounts"]), (&"SAVE".into(), &expected.into()));
    }
}
