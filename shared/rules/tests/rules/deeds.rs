//! Whatever members do, in whatever order and however late it is judged: no cap is exceeded in any
//! period, and the balance is the ledger.

use std::collections::{BTreeMap, BTreeSet};

use crate::shop::{Member, at, days_after, events, one, refund, starting};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use rules::{
    activity::{CapPeriod, Subject},
    buyer::Buyer,
    capture::Claims,
    deed::{Deed, DeedState, Refusal, Told},
    facts::OrderFacts,
    ids::{ActivityId, MemberId},
    order::Order,
};

#[derive(Clone, Debug)]
enum Happening {
    Told { activity: &'static str, days_ago: i64 },
    Approved { deed: prop::sample::Index },
    Reversed { deed: prop::sample::Index },
    Paid { minor: i64 },
    Refunded { minor: i64 },
    Spent { points: i64 },
}

fn happenings() -> impl Strategy<Value = Happening> {
    let index = any::<prop::sample::Index>;
    let activity = prop::sample::select(vec!["share", "check_in", "check_in", "ugc", "social_follow"]);
    prop_oneof![
        8 => (activity, -1..366_i64).prop_map(|(activity, days_ago)| Happening::Told { activity, days_ago }),
        1 => index().prop_map(|deed| Happening::Approved { deed }),
        2 => index().prop_map(|deed| Happening::Reversed { deed }),
        1 => (1..20_000_i64).prop_map(|minor| Happening::Paid { minor }),
        1 => (1..9_000_i64).prop_map(|minor| Happening::Refunded { minor }),
        2 => (1..80_i64).prop_map(|points| Happening::Spent { points }),
    ]
}

fn happen(member: &mut Member, deeds: &mut Vec<Deed>, what: &Happening, now: Timestamp) {
    match what {
        Happening::Told { activity, days_ago } => {
            let id = ActivityId::from_uuid(deeds.len() as u128);
            let occurred_at = days_after(now, -days_ago);
            let told = Told { activity: (*activity).to_owned(), subject: Subject::parse("network").ok(), occurred_at };
            match member.tell(id, told, now) {
                Ok(deed) => deeds.push(deed),
                Err(refusal) => assert!(matches!(refusal, Refusal::CapReached(_)), "{refusal}"),
            }
        }
        Happening::Approved { deed } if !deeds.is_empty() => {
            let deed = deed.index(deeds.len());
            let deed = &mut deeds[deed];
            let before = deed.clone();
            match member.judge(deed, true, now) {
                Ok(()) => assert_eq!(deed.state, DeedState::Posted),
                Err(refusal) => assert_eq!((refusal, &*deed), (Refusal::Reversed, &before)),
            }
        }
        Happening::Reversed { deed } if !deeds.is_empty() => {
            let deed = deed.index(deeds.len());
            let deed = &mut deeds[deed];
            member.judge(deed, false, now).unwrap();
            let (after, entries) = (deed.clone(), member.ledger.len());
            member.judge(deed, false, now).unwrap();
            assert_eq!((&*deed, member.ledger.len()), (&after, entries), "again it changes nothing");
        }
        Happening::Approved { .. } | Happening::Reversed { .. } => {}
        Happening::Paid { minor } => drop(member.hear("1", events::paid(now, *minor), now)),
        Happening::Refunded { minor } => drop(member.hear("1", refund("r", now, &[], *minor), now)),
        Happening::Spent { points } => member.spend(*points, now),
    }
}

/// Times and points of each activity in each period that its caps name.
fn assert_within_caps(deeds: &[Deed]) {
    let program = starting();
    let mut counts: BTreeMap<(String, CapPeriod, String), (u32, i64)> = BTreeMap::new();
    for deed in deeds {
        let day = program.zone.date(deed.recorded_at).to_string();
        for cap in &program.activities[&deed.activity].caps {
            let length = match cap.period {
                CapPeriod::Day => 10,
                CapPeriod::Month => 7,
                CapPeriod::Year => 4,
                CapPeriod::Lifetime => 0,
            };
            let count = counts.entry((deed.activity.clone(), cap.period, day[..length].to_owned())).or_default();
            *count = (count.0 + 1, count.1 + deed.points.get());
            assert!(cap.times.is_none_or(|times| count.0 <= times), "{deed:?}");
            assert!(cap.points.is_none_or(|points| count.1 <= points.get()), "{deed:?}");
        }
    }
}

/// What the deed of a member who bought once gives them, after those facts.
fn left_of_a_review(proof_is_given: bool, facts: OrderFacts) -> (i64, DeedState, bool) {
    let mut member = Member::new(one(starting()), at("2026-01-10"));
    let now = at("2026-01-12");
    member.hear("1", events::paid(at("2026-01-11"), 3_000), now);
    let told = Told { activity: "review".to_owned(), subject: Subject::parse("kettle").ok(), occurred_at: now };
    let deed = member.tell(ActivityId::from_uuid(1), told, now).unwrap();
    let order = Order { is_proof: proof_is_given, ..member.order("1") };
    let before = order.facts.clone();
    let mut order = order.learn(facts);
    let owner = MemberId::parse("mem_1").unwrap();
    let deeds = if order.is_void_proof() { vec![(owner, deed.clone())] } else { Vec::new() };
    let mut claims = Claims { deeds, ..Claims::default() };
    let buyer = Buyer::default();
    let account = member.account.clone();
    let settled = order.settle_with(&before, account, &buyer, &mut claims, &member.programs, now).unwrap();
    let state = claims.deeds.first().map_or(deed.state, |(_, deed)| deed.state);
    let ledger = settled.account.balance(member.date(now), now).unwrap();
    (ledger.available.get() - ledger.debt.get(), state, order.is_proof)
}

#[test]
fn what_an_order_proved_is_reversed_once_all_of_it_went_back() {
    let now = at("2026-01-12");
    let (part, all) = (refund("r", now, &[], 1_000), refund("r", now, &[], 3_000));
    assert_eq!(left_of_a_review(true, part), (50, DeedState::Posted, true));
    assert_eq!(left_of_a_review(true, all.clone()), (0, DeedState::Reversed, false));
    assert_eq!(left_of_a_review(true, events::cancelled(now)), (0, DeedState::Reversed, false));
    assert_eq!(left_of_a_review(false, all), (50, DeedState::Posted, false), "it rests on another order");
}

proptest! {
    #![proptest_config(crate::shop::cases(300))]

    #[test]
    fn caps_hold_and_the_balance_is_the_ledger(steps in vec((happenings(), 0..30_i64), 1..60)) {
        let mut member = Member::new(one(starting()), at("2026-01-10"));
        let mut deeds = Vec::new();
        let mut now = at("2026-01-10");
        let mut seen = BTreeSet::new();
        for (what, hours) in &steps {
            now = Timestamp::from_second(now.as_second() + hours * 3_600).unwrap();
            happen(&mut member, &mut deeds, what, now);
            member.check_law(now);
            seen.insert(now);
        }
        assert_within_caps(&deeds);
        for past in seen {
            member.check_law_as_of(past);
        }
    }
}
