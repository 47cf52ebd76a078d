//! Whatever members do, in whatever order and however late it is judged: no cap is exceeded in any
//! period, and the balance is the ledger.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod shop;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use rules::{
    activity::{CapPeriod, Subject},
    deed::{Deed, DeedState, Refusal, Told},
    ids::ActivityId,
};
use shop::{Member, at, days_after, events, one, refund, starting};

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

proptest! {
    #![proptest_config(shop::cases(300))]

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
