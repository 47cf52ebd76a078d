//! A referrer is paid once, for a friend who keeps what they bought, whatever comes in which order.

use crate::shop::{Member, at, cancelled, coupon, days_after, delivered, events, one, points, refund, starting};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use rules::{
    account::{Account, Status},
    email::Email,
    ids::MemberId,
    order::Posted,
    posting::Posting,
    referral::{CannotClaim, Ended, ReferralCode, Referrals},
};

const CLAIMED_AT: &str = "2026-06-01";

/// A friend who has claimed, and whoever invited them.
struct Pair {
    friend: Member,
    referrer: Account,
}

fn pair() -> Pair {
    let programs = one(starting());
    let referrer = Account::new(Status::Enrolled, at("2026-01-01"), &programs);
    let mut friend = Member::new(programs, at(CLAIMED_AT));
    friend.account.claim_referral(MemberId::parse("mem_1").unwrap(), points(200), coupon(), at(CLAIMED_AT)).unwrap();
    Pair { friend, referrer }
}

impl Pair {
    /// What waking the friend's account does.
    fn wake(&mut self, now: Timestamp) {
        let (programs, referrer) = (self.friend.programs.clone(), &mut self.referrer);
        self.friend.post(now, |posting| {
            let Some(referred) = posting.referral_due().cloned() else { return Ok(()) };
            let mut theirs = Posting::begin(referrer.clone(), &programs, now)?;
            let outcome = theirs.pay_referral(&referred)?;
            if outcome.ended == Ended::Paid {
                *referrer = theirs.end()?.account;
            }
            posting.end_referral(outcome);
            Ok(())
        });
    }

    fn ended(&self) -> Option<Ended> {
        self.friend.account.referrals.referred.as_ref().unwrap().ended
    }

    /// What of the friend's orders is kept, the first payment first.
    fn kept(&self) -> Vec<Posted> {
        let posted = self.friend.orders.values().filter_map(|order| order.posted.clone());
        let mut kept: Vec<Posted> = posted.filter(|posted| posted.spend > 0).collect();
        kept.sort_by_key(|posted| posted.paid_at);
        kept
    }
}

#[derive(Clone, Debug)]
enum Happening {
    Paid { order: u8, minor: i64 },
    Refunded { order: u8 },
    PartlyRefunded { order: u8 },
    Cancelled { order: u8 },
    Delivered { order: u8 },
    Nothing,
}

fn happenings() -> impl Strategy<Value = Happening> {
    let order = || 0..4_u8;
    prop_oneof![
        3 => (order(), 1_000..9_000_i64).prop_map(|(order, minor)| Happening::Paid { order, minor }),
        2 => order().prop_map(|order| Happening::Refunded { order }),
        1 => order().prop_map(|order| Happening::PartlyRefunded { order }),
        1 => order().prop_map(|order| Happening::Cancelled { order }),
        2 => order().prop_map(|order| Happening::Delivered { order }),
        2 => Just(Happening::Nothing),
    ]
}

fn happen(friend: &mut Member, what: &Happening, now: Timestamp) {
    let (order, facts) = match what {
        Happening::Paid { order, minor } => (order, events::paid(now, *minor)),
        Happening::Refunded { order } => (order, refund("all", now, &[("1", 1)], 0)),
        Happening::PartlyRefunded { order } => (order, refund("part", now, &[], 100)),
        Happening::Cancelled { order } => (order, cancelled(now)),
        Happening::Delivered { order } => (order, delivered("a", now)),
        Happening::Nothing => return,
    };
    friend.hear(&order.to_string(), facts, now);
}

proptest! {
    #![proptest_config(crate::shop::cases(400))]

    #[test]
    fn any_history_pays_at_most_once_and_only_for_what_is_kept(steps in vec((0..12_i64, happenings()), 1..25)) {
        let mut pair = pair();
        let mut now = at(CLAIMED_AT);
        for (days, what) in steps {
            now = days_after(now, days);
            happen(&mut pair.friend, &what, now);
            let (kept, before) = (pair.kept(), pair.ended());
            pair.wake(now);
            pair.wake(now);
            let first_is_over = kept.first().is_some_and(|first| first.dates.available_on.unwrap() <= pair.friend.date(now));
            prop_assert_eq!(pair.ended(), before.or(first_is_over.then_some(Ended::Paid)));
            let paid = i64::from(pair.ended().is_some());
            prop_assert_eq!(i64::from(pair.referrer.referrals.paid), paid);
            prop_assert_eq!(pair.referrer.ledger, points(200 * paid));
        }
    }

    #[test]
    fn a_friend_is_woken_for_the_referrer_s_sake_when_the_window_is_over(minor in 1_000..9_000_i64, days in 0..40_i64) {
        let mut pair = pair();
        let paid_at = days_after(at(CLAIMED_AT), days);
        pair.friend.hear("1", events::paid(paid_at, minor), paid_at);
        let due = pair.friend.account.wake_up.unwrap().at;
        pair.wake(Timestamp::from_second(due.as_second() - 1).unwrap());
        prop_assert_eq!(pair.ended(), None);
        pair.wake(due);
        prop_assert_eq!(pair.ended(), Some(Ended::Paid));
    }
}

#[test]
fn an_order_from_before_the_claim_that_was_told_late_pays_nothing() {
    let mut pair = pair();
    pair.friend.hear("1", events::paid(at("2026-05-31"), 5_000), at("2026-06-02"));
    pair.wake(at("2026-08-01"));
    assert_eq!((pair.ended(), pair.referrer.ledger), (Some(Ended::NotNew), points(0)));
}

#[test]
fn a_month_pays_for_as_many_friends_as_the_program_says() {
    let mut referrer = pair().referrer;
    let mut ended = Vec::new();
    for paid_at in ["2026-06-01"; 21].iter().chain(&["2026-06-10"]) {
        let mut pair = Pair { referrer, ..pair() };
        pair.friend.hear("1", events::paid(at(paid_at), 5_000), at(paid_at));
        // 30 days after the payment: the last of them in another month
        pair.wake(if *paid_at == "2026-06-01" { at("2026-07-01") } else { at("2026-08-01") });
        ended.push(pair.ended().unwrap());
        referrer = pair.referrer;
    }
    assert_eq!(ended.iter().filter(|ended| **ended == Ended::Paid).count(), 21);
    assert_eq!((ended[19], ended[20], ended[21]), (Ended::Paid, Ended::Cap, Ended::Paid));
    assert_eq!(referrer.referrals.points, points(21 * 200));
}

#[test]
fn who_was_erased_is_not_paid() {
    let mut pair = pair();
    pair.referrer.erased_at = Some(at("2026-06-05"));
    pair.friend.hear("1", events::paid(at("2026-06-02"), 5_000), at("2026-06-02"));
    pair.wake(at("2026-08-01"));
    assert_eq!((pair.ended(), pair.referrer.ledger), (Some(Ended::NoReferrer), points(0)));
}

#[test]
fn who_has_bought_or_claimed_cannot_claim() {
    let referrer = || MemberId::parse("mem_1").unwrap();
    let mut pair = pair();
    let again = pair.friend.account.claim_referral(referrer(), points(200), coupon(), at(CLAIMED_AT));
    assert_eq!(again, Err(CannotClaim::AlreadyReferred));
    pair.friend.account.referrals = Referrals::default();
    pair.friend.hear("1", events::paid(at("2026-06-02"), 5_000), at("2026-06-02"));
    let bought = pair.friend.account.claim_referral(referrer(), points(200), coupon(), at("2026-06-03"));
    assert_eq!(bought, Err(CannotClaim::NotANewCustomer));
    // who gave everything back is new again
    pair.friend.hear("1", refund("all", at("2026-06-04"), &[("1", 1)], 0), at("2026-06-04"));
    assert_eq!(pair.friend.account.claim_referral(referrer(), points(200), coupon(), at("2026-06-05")), Ok(()));
}

#[test]
fn one_mailbox_has_one_name() {
    let mailbox = |text: &str| String::from(Email::parse(text).unwrap().mailbox());
    assert_eq!(mailbox("Mia.Wong+shop@GMail.com"), "miawong@gmail.com");
    assert_eq!(mailbox("m.i.a.wong@googlemail.com"), "miawong@gmail.com");
    assert_eq!(mailbox("mia.wong+1@example.com"), "mia.wong@example.com");
    assert_eq!(mailbox("+1@example.com"), "+1@example.com");
    assert_ne!(mailbox("mia.wong@example.com"), mailbox("miawong@example.com"));
}

#[test]
fn a_code_is_short_and_read_however_it_is_typed() {
    let code = ReferralCode::from_random([0xff, 0x00, 0x10, 0x42, 0x21]);
    assert_eq!(code.as_str().len(), 8);
    assert_eq!(ReferralCode::parse(&code.as_str().to_lowercase()), Ok(code));
    assert_eq!(ReferralCode::parse(" oil0oil0 "), ReferralCode::parse("01100110"));
    for bad in ["", "1234567", "123456789", "1234567U", "1234 678", "1234#678", "ÄÄÄÄ"] {
        assert!(ReferralCode::parse(bad).is_err(), "{bad}");
    }
    let codes: std::collections::BTreeSet<_> =
        (0..=255).map(|byte| ReferralCode::from_random([byte, 1, 2, 3, byte])).collect();
    assert_eq!(codes.len(), 256);
}
