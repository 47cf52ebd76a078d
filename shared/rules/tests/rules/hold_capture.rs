//! What an order has of the holds that it names, whatever else happens and in whatever order.

use crate::shop::{Member, at, cancelled, events::Payload, events::paid, line, one, payload, refund, starting};
use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, option, prelude::*};
use rules::{
    facts::OrderFacts,
    hold::HoldState,
    ids::HoldId,
    ledger::EntryKind,
    program::{Negative, Program, Round},
};

const HALF_AN_HOUR: i64 = 1_800;

fn now() -> Timestamp {
    at("2026-03-01")
}

fn later(secs: i64) -> Timestamp {
    now() + SignedDuration::from_secs(secs)
}

/// Enrolled, with 500 available points of one order, which live to the end of January 2027.
fn member_of(program: Program) -> Member {
    let mut member = Member::new(one(program), at("2026-01-10"));
    member.hear("earlier", paid(at("2026-01-10"), 50_000), at("2026-01-10"));
    member.enrol(false, now());
    member
}

fn member() -> Member {
    member_of(Program { campaigns: Vec::new(), ..plain() })
}

fn plain() -> Program {
    let mut program = starting();
    program.tiers.levels = crate::shop::programs::levels(&[("bronze", "0", "1")]);
    program
}

/// Holds 300 points until half an hour from now.
fn holding() -> Member {
    let mut member = member();
    member.hold("hold_1", 300, HALF_AN_HOUR, now()).unwrap();
    member
}

/// Paid a minute later: one line of which earns as many points as it costs units.
fn order() -> Payload {
    payload(later(60), [line("1", 10_000, 1)]).paid(later(60))
}

fn state(member: &Member, now: Timestamp) -> HoldState {
    member.holds[&HoldId::parse("hold_1").unwrap()].state(now)
}

fn captured(member: &Member) -> i64 {
    let kinds = [EntryKind::HoldCapture, EntryKind::HoldReturn];
    member.ledger.iter().filter(|entry| kinds.contains(&entry.kind)).map(|entry| -entry.points.get()).sum()
}

#[test]
fn a_paid_order_takes_what_its_code_took_off_and_releases_the_rest() {
    let mut member = holding();
    let entries = member.hear("1", order().code("1", 240).facts(), later(60));
    assert_eq!(entries[0].kind, EntryKind::HoldCapture);
    assert_eq!((entries[0].points.get(), entries[0].order.is_some()), (-240, true));
    assert_eq!(member.held(later(60)), (260, 0));
    assert_eq!(state(&member, later(60)), HoldState::Captured);
    assert_eq!(member.cases, []);
}

#[test]
fn an_unknown_amount_takes_all_of_it_and_no_amount_takes_more() {
    for payload in [order().code("1", None), order().naming("hold_1"), order().code("1", 99_999)] {
        let mut member = holding();
        member.hear("1", payload.facts(), later(60));
        assert_eq!((captured(&member), member.held(later(60))), (300, (200, 0)));
    }
    let mut member = holding();
    member.hear("1", order().currency("EUR").code("1", 10).facts(), later(60));
    assert_eq!(captured(&member), 300, "an amount in another currency says nothing of ours");
}

#[test]
fn code_and_note_of_one_hold_are_one_claim_and_a_code_that_took_nothing_off_releases() {
    let mut member = holding();
    member.hear("1", order().code("1", 240).naming("hold_1").facts(), later(60));
    assert_eq!(captured(&member), 240);
    let mut member = holding();
    member.hear("1", order().code("1", 0).facts(), later(60));
    assert_eq!((captured(&member), member.held(later(60))), (0, (500, 0)));
    assert_eq!(state(&member, later(60)), HoldState::Released);
}

#[test]
fn an_order_that_is_not_paid_or_is_a_test_takes_nothing() {
    for facts in [
        payload(later(60), [line("1", 10_000, 1)]).code("1", 240).facts(),
        order().code("1", 240).test().facts(),
        order().code("2", 240).facts(),
    ] {
        let mut member = holding();
        member.hear("1", facts, later(60));
        assert_eq!((captured(&member), member.held(later(60)).1), (0, 300));
    }
}

#[test]
fn cancelled_or_wholly_refunded_it_gives_back_what_it_took_before_or_after() {
    let ends: [OrderFacts; 3] =
        [cancelled(later(120)), refund("r", later(120), &[("1", 1)], 0), refund("r", later(120), &[], 10_000)];
    for end in ends {
        let mut after = holding();
        after.hear("1", order().code("1", 240).facts(), later(60));
        after.hear("1", end.clone(), later(120));
        assert_eq!(after.ledger.iter().filter(|entry| entry.kind == EntryKind::HoldReturn).count(), 1);
        let mut before = holding();
        before.hear("1", end, later(60));
        before.hear("1", order().code("1", 240).facts(), later(120));
        assert_eq!(before.state(later(120)), after.state(later(120)));
        assert_eq!((captured(&after), after.held(later(120))), (0, (500, 0)));
        assert_eq!(state(&after, later(120)), HoldState::Released);
        assert_eq!(state(&before, later(120)), HoldState::Released);
    }
}

#[test]
fn a_refund_of_a_part_leaves_the_discount_used() {
    let mut member = holding();
    member.hear("1", order().code("1", 240).facts(), later(60));
    member.hear("1", refund("r", later(120), &[], 9_999), later(120));
    assert_eq!(captured(&member), 240);
}

#[test]
fn points_go_back_with_their_old_expiry_and_at_least_the_days_of_grace() {
    let mut member = holding();
    member.hear("1", order().code("1", 240).facts(), later(60));
    member.hear("1", cancelled(at("2026-04-01")), at("2026-04-01"));
    let expiries = |member: &Member| -> Vec<String> {
        member.account.lots.iter().map(|lot| lot.dates.expires_on.to_string()).collect()
    };
    assert_eq!(expiries(&member), ["2027-01-31"]);
    let mut late = holding();
    late.hear("1", order().code("1", 240).facts(), later(60));
    late.hear("1", cancelled(at("2027-03-01")), at("2027-03-01"));
    assert_eq!(expiries(&late), ["2027-03-31"]);
}

#[test]
fn an_order_that_later_took_off_less_or_more_has_that() {
    let mut member = holding();
    member.hear("1", order().code("1", 240).facts(), later(60));
    member.hear("1", order().code("1", 150).updated(later(120)).facts(), later(120));
    assert_eq!(captured(&member), 150);
    member.hear("1", order().code("1", 280).updated(later(180)).facts(), later(180));
    assert_eq!(captured(&member), 280);
    member.hear("1", order().updated(later(240)).facts(), later(240));
    assert_eq!(captured(&member), 0, "it names the hold no longer");
}

#[test]
fn a_hold_that_ended_before_takes_what_is_there_and_opens_a_case_for_the_rest() {
    let mut member = holding();
    let ended = later(HALF_AN_HOUR);
    member.hear("1", order().code("1", 240).facts(), ended);
    assert_eq!((captured(&member), member.cases.len()), (240, 0));
    let mut member = holding();
    assert!(member.release("hold_1", later(10)));
    member.adjust(-400, later(20));
    member.hear("1", order().code("1", 240).facts(), later(60));
    assert_eq!((captured(&member), member.held(later(60))), (100, (0, 0)));
    assert_eq!(member.account.debt.get(), 0);
    let case = serde_json::to_value(&member.cases).unwrap();
    assert_eq!(
        (&case[0]["kind"], &case[0]["points"], &case[0]["hold"]),
        (&"hold_not_covered".into(), &140.into(), &"hold_1".into())
    );
    member.hear("1", cancelled(later(120)), later(120));
    assert_eq!((captured(&member), member.cases.len()), (0, 1));
}

#[test]
fn other_holds_are_left_alone_by_one_that_ended() {
    let mut member = holding();
    assert!(member.release("hold_1", later(10)));
    member.hold("hold_2", 450, HALF_AN_HOUR, later(20)).unwrap();
    member.hear("1", order().code("1", 240).facts(), later(60));
    assert_eq!((captured(&member), member.held(later(60))), (50, (0, 450)));
    assert_eq!(member.cases.len(), 1);
}

#[test]
fn of_two_orders_that_name_one_hold_the_first_has_it() {
    let mut member = holding();
    member.hear("1", order().code("1", 300).facts(), later(60));
    member.hear("2", order().code("1", 300).facts(), later(61));
    assert_eq!((captured(&member), member.held(later(61))), (500, (0, 0)), "both had the discount");
    assert_eq!(member.cases.len(), 1, "and 100 of it are not covered");
    let hold = &member.holds[&HoldId::parse("hold_1").unwrap()];
    assert_eq!(hold.captured().unwrap().0.id.as_str(), "1");
}

#[test]
fn what_a_refund_took_of_held_points_is_owed_as_if_the_refund_had_come_later() {
    let whole = || refund("r", later(50), &[("1", 1)], 0);
    let (mut before, mut after) = (holding(), holding());
    before.hear("earlier", whole(), later(50));
    assert_eq!(before.held(later(50)), (0, 0));
    before.hear("1", order().code("1", 300).facts(), later(60));
    after.hear("1", order().code("1", 300).facts(), later(60));
    after.hear("earlier", whole(), later(60));
    assert_eq!(before.state(later(60)), after.state(later(60)));
    assert_eq!(captured(&before), 300);
    before.hear("1", cancelled(later(70)), later(70));
    after.hear("1", cancelled(later(70)), later(70));
    assert_eq!(before.state(later(70)), after.state(later(70)));
    assert_eq!(before.account.ledger.get(), 0);
}

#[test]
fn where_debts_are_forgiven_the_shop_hears_of_it() {
    let mut member = member_of(Program { negative: Negative::Clamp, ..plain() });
    member.hold("hold_1", 300, HALF_AN_HOUR, now()).unwrap();
    member.hear("earlier", refund("r", later(50), &[("1", 1)], 0), later(50));
    member.hear("1", order().code("1", 300).facts(), later(60));
    assert_eq!((captured(&member), member.account.debt.get(), member.cases.len()), (0, 0, 1));
}

#[test]
fn points_that_expired_while_they_were_held_were_still_set_aside() {
    let five_to = at("2027-01-31T23:55:00Z");
    let past = at("2027-02-01T00:05:00Z");
    let mut member = member();
    member.hold("hold_1", 300, HALF_AN_HOUR, five_to).unwrap();
    member.hear("1", payload(past, [line("1", 10_000, 1)]).paid(past).code("1", 240).facts(), past);
    assert_eq!((member.account.debt.get(), member.cases.len(), captured(&member)), (0, 0, 0));
    assert_eq!(member.account.lapsed, {
        let mut lapsed = rules::lapsed::Lapsed::default();
        lapsed.add(crate::shop::on("2027-01-31"), crate::shop::points(260)).unwrap();
        lapsed
    });
}

/// What can happen to a member with holds.
#[derive(Clone, Debug)]
enum Step {
    Adjust(i64),
    Hold(u8, i64, i64),
    Release(u8),
    Paid(u8, u8, Option<i64>),
    Cancelled(u8),
    Refunded(u8, i64),
    Review,
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let (order, hold) = (0..4_u8, 0..6_u8);
    let step = prop_oneof![
        2 => (-300..600_i64).prop_map(Step::Adjust),
        4 => (hold.clone(), 1..400_i64, 60..86_400_i64).prop_map(|(hold, points, ttl)| Step::Hold(hold, points, ttl)),
        1 => hold.clone().prop_map(Step::Release),
        4 => (order.clone(), hold, option::of(0..500_i64)).prop_map(|(order, hold, off)| Step::Paid(order, hold, off)),
        1 => order.clone().prop_map(Step::Cancelled),
        2 => (order, 0..20_000_i64).prop_map(|(order, minor)| Step::Refunded(order, minor)),
        1 => Just(Step::Review),
    ];
    let pause = prop_oneof![3 => 0..600_i64, 2 => 600..90_000_i64, 1 => 90_000..40_000_000_i64];
    vec((pause, step), 1..40)
}

fn carry_out(member: &mut Member, number: usize, step: &Step, now: Timestamp) {
    match step {
        Step::Adjust(points) => drop(member.adjust(*points, now)),
        // nobody names a code that was not made yet
        Step::Hold(hold, points, ttl) if !member.holds.contains_key(&id(*hold)) && !is_named(member, *hold) => {
            let _ = member.hold(&format!("hold_{hold}"), *points, *ttl, now);
        }
        Step::Release(hold) if member.holds.contains_key(&id(*hold)) => {
            member.release(&format!("hold_{hold}"), now);
        }
        Step::Paid(order, hold, off) => {
            let payload = payload(now, [line("1", 10_000, 1)]).paid(now).code(&hold.to_string(), *off);
            drop(member.hear(&order.to_string(), payload.facts(), now));
        }
        Step::Cancelled(order) => drop(member.hear(&order.to_string(), cancelled(now), now)),
        Step::Refunded(order, minor) => {
            let refund = refund(&format!("r{number}"), now, &[], *minor);
            drop(member.hear(&order.to_string(), refund, now));
        }
        Step::Hold(..) | Step::Release(_) | Step::Review => drop(member.review(now)),
    }
}

fn is_named(member: &Member, hold: u8) -> bool {
    member.orders.values().any(|order| order.named_codes().contains(&id(hold).code().unwrap()))
}

fn id(hold: u8) -> HoldId {
    HoldId::parse(&format!("hold_{hold}")).unwrap()
}

fn programs() -> impl Strategy<Value = Program> {
    let negative = prop::sample::select(vec![Negative::Debt, Negative::Clamp]);
    (negative, 1..13_u16, any::<bool>()).prop_map(|(negative, months, at_month_end)| {
        let mut program = Program { negative, ..plain() };
        program.expiry.months = months;
        program.expiry.round = if at_month_end { Round::EndOfMonth } else { Round::None };
        program
    })
}

proptest! {
    #![proptest_config(crate::shop::cases(800))]

    #[test]
    fn whatever_happens_the_balance_is_the_ledger_at_every_moment(program in programs(), steps in steps()) {
        let mut member = member_of(program);
        let mut now = now();
        let mut moments = Vec::new();
        for (number, (pause, step)) in steps.iter().enumerate() {
            now += SignedDuration::from_secs(*pause);
            carry_out(&mut member, number, step, now);
            moments.push(now);
            let (available, held) = member.held(now);
            prop_assert!(available >= 0 && held >= 0);
            member.check_law(now + SignedDuration::from_secs(*pause));
        }
        for moment in moments {
            member.check_law_as_of(moment);
        }
        for order in member.orders.values() {
            for capture in &order.captures {
                let spent: i64 = capture.spent.iter().map(|lot| lot.points.get()).sum();
                let sum = spent + capture.owed.get() + capture.missing.get();
                prop_assert_eq!(sum, capture.points.get());
            }
        }
    }

    #[test]
    fn one_order_s_events_end_the_same_in_whatever_order_they_come(
        order in Just(vec![0, 1, 2, 3, 4, 1, 0]).prop_shuffle(),
        first in 0..300_i64,
        second in option::of(0..400_i64),
        refunded in 0..12_000_i64,
        is_cancelled in any::<bool>(),
        balance in 0..600_i64,
    ) {
        let created = payload(later(30), [line("1", 10_000, 1)]).code("1", first);
        let events = [
            created.clone().facts(),
            created.updated(later(60)).paid(later(60)).facts(),
            order_again(second),
            refund("r", later(90), &[], refunded),
            if is_cancelled { cancelled(later(95)) } else { refund("u", later(95), &[], 0) },
        ];
        let mut there = holding();
        there.adjust(balance - 500 + 300, now());
        let all = events.iter().cloned().fold(OrderFacts::default(), OrderFacts::merge);
        let mut at_once = there.clone();
        at_once.hear("1", all, later(120));
        for event in order {
            there.hear("1", events[event].clone(), later(120));
        }
        prop_assert_eq!(there.state(later(120)), at_once.state(later(120)));
        prop_assert_eq!(state(&there, later(120)), state(&at_once, later(120)));
    }
}

fn order_again(amount: Option<i64>) -> OrderFacts {
    payload(later(30), [line("1", 10_000, 1)]).code("1", amount).updated(later(80)).facts()
}
