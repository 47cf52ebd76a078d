//! However an order's payloads arrive, they tell the same.

use proptest::prelude::*;
use rules::facts::OrderFacts;

use crate::captured::{LIFE, at, facts};

fn known(cases: impl IntoIterator<Item = &'static str>) -> OrderFacts {
    cases.into_iter().map(facts).fold(OrderFacts::default(), OrderFacts::merge)
}

#[test]
fn the_life_of_an_order_ends_with_everything_paid_back() {
    let known = known(LIFE);
    assert_eq!(known.paid_at, Some(at("2026-06-18T10:00:06Z")));
    assert_eq!(known.fulfilments.len(), 1);
    assert_eq!(known.refunds.len(), 3);
    assert_eq!((known.amount_refunded(), known.cancelled_at), (4_098, None));
    assert_eq!(known.content, facts("order-refunded").content);
}

proptest! {
    #[test]
    fn the_same_order_told_in_any_order_and_repeatedly_gives_the_same_facts(
        first in Just(LIFE.to_vec()).prop_shuffle(),
        again in prop::collection::vec(prop::sample::select(&LIFE[..]), 0..6),
    ) {
        prop_assert_eq!(known(first.into_iter().chain(again)), known(LIFE));
    }

    #[test]
    fn any_part_of_it_gives_the_same_facts_in_any_order(
        part in prop::sample::subsequence(LIFE.to_vec(), 1..LIFE.len()),
        seed in Just(LIFE.to_vec()).prop_shuffle(),
    ) {
        let shuffled = seed.into_iter().filter(|case| part.contains(case));
        prop_assert_eq!(known(shuffled), known(part.iter().copied()));
    }
}
