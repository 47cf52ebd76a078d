//! available + pending - debt = ledger, at every moment, also as recorded at a past one.

use crate::shop::{
    Member, at, cancelled, days_after, delivered, events, history, history::start, line, one, payload, refund, starting,
};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use rules::{
    facts::Line,
    money::MAX_MINOR,
    program::{Program, Programs},
};

/// What can happen to a member; every number is small enough that the same order is met again.
#[derive(Clone, Debug)]
enum Happening {
    Paid { order: u8, minor: i64, days_ago: i64 },
    AmountRefunded { order: u8, refund: u8, minor: i64 },
    UnitRefunded { order: u8 },
    Delivered { order: u8 },
    Cancelled { order: u8 },
    Adjusted { points: i64 },
    Spent { points: i64 },
    Enrolled,
    Reviewed,
}

fn happenings() -> impl Strategy<Value = Happening> {
    let order = || 0..5_u8;
    prop_oneof![
        4 => (order(), 1..40_000_i64, 0..420_i64)
            .prop_map(|(order, minor, days_ago)| Happening::Paid { order, minor, days_ago }),
        2 => (order(), 0..4_u8, 1..9_000_i64)
            .prop_map(|(order, refund, minor)| Happening::AmountRefunded { order, refund, minor }),
        1 => order().prop_map(|order| Happening::UnitRefunded { order }),
        1 => order().prop_map(|order| Happening::Delivered { order }),
        1 => order().prop_map(|order| Happening::Cancelled { order }),
        1 => (1..300_i64).prop_map(|points| Happening::Adjusted { points }),
        2 => (1..600_i64).prop_map(|points| Happening::Spent { points }),
        1 => Just(Happening::Enrolled),
        1 => Just(Happening::Reviewed),
    ]
}

fn happen(member: &mut Member, what: &Happening, now: Timestamp) {
    let (order, facts) = match what {
        Happening::Paid { order, minor, days_ago } => (order, events::paid(days_after(now, -days_ago), *minor)),
        Happening::AmountRefunded { order, refund: id, minor } => (order, refund(&format!("r{id}"), now, &[], *minor)),
        Happening::UnitRefunded { order } => (order, refund("unit", now, &[("1", 1)], 0)),
        Happening::Delivered { order } => (order, delivered("a", now)),
        Happening::Cancelled { order } => (order, cancelled(now)),
        Happening::Adjusted { points } => return drop(member.adjust(*points, now)),
        Happening::Spent { points } => return member.spend(*points, now),
        Happening::Enrolled => return drop(member.enrol(true, now)),
        Happening::Reviewed => return drop(member.review(now)),
    };
    member.hear(&order.to_string(), facts, now);
}

/// Any program, half of them extending what is there whenever something is earned.
fn extending_programs() -> impl Strategy<Value = Programs> {
    (history::all_programs(), any::<bool>()).prop_map(|(programs, extend)| {
        let version = programs.newest().clone();
        let mut program = version.program;
        program.expiry.extend_on_activity = extend;
        let mut programs = programs;
        programs.push(crate::shop::programs::version(version.version + 1, start(), program));
        programs
    })
}

proptest! {
    #![proptest_config(crate::shop::cases(2_500))]

    // `Member` checks the law, and all else that holds of a ledger, after each commit
    #[test]
    fn a_balance_is_the_ledger_at_every_prefix_of_every_history(
        programs in extending_programs(), life in vec((happenings(), 0..60_i64), 1..16),
    ) {
        let mut member = Member::new(programs, start());
        let mut now = start();
        for (what, days) in &life {
            now = days_after(now, *days);
            member.check_law(now);
            happen(&mut member, what, now);
        }
        for days in [0, 1, 13, 40, 200, 400, 800] {
            member.check_law(days_after(now, days));
        }
        let mut past = start();
        while past <= now {
            member.check_law_as_of(past);
            past = days_after(past, 9);
        }
        for entry in &member.ledger {
            member.check_law_as_of(entry.at);
        }
    }
}

proptest! {
    #![proptest_config(crate::shop::cases(500))]

    #[test]
    fn extreme_orders_are_counted_or_refused_and_never_panic(
        lines in vec((any::<i64>(), any::<u32>(), any::<i64>(), any::<i64>(), prop::option::of(any::<u32>())), 0..6),
        largest in vec((0..=MAX_MINOR, 0..=u32::MAX), 0..3),
        amounts in vec(prop_oneof![any::<i64>(), 0..=MAX_MINOR], 0..3),
        rate in prop::sample::select(vec!["10000", "0.000001", "999.999999"]),
        paid_at in any::<i64>(),
    ) {
        let mut program = Program { campaigns: Vec::new(), ..starting() };
        program.earning.points_per_unit = rate.parse().unwrap();
        let mut member = Member::new(one(program), start());
        let extreme = lines.iter().enumerate().map(|(id, (price, quantity, discount, tax_included, left))| Line {
            discount: *discount, tax_included: *tax_included, current_quantity: *left,
            ..line(&format!("e{id}"), *price, *quantity)
        });
        let large = largest.iter().enumerate().map(|(id, (price, quantity))| line(&id.to_string(), *price, *quantity));
        let lines: Vec<Line> = extreme.chain(large).collect();
        let span = Timestamp::MAX.as_second() - 400 * 86_400;
        let paid_at = Timestamp::from_second(paid_at % span).unwrap();
        for id in 0..=amounts.len() {
            let facts = match id.checked_sub(1) {
                None => payload(start(), lines.clone()).paid(paid_at).facts(),
                Some(id) => refund(&id.to_string(), start(), &[("0", u32::MAX)], amounts[id]),
            };
            if member.try_hear("order", facts, start()).is_err() {
                return Ok(());
            }
            let _ = rules::explain::explain(&member.order("order"), &member.programs);
        }
    }
}

#[test]
fn points_expire_and_become_available_without_any_commit() {
    let mut member = Member::new(one(starting()), at("2026-01-10"));
    member.hear("1", events::paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    assert_eq!(member.balance(at("2026-02-08")), (0, 100, 0), "30 days after payment are not over");
    assert_eq!(member.balance(at("2026-02-09")), (100, 0, 0));
    assert_eq!(member.balance(at("2027-01-31T23:59:59Z")), (100, 0, 0), "on the last day");
    assert_eq!(member.balance(at("2027-02-01T00:00:00Z")), (0, 0, 0));
    assert_eq!(member.account.ledger.get(), 100, "nothing has been written down yet");
}

#[test]
fn the_next_commit_writes_down_what_expired_dated_when_it_did() {
    let mut member = Member::new(one(starting()), at("2026-01-10"));
    member.hear("1", events::paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    let entries = member.adjust(5, at("2027-06-01"));
    assert_eq!(entries[0].kind, rules::ledger::EntryKind::Expiry);
    assert_eq!((entries[0].points.get(), entries[0].at), (-100, at("2027-02-01T00:00:00Z")));
    assert_eq!((entries[1].points.get(), entries[1].at), (5, at("2027-06-01")));
}

#[test]
fn the_balance_of_a_past_day_is_the_one_the_member_saw_then() {
    let mut member = Member::new(one(starting()), at("2026-01-10"));
    member.hear("1", events::paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    member.spend(30, at("2026-03-01"));
    member.hear("1", cancelled(at("2026-04-01")), at("2026-04-01"));
    for (day, available, pending, debt) in [
        ("2026-01-09", 0, 0, 0),
        ("2026-01-11", 0, 100, 0),
        ("2026-02-10", 100, 0, 0),
        ("2026-03-02", 70, 0, 0),
        ("2026-04-02", 0, 0, 30),
    ] {
        let past = at(day);
        let newer: Vec<_> = member.ledger.iter().rev().filter(|entry| entry.at > past).cloned().collect();
        let then = member.account.clone().before(&newer).unwrap().balance(member.date(past), past).unwrap();
        let seen = (then.available.get(), then.pending.get(), then.debt.get());
        assert_eq!(seen, (available, pending, debt), "{day}");
    }
}
