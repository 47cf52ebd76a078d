//! Points that become rewards and come back: the balance is the ledger at every step, and nothing is
//! gained by redeeming and cancelling.

use std::collections::BTreeMap;

use crate::shop::{Member, cancelled, days_after, events, history::start, one, refund, starting};
use jiff::{Timestamp, civil::Date};
use proptest::{collection::vec, prelude::*};
use rules::{
    coupon::{Claim, Coupon},
    deal::Ask,
    ids::{CouponCode, OrderId, OrderKey, RedemptionId, Source},
    lots::LotDates,
    points::Points,
    redemption::{CancelledBy, Redemption, RedemptionState},
    zone::add_days,
};

#[derive(Clone, Debug)]
enum Happening {
    Paid { order: u8, minor: i64 },
    Refunded { order: u8, minor: i64 },
    OrderCancelled { order: u8 },
    Adjusted { points: i64 },
    Redeemed { reward: u8, points: i64 },
    Cancelled { redemption: u8 },
    Named { redemption: u8, by: u8, paid: bool },
    Dropped { redemption: u8, by: u8 },
}

fn happenings() -> impl Strategy<Value = Happening> {
    let (order, redemption, by) = (|| 0..4_u8, || 0..6_u8, || 0..3_u8);
    prop_oneof![
        3 => (order(), 1..90_000_i64).prop_map(|(order, minor)| Happening::Paid { order, minor }),
        1 => (order(), 1..9_000_i64).prop_map(|(order, minor)| Happening::Refunded { order, minor }),
        1 => order().prop_map(|order| Happening::OrderCancelled { order }),
        2 => (-900..1_500_i64).prop_map(|points| Happening::Adjusted { points }),
        4 => (0..7_u8, 1..900_i64).prop_map(|(reward, points)| Happening::Redeemed { reward, points }),
        3 => redemption().prop_map(|redemption| Happening::Cancelled { redemption }),
        2 => (redemption(), by(), any::<bool>())
            .prop_map(|(redemption, by, paid)| Happening::Named { redemption, by, paid }),
        1 => (redemption(), by()).prop_map(|(redemption, by)| Happening::Dropped { redemption, by }),
    ]
}

fn order(number: u8) -> OrderKey {
    let source = Source::parse("shopify:shop.example").unwrap();
    OrderKey { source, id: OrderId::parse(&format!("c{number}")).unwrap() }
}

/// The rewards of the default program, by number.
fn ask(reward: u8, points: i64) -> Ask {
    let reward = &starting().rewards[usize::from(reward)];
    let points = (reward.kind().as_str() == "points_as_cash").then_some(points);
    Ask { reward_id: reward.id.clone(), points, order_total: None }
}

struct Life {
    member: Member,
    redemptions: Vec<Redemption>,
}

impl Life {
    fn redeem(&mut self, ask: &Ask, now: Timestamp) {
        let programs = self.member.programs.clone();
        let Ok(deal) = programs.at(now).program.deal(ask) else { return };
        let before = self.member.balance(now).0;
        let id = RedemptionId::parse(&format!("red_{}", self.redemptions.len())).unwrap();
        let mut made = None;
        self.member.attempt(now, |posting| match posting.redeem(&deal) {
            Ok(bought) => {
                made = Some(Redemption::new(id, bought, 1, now));
                true
            }
            Err(_) => false,
        });
        assert_eq!(made.is_some(), before >= deal.points.get(), "redeemed if, and only if, there is enough");
        let Some(redemption) = made else { return };
        assert_eq!(self.member.balance(now).0, before - deal.points.get());
        let code = CouponCode::from_random([u8::try_from(self.redemptions.len()).unwrap(); 10]);
        let redemption = match deal.coupon {
            Some(terms) => redemption.with_coupon(code, terms),
            None => redemption,
        };
        self.redemptions.push(redemption);
    }

    fn cancel(&mut self, number: u8, now: Timestamp) {
        let Some(mut redemption) = self.redemptions.get(usize::from(number)).cloned() else { return };
        let (state, named) = (redemption.state(now), redemption.coupon.as_ref().is_some_and(Coupon::is_claimed));
        let (available, _, debt) = self.member.balance(now);
        let bought = redemption.bought.clone().unwrap();
        let lots = self.member.state(now).lots;
        let mut changed = Ok(false);
        self.member.attempt(now, |posting| {
            changed = redemption.cancel(posting, CancelledBy::Member, now);
            changed == Ok(true)
        });
        match changed {
            Ok(true) => {
                assert!(matches!(state, RedemptionState::Issued | RedemptionState::Requested) && !named);
                let after = self.member.balance(now);
                assert_eq!(after.0 - after.2, available - debt + bought.points.get(), "exactly what it cost");
                let grace = add_days(self.member.date(now), 30);
                let latest = bought.spent.iter().map(|lot| lot.dates.expires_on).max().unwrap().max(grace);
                let grew = |dates: LotDates, points: Points| points > lots.of(dates);
                let is_late = |on: Date| on > latest;
                assert!(
                    !self
                        .member
                        .state(now)
                        .lots
                        .iter()
                        .any(|lot| grew(lot.dates, lot.points) && is_late(lot.dates.expires_on)),
                    "no point lives longer than it did or than the days of grace"
                );
            }
            Ok(false) => assert_eq!(state, RedemptionState::Cancelled),
            Err(_) => assert!(named || matches!(state, RedemptionState::Used | RedemptionState::Expired)),
        }
        self.redemptions[usize::from(number)] = redemption;
    }

    fn claim(&mut self, number: u8, by: u8, claim: Option<Claim>) {
        let Some(redemption) = self.redemptions.get_mut(usize::from(number)) else { return };
        if let Some(coupon) = &mut redemption.coupon {
            coupon.set_claim(&order(by), claim);
        }
    }

    fn happen(&mut self, what: &Happening, now: Timestamp) {
        match what {
            Happening::Paid { order, minor } => {
                drop(self.member.hear(&order.to_string(), events::paid(now, *minor), now))
            }
            Happening::Refunded { order, minor } => {
                drop(self.member.hear(&order.to_string(), refund("r", now, &[], *minor), now));
            }
            Happening::OrderCancelled { order } => drop(self.member.hear(&order.to_string(), cancelled(now), now)),
            Happening::Adjusted { points } => drop(self.member.adjust(*points, now)),
            Happening::Redeemed { reward, points } => self.redeem(&ask(*reward, *points), now),
            Happening::Cancelled { redemption } => self.cancel(*redemption, now),
            Happening::Named { redemption, by, paid } => {
                self.claim(*redemption, *by, Some(Claim { order: order(*by), paid_at: paid.then_some(now) }));
            }
            Happening::Dropped { redemption, by } => self.claim(*redemption, *by, None),
        }
    }
}

proptest! {
    #![proptest_config(crate::shop::cases(1_500))]

    // `Member` checks the balance law after each commit
    #[test]
    fn redeeming_cancelling_and_using_keep_the_law_and_gain_nothing(
        life in vec((happenings(), 0..50_i64), 1..24),
    ) {
        let mut now = start();
        let mut member = Member::new(one(starting()), now);
        member.enrol(true, now);
        let mut all = Life { member, redemptions: Vec::new() };
        for (what, days) in &life {
            now = days_after(now, *days);
            all.member.check_law(now);
            all.happen(what, now);
        }
        for days in [0, 1, 31, 100, 400] {
            all.member.check_law(days_after(now, days));
        }
        for entry in &all.member.ledger {
            all.member.check_law_as_of(entry.at);
        }
    }

    #[test]
    fn a_coupon_says_the_same_whichever_order_is_heard_of_first(
        says in vec((0..6_u8, prop::option::of(0..5_i64), any::<bool>()), 1..12), swaps in vec(any::<prop::sample::Index>(), 12),
    ) {
        // the last word of each order, which is what its facts amount to
        let last: BTreeMap<u8, Option<Claim>> = says.iter().map(|(by, days, dropped)| {
            let claim = Claim { order: order(*by), paid_at: days.map(|days| days_after(start(), days)) };
            (*by, (!dropped).then_some(claim))
        }).collect();
        let mut shuffled: Vec<_> = last.iter().collect();
        for (place, index) in swaps.iter().enumerate().take(shuffled.len()) {
            let other = index.index(shuffled.len());
            shuffled.swap(place, other);
        }
        let heard = |says: Vec<(&u8, &Option<Claim>)>| {
            let terms = starting().deal(&ask(0, 0)).unwrap().coupon.unwrap();
            let code = CouponCode::from_random([7; 10]);
            let mut coupon = Coupon::issue(code, rules::coupon::Origin::Reward, terms.value, start());
            for (by, claim) in says {
                coupon.set_claim(&order(*by), claim.clone());
                coupon.set_claim(&order(*by), claim.clone());
            }
            coupon
        };
        prop_assert_eq!(heard(last.iter().collect()), heard(shuffled));
    }
}
