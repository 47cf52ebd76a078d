use rules::{
    facts::{Fulfilment, OrderFacts, Shipment},
    ids::FulfilmentId,
};
use serde_json::{Value, json};
use storefront::event::Event;

use crate::captured::{at, facts, order, order_changed, read_changed};

fn parcel(facts: &OrderFacts) -> Fulfilment {
    assert_eq!(facts.fulfilments.len(), 1);
    facts.fulfilments[&FulfilmentId::parse("5440123456789").unwrap()].clone()
}

fn with_status(status: Value) -> Fulfilment {
    parcel(&order_changed("fulfillments-create", &[("/status", Some(status))]).facts)
}

#[test]
fn a_shipment_has_its_time_and_tracking() {
    let order = order("fulfillments-create");
    assert_eq!(order.id.as_str(), "6120345678901");
    let shipment = parcel(&order.facts).shipment.unwrap();
    assert_eq!(shipment.updated_at, at("2026-06-19T13:30:00Z"));
    let expected = Shipment {
        shipped_at: at("2026-06-19T13:30:00Z"),
        cancelled: false,
        tracking_company: Some("USPS".to_owned()),
        tracking_number: Some("9400111899223857264810".to_owned()),
        tracking_url: Some(
            "https://tools.usps.com/go/TrackConfirmAction.action?tLabels=9400111899223857264810".to_owned(),
        ),
        estimated_delivery_at: None,
    };
    assert_eq!(shipment.value, expected);
    assert_eq!(order.facts.delivered_at(), None);
}

#[test]
fn the_same_parcel_gives_the_same_facts_inside_an_order() {
    assert_eq!(parcel(&facts("orders-fulfilled")), parcel(&facts("fulfillments-create")));
    assert_eq!(parcel(&facts("orders-updated")), parcel(&facts("fulfillments-update")));
}

#[test]
fn a_status_of_delivered_dates_the_delivery_until_the_carrier_does() {
    let said = parcel(&facts("fulfillments-update"));
    assert_eq!((said.said_delivered_at, said.delivered_at), (Some(at("2026-06-22T18:12:05Z")), None));
    let reported = parcel(&facts("fulfillment-events-create"));
    assert_eq!((reported.said_delivered_at, reported.delivered_at), (None, Some(at("2026-06-22T17:58:00Z"))));
    assert_eq!(reported.shipment, None);
    let both = facts("fulfillments-update").merge(facts("fulfillment-events-create"));
    assert_eq!(both.delivered_at(), Some(at("2026-06-22T17:58:00Z")));
}

#[test]
fn a_parcel_that_never_went_is_cancelled() {
    for status in ["cancelled", "error", "failure"] {
        assert!(with_status(json!(status)).shipment.unwrap().value.cancelled, "{status}");
    }
    assert!(!with_status(Value::Null).shipment.unwrap().value.cancelled);
}

#[test]
fn a_parcel_still_at_the_warehouse_is_known_but_not_shipped() {
    for status in ["pending", "open"] {
        assert_eq!(with_status(json!(status)), Fulfilment::default(), "{status}");
    }
}

#[test]
fn a_tracking_link_that_is_no_web_address_is_dropped() {
    let order = order_changed("fulfillments-create", &[("/tracking_url", Some(json!("javascript:alert(1)")))]);
    assert_eq!(parcel(&order.facts).shipment.unwrap().value.tracking_url, None);
}

#[test]
fn a_parcel_on_its_way_changes_nothing() {
    for status in ["in_transit", "out_for_delivery", "attempted_delivery", "failure"] {
        let event = read_changed("fulfillment-events-create", &[("/status", Some(json!(status)))]);
        assert!(matches!(event, Ok(Event::Ignored { .. })), "{status}");
    }
}
