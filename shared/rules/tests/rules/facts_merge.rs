//! Merging facts is commutative, associative and idempotent.

use crate::shop::{at, cancelled, days_after, delivered, events::of_parcel, line, payload, refund, shipped};
use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*};
use rules::{
    facts::{Fulfilment, OrderFacts, Shipment},
    register::Register,
};

/// Few instants, so that facts of the same one meet.
fn instant() -> impl Strategy<Value = Timestamp> {
    (0..3_i64).prop_map(|day| days_after(at("2026-06-18"), day))
}

fn contents() -> impl Strategy<Value = OrderFacts> {
    let counted = option::of(prop::sample::select(vec!["r0", "r1"]));
    (instant(), option::of(instant()), vec((0..3_i64, 1..3_u32), 0..3), any::<bool>(), counted).prop_map(
        |(updated_at, paid_at, lines, test, counted)| {
            let lines =
                lines.iter().enumerate().map(|(id, (price, quantity))| line(&id.to_string(), *price, *quantity));
            let mut told = payload(at("2026-06-18"), lines).updated(updated_at);
            if let Some(refund) = counted {
                told = told.counting(refund);
            }
            if test {
                told = told.test();
            }
            OrderFacts { paid_at, ..told.facts() }
        },
    )
}

fn refunds() -> impl Strategy<Value = OrderFacts> {
    (0..2, instant(), 0..2_u32, 0..2_i64)
        .prop_map(|(id, at, units, amount)| refund(&format!("r{id}"), at, &[("0", units)], amount))
}

fn parcels() -> impl Strategy<Value = OrderFacts> {
    let shipment = option::of((instant(), any::<bool>(), option::of("[ab]")));
    (0..2, shipment, option::of(instant()), option::of(instant())).prop_map(
        |(id, shipment, delivered_at, said_delivered_at)| {
            let shipment = shipment.map(|(shipped_at, cancelled, tracking_number)| {
                let shipment = Shipment {
                    shipped_at,
                    cancelled,
                    tracking_company: None,
                    tracking_number,
                    tracking_url: None,
                    estimated_delivery_at: None,
                };
                Register::new(shipped_at, shipment).unwrap()
            });
            of_parcel(&format!("p{id}"), Fulfilment { shipment, delivered_at, said_delivered_at })
        },
    )
}

/// What one payload may say, or several together.
fn facts() -> impl Strategy<Value = OrderFacts> {
    let one = prop_oneof![contents(), refunds(), parcels(), instant().prop_map(cancelled)];
    vec(one, 0..5).prop_map(|all| all.into_iter().fold(OrderFacts::default(), OrderFacts::merge))
}

proptest! {
    #![proptest_config(crate::shop::cases(2_000))]

    #[test]
    fn it_does_not_matter_which_facts_come_first(one in facts(), other in facts()) {
        prop_assert_eq!(one.clone().merge(other.clone()), other.merge(one));
    }

    #[test]
    fn it_does_not_matter_how_facts_are_grouped(one in facts(), two in facts(), three in facts()) {
        let left = one.clone().merge(two.clone()).merge(three.clone());
        prop_assert_eq!(left, one.merge(two.merge(three)));
    }

    #[test]
    fn hearing_the_same_again_says_nothing_new(one in facts(), other in facts()) {
        prop_assert_eq!(one.clone().merge(one.clone()), one.clone());
        let both = one.clone().merge(other.clone());
        prop_assert_eq!(both.clone().merge(one), both.clone());
        prop_assert_eq!(both.clone().merge(other), both);
    }

    #[test]
    fn facts_survive_being_stored(one in facts()) {
        let stored = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<OrderFacts>(&stored).unwrap(), one);
    }
}

#[test]
fn the_newest_payload_says_what_is_in_the_order() {
    let (old, new) = (at("2026-06-18"), at("2026-06-19"));
    let first = payload(old, [line("1", 100, 1)]).facts();
    let edited = payload(old, [line("1", 100, 3)]).updated(new).facts();
    let known = edited.merge(first);
    assert_eq!(known.content().unwrap().lines[0].quantity, 3);
}

#[test]
fn of_two_payloads_of_one_instant_the_same_one_wins_whichever_came_first() {
    let now = at("2026-06-18");
    let (one, other) = (payload(now, [line("1", 100, 1)]).facts(), payload(now, [line("1", 200, 1)]).facts());
    assert_ne!(one, other);
    assert_eq!(one.clone().merge(other.clone()).content, other.merge(one).content);
}

#[test]
fn a_payload_that_lacks_a_refund_removes_none() {
    let now = at("2026-06-18");
    let known = refund("r", now, &[("1", 1)], 0).merge(payload(now, [line("1", 100, 1)]).facts());
    assert_eq!(known.refunds.len(), 1);
}

#[test]
fn payment_and_cancellation_are_dated_by_the_earliest_that_says_so() {
    let (early, late) = (at("2026-06-18"), at("2026-06-19"));
    let said = |at| cancelled(at).merge(payload(at, []).paid(at).facts());
    let known = said(late).merge(said(early)).merge(said(late));
    assert_eq!((known.paid_at, known.cancelled_at), (Some(early), Some(early)));
}

#[test]
fn an_order_is_delivered_once_everything_that_was_shipped_is() {
    let (first, second) = (at("2026-06-20"), at("2026-06-24"));
    let on_the_way = shipped("a", first).merge(shipped("b", first)).merge(delivered("a", first));
    assert_eq!(on_the_way.delivered_at(), None);
    let delivered_both = on_the_way.merge(delivered("b", second));
    assert_eq!(delivered_both.delivered_at(), Some(second), "the latest delivery");
}

#[test]
fn a_delivery_of_a_parcel_not_heard_of_counts_as_shipped_and_delivered() {
    assert_eq!(delivered("a", at("2026-06-20")).delivered_at(), Some(at("2026-06-20")));
}

#[test]
fn a_cancelled_parcel_holds_nothing_back() {
    let now = at("2026-06-20");
    let mut parcel = shipped("a", now);
    let shipment = parcel.fulfilments.values_mut().next().unwrap().shipment.as_mut().unwrap();
    shipment.value.cancelled = true;
    assert_eq!(parcel.merge(delivered("b", now)).delivered_at(), Some(now));
}
