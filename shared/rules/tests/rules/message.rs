//! A message on every way that it can take: it ends, and is sent at most once.

use crate::shop::{at, cases};
use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, prelude::*};
use rules::{
    ids::MemberId,
    message::{Message, Occasion, State, Timing},
    reason::Reason,
};

/// What can befall a message, from our side and from that of SES.
#[derive(Clone, Copy, Debug)]
enum Event {
    Wait(i64),
    Claim,
    Move(i64),
    Skip,
    Defer(i64),
    Begin,
    Answered,
    RefusedForNow,
    RefusedForGood,
    HeardSent,
    HeardRejected,
    GiveUp,
    PlanAgain(i64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (1..7_200_i64).prop_map(Event::Wait),
        4 => Just(Event::Claim),
        1 => (0..10_000_i64).prop_map(Event::Move),
        1 => Just(Event::Skip),
        1 => (1..10_000_i64).prop_map(Event::Defer),
        4 => Just(Event::Begin),
        1 => Just(Event::Answered),
        2 => Just(Event::RefusedForNow),
        1 => Just(Event::RefusedForGood),
        1 => Just(Event::HeardSent),
        1 => Just(Event::HeardRejected),
        2 => Just(Event::GiveUp),
        1 => (0..10_000_i64).prop_map(Event::PlanAgain),
    ];
    vec(event, 1..60)
}

fn planned(now: Timestamp) -> Message {
    let member = MemberId::parse("mem_1").unwrap();
    let occasion = Occasion { member: &member, scenario: "care", step: 1, subject: "shopify:shop.example:1" };
    Message::plan(occasion, timing(now, 0), now)
}

#[test]
fn what_was_not_sent_by_its_deadline_ends_when_it_is_next_looked_at() {
    let now = at("2026-06-18T12:00:00Z");
    let late = now + SignedDuration::from_hours(73);
    for waits_for in [None, Some(Reason::Cap)] {
        let mut message = planned(now);
        assert!(!message.miss_deadline(now + SignedDuration::from_hours(71)));
        if let Some(reason) = waits_for {
            assert!(message.claim(now));
            message.defer(late, reason, now);
        }
        assert!(message.miss_deadline(late));
        assert_eq!((message.state, message.reason), (State::Skipped, waits_for.or(Some(Reason::DeadlinePassed))));
    }
    let mut taken = planned(now);
    assert!(taken.claim(late - SignedDuration::from_mins(1)));
    assert!(!taken.miss_deadline(late), "the run that has it decides");
}

#[test]
fn what_kept_it_long_before_its_deadline_is_not_why_it_was_late() {
    let now = at("2026-06-18T22:00:00Z");
    let (morning, late) = (now + SignedDuration::from_hours(10), now + SignedDuration::from_hours(73));
    for (reason, said) in [(Reason::QuietHours, Reason::DeadlinePassed), (Reason::QuotaReached, Reason::QuotaReached)] {
        let mut message = planned(now);
        assert!(message.claim(now));
        message.defer(morning, reason, now);
        assert!(message.miss_deadline(late));
        assert_eq!(message.reason, Some(said));
    }
}

#[test]
fn what_moves_while_a_run_has_it_is_not_that_run_s_any_more() {
    let now = at("2026-06-18T12:00:00Z");
    let mut message = planned(now);
    assert!(message.claim(now));
    let claimed = message.version;
    assert!(message.move_to(timing(now, 86_400)));
    assert_eq!((message.state, message.next_at()), (State::Planned, Some(message.due_at)));
    assert!(message.version > claimed, "its next commit is refused");
}

fn timing(now: Timestamp, secs: i64) -> Timing {
    let due_at = now + SignedDuration::from_secs(secs);
    Timing { due_at, deadline_at: due_at + SignedDuration::from_hours(72) }
}

/// As the application does it: what a run has claimed, only that run defers, sends or has refused.
fn befall(message: &mut Message, event: Event, now: &mut Timestamp) {
    let (state, secs) = (message.state, SignedDuration::from_secs);
    match event {
        Event::Wait(passing) => *now += secs(passing),
        Event::Claim => drop_told(message.claim(*now)),
        Event::Move(later) => drop_told(message.move_to(timing(*now, later))),
        Event::Skip => drop_told(message.skip(Reason::Refunded, *now)),
        Event::Defer(later) if state == State::Claimed => message.defer(*now + secs(later), Reason::Cap, *now),
        Event::Begin => drop_told(message.begin_sending(*now)),
        Event::Answered if state == State::Sending => drop_told(message.was_sent(Some("ses"), *now)),
        Event::RefusedForNow if state == State::Sending => message.was_refused_for_now(Reason::Throttled, *now),
        Event::RefusedForGood if state == State::Sending => message.was_refused(Reason::Refused, *now),
        Event::HeardSent => drop_told(message.was_sent(None, *now)),
        Event::HeardRejected => drop_told(message.was_rejected(Reason::Rejected, *now)),
        Event::GiveUp => drop_told(message.give_up(*now)),
        Event::PlanAgain(later) => drop_told(message.plan_again(timing(*now, later))),
        Event::Defer(_) | Event::Answered | Event::RefusedForNow | Event::RefusedForGood => {}
    }
}

fn drop_told(_: bool) {}

fn has_ended(state: State) -> bool {
    matches!(state, State::Sent | State::Skipped | State::Unknown)
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn whatever_befalls_it_it_is_handed_over_once_unless_ses_said_no(events in events()) {
        let mut now = at("2026-06-18T10:00:00Z");
        let mut message = planned(now);
        let mut may_be_out = false;
        for event in events {
            let before = message.clone();
            befall(&mut message, event, &mut now);
            if (before.state, message.state) == (State::Claimed, State::Sending) {
                prop_assert!(!may_be_out, "handed over again after {before:?}");
                may_be_out = true;
            }
            if matches!(event, Event::RefusedForNow | Event::RefusedForGood) && before.state == State::Sending {
                may_be_out = false;
            }
            if matches!(before.state, State::Sent | State::Unknown) {
                prop_assert!(has_ended(message.state), "what may be out is over: {event:?} on {before:?}");
            }
            if before.state == State::Sent {
                let is_over = matches!(message.state, State::Sent) || message.reason == Some(Reason::Rejected);
                prop_assert!(is_over, "{event:?} on {before:?}");
            }
            prop_assert_eq!(message.next_at().is_none(), has_ended(message.state), "somebody looks at what goes on");
            prop_assert_eq!(message.ended_at.is_some(), has_ended(message.state));
            let lacks_reason = matches!(message.state, State::Skipped | State::Unknown) && message.reason.is_none();
            prop_assert!(!lacks_reason, "none is lost without a reason");
            let changed = message != before;
            prop_assert_eq!(message.version > before.version, changed, "each change is a commit: {:?}", event);
            prop_assert!(message.steps.len() <= 12);
        }
    }

    #[test]
    fn left_alone_it_ends_within_an_hour_of_its_sending_and_is_nobody_s_twice(waits in vec(0..4_000_i64, 1..20)) {
        let mut now = at("2026-06-18T10:00:00Z");
        let mut message = planned(now);
        prop_assert!(message.claim(now) && !message.claim(now), "one of two runs has it");
        prop_assert!(message.begin_sending(now) && !message.begin_sending(now));
        let began = now;
        for secs in waits {
            now += SignedDuration::from_secs(secs);
            prop_assert!(!message.claim(now) && !message.skip(Reason::Refunded, now) && !message.move_to(timing(now, 9)));
            message.give_up(now);
            prop_assert_eq!(message.state == State::Unknown, now.duration_since(began) >= SignedDuration::from_hours(1));
        }
    }
}

#[test]
fn a_claim_that_its_run_did_not_live_to_end_is_taken_over_once_its_lease_is_over() {
    let now = at("2026-06-18T10:00:00Z");
    let mut message = planned(now);
    assert!(message.claim(now));
    assert!(!message.claim(now + SignedDuration::from_secs(299)));
    assert!(message.claim(now + SignedDuration::from_secs(300)));
}

#[test]
fn an_event_of_ses_tells_what_nobody_knew_and_each_refusal_is_waited_longer() {
    let now = at("2026-06-18T10:00:00Z");
    let mut message = planned(now);
    let mut then = now;
    for pause in [60, 300, 900, 1_800, 3_600, 3_600] {
        assert!(message.claim(then) && message.begin_sending(then));
        message.was_refused_for_now(Reason::Throttled, then);
        assert_eq!(message.next_at(), Some(then + SignedDuration::from_secs(pause)));
        then += SignedDuration::from_secs(pause);
    }
    assert!(message.claim(then) && message.begin_sending(then));
    let later = then + SignedDuration::from_hours(1);
    assert!(message.give_up(later));
    assert_eq!((message.state, message.reason), (State::Unknown, Some(Reason::NoAnswer)));
    assert!(message.was_sent(Some("ses"), later + SignedDuration::from_hours(5)));
    assert_eq!((message.state, message.reason), (State::Sent, None));
}
