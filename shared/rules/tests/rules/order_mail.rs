//! The mail of an order follows from what is known of it, in whatever order that came.

use crate::shop::{
    at, cancelled, cases, days_after, delivered,
    desk::{Desk, mailing},
    events::paid,
    history, line, one, payload,
    programs::version,
    refund, shipped, starting,
};
use jiff::Timestamp;
use proptest::prelude::*;
use rules::{
    facts::OrderFacts,
    message::State,
    offset::Offset,
    order_mail::CHANGED_AT_ONCE,
    program::{Program, Programs},
    reason::Reason,
};

const PAID: &str = "2026-06-18T10:00:00Z";

/// The mail of an order of which everything is heard at once.
fn at_once(facts: OrderFacts, programs: &Programs, now: Timestamp) -> Desk {
    let mut desk = Desk::new();
    desk.hear(facts, programs, now);
    desk
}

/// Events, each at least once, in any order, and when they arrive.
fn arrivals() -> impl Strategy<Value = (Vec<OrderFacts>, Vec<i64>)> {
    history::events().prop_flat_map(|events| {
        let repeated = prop::collection::vec(0..events.len(), 0..5);
        let count = events.len();
        let order = repeated.prop_map(move |more| (0..count).chain(more).collect::<Vec<_>>()).prop_shuffle();
        (order, prop::collection::vec(0..90_i64, count + 5)).prop_map(move |(order, mut days)| {
            days.sort_unstable();
            days.truncate(order.len());
            (order.into_iter().map(|index| events[index].clone()).collect(), days)
        })
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn after_any_prefix_the_mail_is_that_of_the_facts_known_by_then(
        (events, days) in arrivals(),
        waits in any::<bool>(),
    ) {
        let programs = one(mailing(starting()));
        let (mut desk, mut known) = (Desk::new(), OrderFacts::default());
        for (event, day) in events.into_iter().zip(days) {
            let now = days_after(history::start(), if waits { day - 30 } else { 0 });
            known = known.merge(event.clone());
            desk.hear(event.clone(), &programs, now);
            prop_assert_eq!(desk.hear(event, &programs, now), 0, "a repeated event changes nothing");
            prop_assert_eq!(desk.live(now), at_once(known.clone(), &programs, now).live(now));
        }
    }
}

fn names(desk: &Desk, now: Timestamp) -> Vec<String> {
    desk.live(now).into_iter().map(|(_, name, ..)| name).collect()
}

const ALL: [&str; 7] = [
    "care_1",
    "delivered_1",
    "order_confirmation_1",
    "review_invitation_1",
    "review_invitation_2",
    "shipped_1",
    "tips_1",
];

/// Paid, sent and delivered on one day.
fn arrived(programs: &Programs) -> Desk {
    let mut desk = Desk::new();
    let facts = payload(at(PAID), [line("1", 5_000, 1)]).paid(at(PAID)).facts();
    [facts, shipped("p", at(PAID)), delivered("p", at(PAID))].into_iter().for_each(|facts| {
        desk.hear(facts, programs, at(PAID));
    });
    assert_eq!(names(&desk, at(PAID)), ALL);
    desk
}

#[test]
fn what_went_back_and_is_bought_again_gets_its_mail_again_and_what_was_cancelled_never() {
    let (programs, now) = (one(mailing(starting())), days_after(at(PAID), 1));
    let mut desk = arrived(&programs);
    desk.hear(refund("r", now, &[("1", 1)], 0), &programs, now);
    assert_eq!(names(&desk, now), [""; 0]);
    assert!(desk.messages.values().all(|message| message.reason == Some(Reason::Refunded)));
    // the order is edited: there is more in it than went back
    let edited = payload(at(PAID), [line("1", 5_000, 2)]).paid(at(PAID)).updated(now).facts();
    desk.hear(edited, &programs, now);
    assert_eq!(names(&desk, now), ALL);
    desk.hear(cancelled(now), &programs, now);
    assert_eq!(names(&desk, now), [""; 0]);
    assert!(desk.messages.values().all(|message| message.reason == Some(Reason::Cancelled)));
}

#[test]
fn however_many_parcels_an_order_has_each_has_its_mail_in_commits_of_so_many() {
    let (programs, now) = (one(mailing(starting())), at(PAID));
    let parcels = 3 * CHANGED_AT_ONCE + 1;
    let mut facts = payload(at(PAID), [line("1", 5_000, 1)]).paid(at(PAID)).facts();
    for parcel in 0..parcels {
        facts = facts.merge(shipped(&format!("p-{parcel}"), at(PAID)));
    }
    let shipped = |desk: &Desk| names(desk, now).iter().filter(|name| *name == "shipped_1").count();
    let mut desk = at_once(facts, &programs, now);
    assert_eq!(shipped(&desk), parcels);
    desk.is_of("mem_2", &programs, now);
    let whose = |desk: &Desk, wanted: &str| desk.live(now).iter().filter(|(whose, ..)| whose == wanted).count();
    assert_eq!((whose(&desk, "mem_1"), shipped(&desk)), (0, parcels));
    desk.hear(cancelled(now), &programs, now);
    assert_eq!(names(&desk, now), [""; 0]);
}

#[test]
fn what_was_sent_is_not_planned_again_whatever_becomes_of_the_order() {
    let (programs, now) = (one(mailing(starting())), days_after(at(PAID), 5));
    let mut desk = arrived(&programs);
    for message in desk.messages.values_mut().filter(|message| message.due_at <= now) {
        assert!(message.claim(now) && message.begin_sending(now) && message.was_sent(Some("s"), now));
    }
    let later = names(&desk, now);
    assert_eq!(later, ["care_1", "review_invitation_2", "tips_1"]);
    desk.hear(refund("r", now, &[("1", 1)], 0), &programs, now);
    let edited = payload(at(PAID), [line("1", 5_000, 2)]).paid(at(PAID)).updated(now).facts();
    desk.hear(edited, &programs, now);
    assert_eq!(names(&desk, now), later);
}

#[test]
fn an_order_that_turns_out_to_be_another_s_takes_its_mail_along_and_back() {
    let (programs, now) = (one(mailing(starting())), at(PAID));
    let mut desk = arrived(&programs);
    let before = desk.live(now);
    for member in ["mem_2", "mem_1", "mem_2"] {
        desk.is_of(member, &programs, now);
        let whose: Vec<String> = desk.live(now).into_iter().map(|(whose, ..)| whose).collect();
        assert_eq!(whose, [member; 7]);
    }
    desk.is_of("mem_1", &programs, now);
    assert_eq!(desk.live(now), before);
}

#[test]
fn a_delivery_that_turns_out_later_moves_what_rests_on_it() {
    let programs = one(mailing(starting()));
    let mut desk = arrived(&programs);
    let before = desk.messages.len();
    let (second, now) = (days_after(at(PAID), 3), days_after(at(PAID), 3));
    desk.hear(delivered("q", second), &programs, now);
    assert_eq!(desk.messages.len(), before, "it moves, there is none more");
    let invited = desk.live(now).into_iter().find(|(_, name, ..)| name == "review_invitation_1").unwrap();
    assert_eq!((invited.2, invited.3), (days_after(second, 4), days_after(second, 11)));
}

#[test]
fn a_change_of_the_program_moves_ends_and_plans_again() {
    let with = |change: fn(&mut Program)| {
        let mut program = mailing(starting());
        change(&mut program);
        program
    };
    let day = |day| days_after(at(PAID), day);
    let off = with(|program| program.mail.scenarios.get_mut("review_invitation").unwrap().on = false);
    let sooner =
        with(|program| program.mail.scenarios.get_mut("review_invitation").unwrap().steps = vec![Offset::days(3)]);
    let programs = Programs::new(
        version(1, at("2020-01-01"), mailing(starting())),
        vec![version(2, day(1), off), version(3, day(2), sooner)],
    );
    let mut desk = arrived(&programs);
    let invitations = |desk: &Desk, now| {
        desk.live(now).into_iter().filter(|(_, name, ..)| name.starts_with("review")).map(|found| found.2).collect()
    };
    let seen: Vec<Timestamp> = invitations(&desk, at(PAID));
    assert_eq!(seen, [day(4), day(11)]);
    desk.is_of("mem_1", &programs, day(1));
    let ended: Vec<_> = desk.messages.values().filter(|message| message.state == State::Skipped).collect();
    assert_eq!(ended.len(), 2);
    assert!(ended.iter().all(|message| message.reason == Some(Reason::ScenarioOff)));
    desk.is_of("mem_1", &programs, day(2));
    let seen: Vec<Timestamp> = invitations(&desk, day(2));
    assert_eq!(seen, [day(3)]);
}

#[test]
fn a_test_order_and_one_paid_before_the_program_starts_plan_nothing() {
    let mut program = mailing(starting());
    let test = payload(at(PAID), [line("1", 5_000, 1)]).paid(at(PAID)).test().facts();
    assert!(at_once(test, &one(program.clone()), at(PAID)).messages.is_empty());
    program.starts_on = Some(crate::shop::on("2026-06-19"));
    assert!(at_once(paid(at(PAID), 5_000), &one(program), at(PAID)).messages.is_empty());
}
