//! For one order, any arrival, repetition or prefix ends in the same ledger, balance and tier.

use crate::shop::{
    Member, at, cancelled, delivered, events, history,
    history::{History, start},
    line,
    member::State,
    one, payload, refund, shipped, starting,
};
use jiff::Timestamp;
use proptest::prelude::*;
use rules::{
    facts::OrderFacts,
    program::{Program, Programs},
};

fn member_with(programs: &Programs, others: &[OrderFacts]) -> Member {
    let mut member = Member::new(programs.clone(), start());
    for (number, other) in others.iter().enumerate() {
        member.hear(&format!("other-{number}"), other.clone(), start());
    }
    member
}

fn as_it_arrived(mut member: Member, history: &History) -> Member {
    for (event, now) in &history.arrivals {
        member.hear("order", history.events[*event].clone(), *now);
    }
    member
}

fn all_at_once(mut member: Member, history: &History) -> State {
    member.hear("order", history.known(), history.finally);
    member.state(history.finally)
}

proptest! {
    #![proptest_config(crate::shop::cases(6_000))]

    #[test]
    fn arriving_in_any_order_at_one_instant_ends_the_same(history in history::histories(0)) {
        let member = member_with(&history.programs, &history.others);
        let state = as_it_arrived(member.clone(), &history).state(history.finally);
        prop_assert_eq!(state, all_at_once(member, &history));
    }

    #[test]
    fn arriving_in_any_order_over_months_ends_the_same(history in history::histories(330)) {
        let member = member_with(&history.programs, &history.others);
        let state = as_it_arrived(member.clone(), &history).state(history.finally);
        prop_assert_eq!(state, all_at_once(member, &history));
    }
}

proptest! {
    #![proptest_config(crate::shop::cases(500))]

    #[test]
    fn a_member_who_owes_points_ends_the_same_too(mut history in history::histories(330), owed in 1..500_i64) {
        history.others.clear();
        let mut member = member_with(&history.programs, &[]);
        member.spend(owed, start());
        let state = as_it_arrived(member.clone(), &history).state(history.finally);
        prop_assert_eq!(state, all_at_once(member, &history));
    }

    #[test]
    fn a_member_who_has_spent_points_before_ends_the_same_too(history in history::histories(330), spent in 1..200_i64) {
        let mut member = member_with(&history.programs, &history.others);
        let there = member.account.lots.total().unwrap().get();
        member.spend(spent.min(there), start());
        let state = as_it_arrived(member.clone(), &history).state(history.finally);
        prop_assert_eq!(state, all_at_once(member, &history));
    }

    #[test]
    fn what_is_known_so_far_is_posted_at_every_prefix(history in history::histories(330)) {
        let mut member = member_with(&history.programs, &history.others);
        let mut known = OrderFacts::default();
        for (event, now) in &history.arrivals {
            let mut fresh = member_with(&history.programs, &history.others);
            known = known.merge(history.events[*event].clone());
            member.hear("order", history.events[*event].clone(), *now);
            fresh.hear("order", known.clone(), *now);
            prop_assert_eq!(member.state(*now), fresh.state(*now));
        }
    }
}

/// Paid, two amounts and one line refunded, edited, delivered in two parcels of which both are known.
fn seven_events() -> Vec<OrderFacts> {
    let paid_at = at("2026-06-10T09:00:00Z");
    let ordered = [line("1", 8_000, 3), line("2", 4_999, 2), line("3", 1_234, 1)];
    let mut edited = ordered.clone();
    edited[0].quantity = 4;
    edited[0].current_quantity = Some(4);
    edited[1].current_quantity = Some(1);
    edited[2].current_quantity = Some(0);
    vec![
        payload(paid_at, ordered).paid(paid_at).facts(),
        payload(paid_at, edited).paid(paid_at).updated(at("2026-06-12")).counting("line").facts(),
        refund("amount-1", at("2026-06-13"), &[], 1_000),
        refund("amount-2", at("2026-06-14"), &[], 2_345),
        refund("line", at("2026-06-11"), &[("2", 1)], 0),
        shipped("a", at("2026-06-11")).merge(delivered("a", at("2026-06-15"))),
        shipped("b", at("2026-06-11")).merge(delivered("b", at("2026-06-20"))),
    ]
}

/// Calls with every order of the numbers below `count`.
fn permutations(count: usize, visit: &mut impl FnMut(&[usize])) {
    fn place(at: usize, order: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        if at == order.len() {
            return visit(order);
        }
        for other in at..order.len() {
            order.swap(at, other);
            place(at + 1, order, visit);
            order.swap(at, other);
        }
    }
    place(0, &mut (0..count).collect(), visit);
}

fn every_order_of(events: &[OrderFacts], now: impl Fn(usize) -> Timestamp) {
    let programs = one(Program { campaigns: Vec::new(), ..starting() });
    let before = events::paid(at("2026-03-01"), 15_000);
    let member = member_with(&programs, std::slice::from_ref(&before));
    let finally = at("2026-12-31");
    let mut at_once = member.clone();
    at_once.hear("order", events.iter().cloned().fold(OrderFacts::default(), OrderFacts::merge), now(0));
    let mut count = 0;
    permutations(events.len(), &mut |order| {
        let mut arrived = member.clone();
        for (place, event) in order.iter().enumerate() {
            arrived.hear("order", events[*event].clone(), now(place));
        }
        let entries = arrived.ledger.len();
        for event in order.iter().rev() {
            arrived.hear("order", events[*event].clone(), now(order.len()));
        }
        assert_eq!(arrived.ledger.len(), entries, "{order:?} again");
        assert_eq!(arrived.state(finally), at_once.state(finally), "{order:?}");
        count += 1;
    });
    assert_eq!(count, 5_040);
}

#[test]
fn every_permutation_of_seven_events_ends_the_same() {
    every_order_of(&seven_events(), |_| at("2026-06-20"));
}

#[test]
fn every_permutation_of_seven_events_ends_the_same_while_points_become_available() {
    every_order_of(&seven_events(), |place| {
        crate::shop::days_after(at("2026-06-20"), 7 * i64::try_from(place).unwrap())
    });
}

#[test]
fn every_permutation_of_a_cancelled_order_leaves_nothing() {
    let mut events = seven_events();
    events[5] = cancelled(at("2026-06-16"));
    every_order_of(&events, |_| at("2026-06-20"));
}

#[test]
fn an_order_that_another_member_turns_out_to_have_made_leaves_the_first_as_if_they_never_had_it() {
    let (june, july) = (at("2026-06-20"), at("2026-07-20"));
    let without = member_with(&one(starting()), &[events::paid(at("2026-03-01"), 15_000)]);
    let mut with = without.clone();
    with.hear("order", seven_events()[0].clone(), june);
    with.hear("order", seven_events()[2].clone(), june);
    assert_eq!(with.tier(june), "silver");
    with.lose("order", july);
    assert_eq!(with.state(july), without.state(july));
    assert_eq!(with.account.purchases, without.account.purchases);
    assert_eq!(with.ledger.last().map(|entry| entry.kind), Some(rules::ledger::EntryKind::Reassignment));
}

#[test]
fn an_order_that_changes_hands_earns_at_the_tier_of_its_last_owner() {
    let june = at("2026-06-20");
    let programs = one(starting());
    let silver = member_with(&programs, &[events::paid(at("2026-03-01"), 25_000)]);
    let order = seven_events()[0].clone();
    let (mut first, mut then) = (silver, member_with(&programs, &[]));
    let mut only = then.clone();
    first.hear("order", order.clone(), june);
    then.take_over("order", first.lose("order", june), june);
    only.hear("order", order, june);
    assert_eq!(then.state(june), only.state(june));
}

#[test]
fn a_refund_before_payment_leaves_no_points() {
    let now = at("2026-06-20");
    let mut member = Member::new(one(starting()), now);
    assert!(member.hear("order", refund("r", now, &[("1", 1)], 0), now).is_empty());
    member.hear("order", events::paid(now, 5_000), now);
    assert_eq!((member.balance(now), member.ledger.len()), ((0, 0, 0), 0));
}
