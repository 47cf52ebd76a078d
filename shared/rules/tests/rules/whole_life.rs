//! One history of everything that the rules know, of a member and another who may turn out to be the
//! same person: the balance is the ledger at every prefix and at every past moment, nothing is
//! negative, and no cap is exceeded.

use std::collections::BTreeMap;

use crate::shop::{Member, at, cancelled, delivered, line, one, payload, refund, starting};
use jiff::{SignedDuration, Timestamp};
use proptest::{collection::vec, option, prelude::*};
use rules::{
    activity::Subject,
    coupon::Claim,
    deal::Ask,
    deed::{Deed, Told},
    ids::{ActivityId, CouponCode, HoldId, MemberId, OrderId, OrderKey, RedemptionId, Source},
    ledger::EntryKind,
    merge::{DoneTwice, merge},
    program::{Negative, Program, Programs, Round},
    redemption::{CancelledBy, Redemption},
};

/// What may happen; numbers are small enough that the same thing is met again.
#[derive(Clone, Debug)]
enum Step {
    /// Of one unit or more, perhaps with the code of a hold or the coupon of a redemption.
    Paid {
        order: u8,
        minor: i64,
        units: u32,
        hold: Option<(u8, Option<i64>)>,
        redemption: Option<u8>,
    },
    Refunded {
        order: u8,
        refund: u8,
        minor: i64,
    },
    UnitRefunded {
        order: u8,
    },
    Edited {
        order: u8,
        left: u32,
    },
    OrderCancelled {
        order: u8,
    },
    Delivered {
        order: u8,
    },
    Adjusted(i64),
    Opened {
        reference: u8,
        points: i64,
    },
    Told {
        activity: &'static str,
        days_ago: i64,
    },
    Approved(u8),
    Reversed(u8),
    Held {
        hold: u8,
        points: i64,
        secs: i64,
    },
    Released(u8),
    Redeemed {
        reward: u8,
        points: i64,
    },
    RedemptionCancelled(u8),
    PaidForAFriend,
    Nothing,
    Merged,
    Erased,
}

fn steps() -> impl Strategy<Value = Vec<(i64, bool, Step)>> {
    let order = || 0..5_u8;
    let activity = prop::sample::select(vec!["share", "check_in", "ugc", "social_follow", "survey"]);
    let step = prop_oneof![
        6 => (order(), 1..60_000_i64, 1..4_u32, option::of((0..6_u8, option::of(0..500_i64))), option::weighted(0.3, 0..4_u8))
            .prop_map(|(order, minor, units, hold, redemption)| Step::Paid { order, minor, units, hold, redemption }),
        3 => (order(), 0..3_u8, 1..30_000_i64).prop_map(|(order, refund, minor)| Step::Refunded { order, refund, minor }),
        1 => order().prop_map(|order| Step::UnitRefunded { order }),
        1 => (order(), 0..3_u32).prop_map(|(order, left)| Step::Edited { order, left }),
        2 => order().prop_map(|order| Step::OrderCancelled { order }),
        1 => order().prop_map(|order| Step::Delivered { order }),
        3 => (-600..1_200_i64).prop_map(Step::Adjusted),
        1 => (0..2_u8, 1..400_i64).prop_map(|(reference, points)| Step::Opened { reference, points }),
        3 => (activity, 0..300_i64).prop_map(|(activity, days_ago)| Step::Told { activity, days_ago }),
        1 => (0..6_u8).prop_map(Step::Approved),
        1 => (0..6_u8).prop_map(Step::Reversed),
        5 => (0..6_u8, 1..400_i64, 60..86_400_i64).prop_map(|(hold, points, secs)| Step::Held { hold, points, secs }),
        1 => (0..6_u8).prop_map(Step::Released),
        3 => (0..7_u8, 1..900_i64).prop_map(|(reward, points)| Step::Redeemed { reward, points }),
        2 => (0..4_u8).prop_map(Step::RedemptionCancelled),
        1 => Just(Step::PaidForAFriend),
        2 => Just(Step::Nothing),
        1 => Just(Step::Merged),
        1 => prop_oneof![4 => Just(Step::Nothing), 1 => Just(Step::Erased)],
    ];
    let pause =
        prop_oneof![3 => 0..600_i64, 2 => 600..90_000_i64, 2 => 90_000..4_000_000_i64, 1 => 4_000_000..40_000_000_i64];
    vec((pause, prop::bool::weighted(0.25), step), 1..45)
}

impl Step {
    /// The same for orders and holds of another person, which nobody mistakes for these.
    fn of_the_other(mut self) -> Step {
        const OTHER: u8 = 100;
        match &mut self {
            Step::Paid { order, hold, .. } => {
                *order += OTHER;
                if let Some((hold, _)) = hold {
                    *hold += OTHER;
                }
            }
            Step::Refunded { order, .. }
            | Step::UnitRefunded { order }
            | Step::Edited { order, .. }
            | Step::OrderCancelled { order }
            | Step::Delivered { order } => *order += OTHER,
            Step::Held { hold, .. } | Step::Released(hold) => *hold += OTHER,
            _ => {}
        }
        self
    }
}

fn programs() -> impl Strategy<Value = Programs> {
    let negative = prop::sample::select(vec![Negative::Debt, Negative::Clamp]);
    (negative, 1..13_u16, any::<bool>(), any::<bool>()).prop_map(|(negative, months, at_month_end, extend)| {
        let mut program = Program { negative, ..starting() };
        program.expiry.months = months;
        program.expiry.round = if at_month_end { Round::EndOfMonth } else { Round::None };
        program.expiry.extend_on_activity = extend;
        one(program)
    })
}

/// A member with what they did and bought.
struct Person {
    member: Member,
    deeds: Vec<Deed>,
    /// What was done as another: the caps were theirs.
    done_before: Vec<Deed>,
    redemptions: Vec<Redemption>,
    openings: BTreeMap<u8, i64>,
}

impl Person {
    fn new(programs: Programs, now: Timestamp) -> Person {
        let mut member = Member::new(programs, now);
        member.enrol(true, now);
        Person {
            member,
            deeds: Vec::new(),
            done_before: Vec::new(),
            redemptions: Vec::new(),
            openings: BTreeMap::new(),
        }
    }

    fn pay(&mut self, step: &Step, now: Timestamp) {
        let Step::Paid { order, minor, units, hold, redemption } = step else { unreachable!() };
        let mut payload = payload(now, [line("1", *minor, *units)]).paid(now);
        if let Some((hold, off)) = hold {
            payload = payload.code(&hold.to_string(), *off);
        }
        self.member.hear(&order.to_string(), payload.facts(), now);
        // an order's last word is what its facts amount to
        let key = key(*order);
        let redemption = redemption.map(usize::from);
        for (number, known) in self.redemptions.iter_mut().enumerate() {
            let Some(coupon) = &mut known.coupon else { continue };
            let names = redemption == Some(number);
            coupon.set_claim(&key, names.then(|| Claim { order: key.clone(), paid_at: Some(now) }));
        }
    }

    fn edit(&mut self, order: u8, left: u32, now: Timestamp) {
        let Some(known) = self.member.orders.get(&order.to_string()) else { return };
        let Some(content) = known.facts.content() else { return };
        let mut line = content.lines[0].clone();
        line.current_quantity = Some(line.quantity.min(left));
        let mut edited = payload(content.created_at, [line]).updated(now);
        for applied in &content.codes {
            edited = edited.code(applied.code.as_str(), applied.amount);
        }
        self.member.hear(&order.to_string(), edited.facts(), now);
    }

    fn cancel_order(&mut self, order: u8, now: Timestamp) {
        self.member.hear(&order.to_string(), cancelled(now), now);
        for redemption in &mut self.redemptions {
            if let Some(coupon) = &mut redemption.coupon {
                coupon.set_claim(&key(order), None);
            }
        }
    }

    fn tell(&mut self, activity: &str, days_ago: i64, now: Timestamp) {
        let id = ActivityId::from_uuid(self.deeds.len() as u128);
        let occurred_at = crate::shop::days_after(now, -days_ago);
        let told = Told { activity: activity.to_owned(), subject: Subject::parse("network").ok(), occurred_at };
        self.deeds.extend(self.member.tell(id, told, now));
    }

    fn judge(&mut self, deed: u8, deserves: bool, now: Timestamp) {
        let mut all = self.done_before.iter_mut().chain(&mut self.deeds);
        if let Some(deed) = all.nth(usize::from(deed)) {
            let _ = self.member.judge(deed, deserves, now);
        }
    }

    fn hold(&mut self, hold: u8, points: i64, secs: i64, now: Timestamp) {
        let id = hold_id(hold);
        // nobody names a code that was not made yet
        let code = id.code().unwrap();
        let is_named = self.member.orders.values().any(|order| order.named_codes().contains(&code));
        if self.member.holds.contains_key(&id) || is_named {
            return;
        }
        let before = self.member.held(now);
        let made = self.member.hold(&format!("hold_{hold}"), points, secs, now).is_ok();
        let is_possible = before.0 >= points && !self.is_guest();
        assert_eq!(made, is_possible, "held if, and only if, there is enough");
        let taken = if made { points } else { 0 };
        assert_eq!(self.member.held(now), (before.0 - taken, before.1 + taken));
    }

    fn is_guest(&self) -> bool {
        self.member.account.status != rules::account::Status::Enrolled
    }

    fn redeem(&mut self, reward: u8, points: i64, now: Timestamp) {
        let programs = self.member.programs.clone();
        let reward = &programs.at(now).program.rewards[usize::from(reward)];
        let points = (reward.kind().as_str() == "points_as_cash").then_some(points);
        let ask = Ask { reward_id: reward.id.clone(), points, order_total: None };
        let Ok(deal) = programs.at(now).program.deal(&ask) else { return };
        let (before, number) = (self.member.held(now), self.redemptions.len());
        let soonest = self.soonest(now);
        let mut made = None;
        self.member.attempt(now, |posting| {
            made = posting.redeem(&deal).ok();
            made.is_some()
        });
        assert_eq!(made.is_some(), before.0 >= deal.points.get());
        let Some(bought) = made else { return };
        assert_eq!(self.member.held(now), (before.0 - deal.points.get(), before.1), "what is held stays held");
        assert_eq!(bought.spent.first().map(|lot| lot.dates.expires_on), soonest, "what expires first goes first");
        assert!(bought.spent.is_sorted_by_key(|lot| lot.dates.expires_on));
        let id = RedemptionId::parse(&format!("red_{number}")).unwrap();
        let redemption = Redemption::new(id, bought, 1, now);
        let code = CouponCode::from_random([u8::try_from(number % 256).unwrap(); 10]);
        self.redemptions.push(match deal.coupon {
            Some(terms) => redemption.with_coupon(code, terms),
            None => redemption,
        });
    }

    fn soonest(&self, now: Timestamp) -> Option<jiff::civil::Date> {
        self.member.account.expiring_next(self.member.date(now)).map(|(on, _)| on)
    }

    fn cancel_redemption(&mut self, number: u8, now: Timestamp) {
        let Some(redemption) = self.redemptions.get_mut(usize::from(number)) else { return };
        let (available, _, debt) = self.member.balance(now);
        let held = self.member.held(now).1;
        let mut given_back = false;
        self.member.attempt(now, |posting| {
            given_back = redemption.cancel(posting, CancelledBy::Merchant, now) == Ok(true);
            given_back
        });
        let (available_after, _, debt_after) = self.member.balance(now);
        let held_after = self.member.held(now).1;
        let back = if given_back { redemption.bought.as_ref().unwrap().points.get() } else { 0 };
        assert_eq!(available_after + held_after - debt_after, available + held - debt + back);
    }

    fn open(&mut self, reference: u8, points: i64, now: Timestamp) {
        let before = self.member.state(now).ledger.get();
        self.member.post(now, |posting| {
            posting.open_balance(&reference.to_string(), crate::shop::points(points), None).map(drop)
        });
        let is_new = self.openings.insert(reference, points).is_none();
        let grown = if is_new { points } else { 0 };
        assert_eq!(self.member.state(now).ledger.get(), before + grown, "each reference once");
    }

    /// An order of a friend is kept.
    fn is_paid_for_a_friend(&mut self, now: Timestamp) {
        let programs = one(starting());
        let mut friend = Member::new(programs, now);
        let referrer = MemberId::parse("mem_1").unwrap();
        friend.account.claim_referral(referrer, crate::shop::points(200), crate::shop::coupon(), now).unwrap();
        friend.hear("f", payload(now, [line("1", 1_000, 1)]).paid(now).facts(), now);
        let referred = friend.account.referrals.referred.unwrap();
        self.member.attempt(now, |posting| posting.pay_referral(&referred).is_ok());
    }

    /// Orders, holds and all else of a person who turned out to be the same.
    fn absorb(&mut self, other: Person) {
        self.member.orders.extend(other.member.orders);
        self.member.holds.extend(other.member.holds);
        self.done_before.extend(other.deeds);
        self.redemptions.extend(other.redemptions);
        self.openings.extend(other.openings);
    }

    /// What must hold now, besides what `Member` checks after every commit.
    fn check(&self, now: Timestamp) {
        self.member.check_law(now);
        let (available, pending, debt) = self.member.balance(now);
        let held = self.member.held(now).1;
        assert!(available >= 0 && pending >= 0 && held >= 0 && debt >= 0, "nothing is negative");
        let promised = self.member.account.holds.points(now).unwrap().get();
        assert!(held <= promised, "nobody holds more than they asked for");
        for order in self.member.orders.values() {
            for capture in &order.captures {
                let spent: i64 = capture.spent.iter().map(|lot| lot.points.get()).sum();
                assert_eq!(spent + capture.owed.get() + capture.missing.get(), capture.points.get());
                let hold = &self.member.holds[&capture.hold];
                assert!(capture.points <= hold.points, "an order takes no more than was held");
            }
        }
        assert_within_caps(&self.deeds);
    }
}

/// Posted or waiting, in each of the periods that the default program caps.
fn assert_within_caps(deeds: &[Deed]) {
    let times = |activity: &str, length: usize| {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for deed in deeds.iter().filter(|deed| deed.activity == activity) {
            *times.entry(deed.recorded_at.to_string()[..length].to_owned()).or_default() += 1;
        }
        times.into_values().max().unwrap_or(0)
    };
    assert!(times("share", 10) <= 1 && times("share", 7) <= 5);
    assert!(times("check_in", 10) <= 1 && times("check_in", 7) <= 10, "fifty points a month");
    assert!(times("ugc", 7) <= 1);
}

fn key(order: u8) -> OrderKey {
    let source = Source::parse("shopify:shop.example").unwrap();
    OrderKey { source, id: OrderId::parse(&order.to_string()).unwrap() }
}

fn hold_id(hold: u8) -> HoldId {
    HoldId::parse(&format!("hold_{hold}")).unwrap()
}

fn happen(person: &mut Person, step: &Step, now: Timestamp) {
    match step {
        Step::Paid { .. } => person.pay(step, now),
        Step::Refunded { order, refund: id, minor } => {
            drop(person.member.hear(&order.to_string(), refund(&format!("r{id}"), now, &[], *minor), now));
        }
        Step::UnitRefunded { order } => {
            drop(person.member.hear(&order.to_string(), refund("unit", now, &[("1", 1)], 0), now));
        }
        Step::Edited { order, left } => person.edit(*order, *left, now),
        Step::OrderCancelled { order } => person.cancel_order(*order, now),
        Step::Delivered { order } => drop(person.member.hear(&order.to_string(), delivered("a", now), now)),
        Step::Adjusted(points) => drop(person.member.adjust(*points, now)),
        Step::Opened { reference, points } => person.open(*reference, *points, now),
        Step::Told { activity, days_ago } => person.tell(activity, *days_ago, now),
        Step::Approved(deed) => person.judge(*deed, true, now),
        Step::Reversed(deed) => person.judge(*deed, false, now),
        Step::Held { hold, points, secs } => person.hold(*hold, *points, *secs, now),
        Step::Released(hold) if person.member.holds.contains_key(&hold_id(*hold)) => {
            person.member.release(&format!("hold_{hold}"), now);
        }
        Step::Redeemed { reward, points } => person.redeem(*reward, *points, now),
        Step::RedemptionCancelled(redemption) => person.cancel_redemption(*redemption, now),
        Step::PaidForAFriend => person.is_paid_for_a_friend(now),
        Step::Released(_) | Step::Nothing | Step::Merged | Step::Erased => drop(person.member.review(now)),
    }
}

/// One person, and until they are merged another who is them too.
struct Lives {
    one: Person,
    other: Option<Person>,
    is_erased: bool,
}

impl Lives {
    fn new(programs: &Programs, now: Timestamp) -> Lives {
        let person = || Person::new(programs.clone(), now);
        Lives { one: person(), other: Some(person()), is_erased: false }
    }

    fn step(&mut self, of_the_other: bool, step: &Step, now: Timestamp) {
        let person = self.other.as_mut().filter(|_| of_the_other).unwrap_or(&mut self.one);
        let step = if of_the_other { step.clone().of_the_other() } else { step.clone() };
        match &step {
            Step::Merged if !self.is_erased => self.merge(now),
            Step::Erased => self.erase(now),
            // who was erased does nothing more; their orders go on
            Step::Held { .. } | Step::Redeemed { .. } | Step::Told { .. } | Step::PaidForAFriend if self.is_erased => {}
            step => happen(person, step, now),
        }
    }

    fn merge(&mut self, now: Timestamp) {
        let Some(mut other) = self.other.take() else { return };
        let (one, from) = (&mut self.one, &mut other);
        let total = |person: &Person| person.member.state(now).ledger.get();
        let (before, joined_twice) = (total(one) + total(from), crate::shop::points(100));
        let id = |id: &str| MemberId::parse(id).unwrap();
        let programs = one.member.programs.clone();
        let held = (id("mem_2"), from.member.account.clone());
        let mut twice = DoneTwice::default();
        let merged = merge(held, (id("mem_1"), one.member.account.clone()), &mut twice, &programs, now).unwrap();
        assert_eq!(merged.from.account.merged_into, Some(id("mem_1")));
        assert_eq!(merged.from.account.ledger.get(), 0, "nothing is left there");
        from.member.settle(merged.from, now);
        one.member.settle(merged.into, now);
        if programs.at(now).program.negative == Negative::Debt {
            let lost = before - total(one);
            assert!((0..=joined_twice.get()).contains(&lost), "points for joining come once: {lost}");
        }
        assert!(one.member.ledger.iter().filter(|entry| entry.kind == EntryKind::MergeIn).count() == 1);
        from.check(now);
        one.absorb(other);
    }

    fn erase(&mut self, now: Timestamp) {
        self.is_erased = true;
        self.one.member.post(now, |posting| {
            posting.account.erased_at = Some(now);
            posting.release_all();
            Ok(())
        });
        assert_eq!(self.one.member.held(now).1, 0);
    }

    fn everybody(&self) -> impl Iterator<Item = &Person> {
        std::iter::once(&self.one).chain(&self.other)
    }
}

proptest! {
    #![proptest_config(crate::shop::cases(400))]

    // `Member` checks the law, and all else that holds of a ledger, after each commit
    #[test]
    fn whatever_happens_in_a_member_s_life_the_balance_is_the_ledger(programs in programs(), steps in steps()) {
        let mut now = at("2026-01-10");
        let mut lives = Lives::new(&programs, now);
        let mut moments = Vec::new();
        for (pause, of_the_other, step) in &steps {
            now += SignedDuration::from_secs(*pause);
            lives.everybody().for_each(|person| person.check(now));
            lives.step(*of_the_other, step, now);
            lives.everybody().for_each(|person| person.check(now));
            moments.push(now);
        }
        for days in [1, 31, 100, 400, 800] {
            lives.everybody().for_each(|person| person.check(crate::shop::days_after(now, days)));
        }
        for person in lives.everybody() {
            let entries = person.member.ledger.iter().map(|entry| entry.at);
            for past in moments.iter().copied().chain(entries) {
                person.member.check_law_as_of(past);
            }
        }
    }
}
