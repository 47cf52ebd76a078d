//! Events that name an order and one thing that happened to it.

use rules::{
    facts::{Fulfilment, Refund},
    ids::{FulfilmentId, LineId},
    register::Register,
};
use serde_json::{Value, json};

use crate::captured::{at, facts, order, order_changed, read_changed};

fn refund(case: &str, changes: &[(&str, Option<Value>)]) -> Register<Refund> {
    let order = order_changed(case, changes);
    assert_eq!((order.id.as_str(), order.facts.refunds.len(), &order.buyer), ("A-20417", 1, &None));
    order.facts.refunds.into_values().next().unwrap()
}

fn parcel(case: &str, changes: &[(&str, Option<Value>)]) -> Fulfilment {
    let facts = order_changed(case, changes).facts;
    facts.fulfilments[&FulfilmentId::parse("P-1").unwrap()].clone()
}

#[test]
fn a_refund_brings_back_units_or_an_amount_or_both() {
    let of_a_line = refund("order-refunded-line", &[]);
    assert_eq!(of_a_line.updated_at, at("2026-06-25T15:20:00Z"));
    assert_eq!(of_a_line.value.units, [(LineId::parse("3").unwrap(), 1)].into());
    assert_eq!(of_a_line.value.amount, 0);
    let of_money = refund("order-refunded-amount", &[]).value;
    assert_eq!((of_money.units.len(), of_money.amount), (0, 1_000));
    let lines = json!([{"line_id": "1", "quantity": 1}, {"line_id": "1", "quantity": 1}]);
    let of_both = refund("order-refunded-amount", &[("/data/refund/lines", Some(lines))]).value;
    assert_eq!((of_both.units, of_both.amount), ([(LineId::parse("1").unwrap(), 2)].into(), 1_000));
}

#[test]
fn a_refund_that_was_corrected_holds_as_it_was_corrected_last() {
    let corrected = [
        ("/data/refund/updated_at", Some(json!("2026-06-28T09:00:00Z"))),
        ("/data/refund/amount/amount", Some(json!("4.00"))),
    ];
    let corrected = order_changed("order-refunded-amount", &corrected).facts;
    for known in [corrected.clone().merge(facts("order-updated")), facts("order-updated").merge(corrected)] {
        assert_eq!(known.amount_refunded(), 400);
    }
}

#[test]
fn a_refund_of_nothing_is_refused() {
    let bad = read_changed("order-refunded-line", &[("/data/refund/lines", None)]).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/data/refund/lines");
    assert_eq!(bad.problems[0].reason, "is missing, and so is `amount`");
}

#[test]
fn a_cancellation_has_its_time() {
    let order = order("order-cancelled");
    assert_eq!((order.id.as_str(), order.facts.cancelled_at), ("A-20431", Some(at("2026-06-21T19:44:08Z"))));
}

#[test]
fn a_shipment_has_its_time_tracking_and_estimate() {
    let shipment = parcel("order-shipped", &[]).shipment.unwrap();
    assert_eq!(shipment.updated_at, at("2026-06-19T13:30:00Z"));
    assert_eq!(shipment.value.shipped_at, shipment.updated_at);
    assert_eq!(shipment.value.tracking_company.as_deref(), Some("Österreichische Post"));
    assert_eq!(shipment.value.tracking_number.as_deref(), Some("1021402299000090001"));
    assert!(shipment.value.tracking_url.unwrap().starts_with("https://www.post.at/"));
    assert_eq!(shipment.value.estimated_delivery_at, Some(at("2026-06-22T16:00:00Z")));
    assert!(!shipment.value.cancelled);
    assert_eq!(facts("order-shipped").delivered_at(), None);
}

#[test]
fn a_delivery_that_comes_first_counts_as_shipped_and_delivered() {
    let parcel = parcel("order-delivered", &[]);
    assert_eq!((parcel.shipment, parcel.delivered_at), (None, Some(at("2026-06-22T15:58:00Z"))));
    assert_eq!(facts("order-delivered").delivered_at(), Some(at("2026-06-22T15:58:00Z")));
}

#[test]
fn a_parcel_that_never_went_holds_nothing_back() {
    let changes = [
        ("/data/fulfilment/cancelled", Some(json!(true))),
        ("/data/fulfilment/updated_at", Some(json!("2026-06-20T08:00:00Z"))),
    ];
    let shipment = parcel("order-shipped", &changes).shipment.unwrap();
    assert_eq!((shipment.updated_at, shipment.value.cancelled), (at("2026-06-20T08:00:00Z"), true));
}
