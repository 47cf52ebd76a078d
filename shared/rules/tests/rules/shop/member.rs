//! A member with their orders and their whole ledger. Every step checks what must hold of it.

use std::collections::BTreeMap;

use super::starting as shop_program;
use jiff::{SignedDuration, Timestamp, civil::Date};
use rules::{
    account::{Account, Balance, Status},
    buyer::Buyer,
    capture::Claims,
    case::Case,
    deed::{Deed, Refusal, Told},
    facts::OrderFacts,
    hold::{Hold, HoldEnd},
    hold_terms::{HoldAsk, HoldTerms},
    holds::HoldError,
    ids::{ActivityId, HoldId, MemberId, OrderId, OrderKey, Source},
    lapsed::Lapsed,
    ledger::{Entry, EntryKind},
    lots::Lots,
    money::{Currency, Money},
    order::Order,
    points::{Overflow, Points},
    posting::{Posting, Settled, TierChange},
    program::{Negative, Programs},
    standing::Standing,
};

#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) programs: Programs,
    pub(crate) account: Account,
    /// What campaigns know of them, but for their last birthday window.
    pub(crate) buyer: Buyer,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) ledger: Vec<Entry>,
    pub(crate) tier_changes: Vec<TierChange>,
    /// Every hold that there ever was.
    pub(crate) holds: BTreeMap<HoldId, Hold>,
    pub(crate) cases: Vec<Case>,
    /// What the entries alone say of lots and debt.
    replayed: Lots,
    owed: Points,
}

/// What the member sees on a day, and what later refunds will see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) ledger: Points,
    pub(crate) balance: Balance,
    pub(crate) lots: Lots,
    pub(crate) lapsed: Lapsed,
    pub(crate) standing: Standing,
}

impl Member {
    pub(crate) fn new(programs: Programs, joined_at: Timestamp) -> Member {
        let account = Account::new(Status::Guest, joined_at, &programs);
        Member {
            programs,
            account,
            buyer: Buyer::default(),
            orders: BTreeMap::new(),
            ledger: Vec::new(),
            tier_changes: Vec::new(),
            holds: BTreeMap::new(),
            cases: Vec::new(),
            replayed: Lots::default(),
            owed: Points::ZERO,
        }
    }

    /// The order with that number, heard of or not.
    pub(crate) fn order(&self, id: &str) -> Order {
        let unknown = || {
            let source = Source::parse("shopify:shop.example").unwrap();
            Order::unknown(OrderKey { source, id: OrderId::parse(id).unwrap() })
        };
        self.orders.get(id).cloned().unwrap_or_else(unknown)
    }

    fn buyer(&self) -> Buyer {
        Buyer { last_window: self.account.birthday_window, ..self.buyer.clone() }
    }

    /// An event of one of the member's orders. Returns the entries that it made.
    pub(crate) fn hear(&mut self, id: &str, facts: OrderFacts, now: Timestamp) -> Vec<Entry> {
        self.try_hear(id, facts, now).unwrap()
    }

    pub(crate) fn try_hear(&mut self, id: &str, facts: OrderFacts, now: Timestamp) -> Result<Vec<Entry>, Overflow> {
        let before = self.order(id);
        let mut order = before.learn(facts);
        let mut made = Vec::new();
        // an event that names no buyer waits on its order
        if order.facts.content().is_some() {
            let mut claims = self.claims(&order);
            let account = self.account.clone();
            let settled = order.settle_with(&before.facts, account, &self.buyer(), &mut claims, &self.programs, now)?;
            made = self.commit(settled, now);
            self.holds.extend(claims.holds.into_iter().map(|(_, hold)| (hold.id.clone(), hold)));
            self.cases.extend(claims.cases);
            let of_hold = |entry: &Entry| matches!(entry.kind, EntryKind::HoldCapture | EntryKind::HoldReturn);
            let of_order =
                made.iter().filter(|entry| entry.order.as_ref() == Some(&order.key) && !of_hold(entry)).count();
            assert!(of_order <= 1, "one event makes at most one entry of what its order earned");
            if order.facts == before.facts {
                assert_eq!((of_order, &order), (0, &before), "a repeated event changes nothing");
            }
        }
        self.orders.insert(id.to_owned(), order);
        Ok(made)
    }

    /// The holds that the order names, or has points of.
    fn claims(&self, order: &Order) -> Claims {
        let codes = order.named_codes();
        let named = |id: &HoldId| id.code().is_some_and(|code| codes.contains(&code));
        let had = |id: &HoldId| order.captures.iter().any(|capture| capture.hold == *id);
        let holds = self.holds.values().filter(|hold| named(&hold.id) || had(&hold.id));
        let member = MemberId::parse("mem_1").unwrap();
        Claims { holds: holds.map(|hold| (member.clone(), hold.clone())).collect(), ..Claims::default() }
    }

    /// The order turns out to be another member's.
    pub(crate) fn lose(&mut self, id: &str, now: Timestamp) -> Order {
        let mut order = self.orders.remove(id).unwrap();
        let settled = order.withdraw(self.account.clone(), &self.programs, now).unwrap();
        self.commit(settled, now);
        order
    }

    /// Takes over another member's order.
    pub(crate) fn take_over(&mut self, id: &str, mut order: Order, now: Timestamp) {
        let facts = order.facts.clone();
        let settled = order.settle(&facts, self.account.clone(), &self.buyer(), &self.programs, now).unwrap();
        self.commit(settled, now);
        self.orders.insert(id.to_owned(), order);
    }

    pub(crate) fn adjust(&mut self, points: i64, now: Timestamp) -> Vec<Entry> {
        self.post(now, |posting| posting.adjust(Points::new(points), "a test"))
    }

    /// Spends points as far as anything can yet: an adjustment takes the earliest expiry first.
    pub(crate) fn spend(&mut self, points: i64, now: Timestamp) {
        self.adjust(-points, now);
    }

    pub(crate) fn enrol(&mut self, with_points: bool, now: Timestamp) -> Vec<Entry> {
        self.post(now, |posting| posting.enrol(with_points))
    }

    /// Sets points aside for so long.
    pub(crate) fn hold(&mut self, id: &str, points: i64, secs: i64, now: Timestamp) -> Result<(), HoldError> {
        let (id, ends_at) = (HoldId::parse(id).unwrap(), now + SignedDuration::from_secs(secs));
        let usd = |minor| Money { minor, currency: Currency::USD };
        let ask = HoldAsk { points: Some(100), order_total: usd(100_000) };
        // the starting program's: a point is a cent
        let HoldTerms { rate, .. } = shop_program().hold_terms(ask, Points::new(100)).unwrap();
        let terms = HoldTerms { points: Points::new(points), value: usd(points), rate };
        let hold = Hold::new(id.clone(), terms, now, ends_at);
        let programs = self.programs.clone();
        let mut posting = Posting::begin(self.account.clone(), &programs, now).unwrap();
        posting.hold(hold.open())?;
        self.holds.insert(id, hold);
        self.commit(posting.end().unwrap(), now);
        Ok(())
    }

    /// Says whether there was anything to release.
    pub(crate) fn release(&mut self, id: &str, now: Timestamp) -> bool {
        let (id, mut released) = (HoldId::parse(id).unwrap(), None);
        self.post(now, |posting| {
            released = posting.release(&id);
            Ok(())
        });
        if released.is_some() {
            self.holds.get_mut(&id).unwrap().end = Some(HoldEnd::Released { at: now });
        }
        released.is_some()
    }

    /// Something that they did; it is committed unless it is refused.
    pub(crate) fn tell(&mut self, id: ActivityId, told: Told, now: Timestamp) -> Result<Deed, Refusal> {
        let programs = self.programs.clone();
        let mut posting = Posting::begin(self.account.clone(), &programs, now)?;
        let activity = told.activity(&programs.at(now).program, now)?;
        let deed = posting.record_deed(id, told, activity)?;
        self.commit(posting.end()?, now);
        Ok(deed)
    }

    /// A person's word on it: that it deserves its points, or that it does not.
    pub(crate) fn judge(&mut self, deed: &mut Deed, deserves: bool, now: Timestamp) -> Result<(), Refusal> {
        let programs = self.programs.clone();
        let mut posting = Posting::begin(self.account.clone(), &programs, now)?;
        if deserves {
            posting.approve_deed(deed)?;
        } else {
            posting.reverse_deed(deed)?;
        }
        self.commit(posting.end()?, now);
        Ok(())
    }

    /// A commit that only time makes.
    pub(crate) fn review(&mut self, now: Timestamp) -> Vec<Entry> {
        self.post(now, |_| Ok(()))
    }

    pub(crate) fn post(
        &mut self,
        now: Timestamp,
        change: impl FnOnce(&mut Posting) -> Result<(), Overflow>,
    ) -> Vec<Entry> {
        let account = self.account.clone();
        let programs = self.programs.clone();
        let mut posting = Posting::begin(account, &programs, now).unwrap();
        change(&mut posting).unwrap();
        self.commit(posting.end().unwrap(), now)
    }

    /// What the change makes, if it says that it made anything.
    pub(crate) fn attempt(&mut self, now: Timestamp, change: impl FnOnce(&mut Posting) -> bool) {
        let programs = self.programs.clone();
        let mut posting = Posting::begin(self.account.clone(), &programs, now).unwrap();
        if change(&mut posting) {
            self.commit(posting.end().unwrap(), now);
        }
    }

    /// What became of the account elsewhere.
    pub(crate) fn settle(&mut self, settled: Settled, now: Timestamp) {
        self.commit(settled, now);
    }

    fn commit(&mut self, settled: Settled, now: Timestamp) -> Vec<Entry> {
        self.account = settled.account;
        self.tier_changes.extend(settled.tier_change);
        for entry in &settled.entries {
            self.check_entry(entry);
            self.ledger.push(entry.clone());
        }
        self.check(now);
        settled.entries
    }

    fn check_entry(&mut self, entry: &Entry) {
        let last = self.ledger.last();
        assert_eq!(entry.sequence, self.ledger.len() as u64 + 1, "sequence numbers are gapless");
        assert!(last.is_none_or(|last| last.at <= entry.at), "entries never go back in time");
        let before = last.map_or(Points::ZERO, |last| last.balance_after);
        assert_eq!(entry.balance_after, before.plus(entry.points).unwrap(), "each entry adds its points");
        for change in &entry.lots {
            self.replayed.change(change.dates, change.points).unwrap();
        }
        self.owed = self.owed.plus(entry.debt).unwrap();
        let after = self.replayed.total().unwrap().minus(self.owed).unwrap();
        assert_eq!(after, entry.balance_after, "lots less debt are the ledger after each entry");
    }

    /// What must hold after every commit.
    pub(crate) fn check(&self, now: Timestamp) {
        assert_eq!(self.account.entries, self.ledger.len() as u64);
        assert_eq!(self.account.ledger, self.ledger.last().map_or(Points::ZERO, |last| last.balance_after));
        assert_eq!(self.account.lots, self.replayed, "the entries' changes make the account's lots");
        assert_eq!(self.account.debt, self.owed, "and its debt");
        assert!(self.account.lots.iter().all(|lot| lot.points.is_positive()), "no lot is empty or negative");
        assert!(!self.account.debt.is_negative(), "debt is never negative");
        self.check_law(now);
    }

    /// available + pending + held - debt = ledger, also on a day on which nothing has been committed.
    pub(crate) fn check_law(&self, now: Timestamp) {
        let today = self.date(now);
        let posting = Posting::begin(self.account.clone(), &self.programs, now).unwrap();
        let ledger = posting.entries.last().map_or(self.account.ledger, |last| last.balance_after);
        assert_eq!(self.account.balance(today, now).unwrap().total().unwrap(), ledger, "on {today}");
        assert_eq!(posting.account.ledger, ledger);
        if self.programs.at(now).program.negative == Negative::Debt && posting.account.debt.is_positive() {
            assert_eq!(posting.account.lots, Lots::default(), "nobody owes points and has some");
        }
    }

    /// The same law as it was at a past moment, from the account of today and the entries since.
    pub(crate) fn check_law_as_of(&self, past: Timestamp) {
        let newer: Vec<Entry> = self.ledger.iter().rev().filter(|entry| entry.at > past).cloned().collect();
        let then = self.account.clone().before(&newer).unwrap();
        let last = self.ledger.iter().rfind(|entry| entry.at <= past);
        assert_eq!(then.ledger, last.map_or(Points::ZERO, |last| last.balance_after), "as of {past}");
        let day = self.date(past);
        let unwritten = then.lots.iter().filter(|lot| lot.dates.is_expired(day)).map(|lot| lot.points);
        let ledger = then.ledger.minus(Points::sum(unwritten).unwrap()).unwrap();
        assert_eq!(then.balance(day, past).unwrap().total().unwrap(), ledger, "as of {past}");
    }

    pub(crate) fn state(&self, now: Timestamp) -> State {
        let account = Posting::begin(self.account.clone(), &self.programs, now).unwrap().account;
        State {
            ledger: account.ledger,
            balance: account.balance(self.date(now), now).unwrap(),
            standing: self.standing(now),
            lots: account.lots,
            lapsed: account.lapsed,
        }
    }

    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        self.account.membership().standing(&self.programs, now).unwrap()
    }

    pub(crate) fn tier(&self, now: Timestamp) -> String {
        self.standing(now).tier.to_string()
    }

    /// Available, pending and debt.
    pub(crate) fn balance(&self, now: Timestamp) -> (i64, i64, i64) {
        let balance = self.account.balance(self.date(now), now).unwrap();
        (balance.available.get(), balance.pending.get(), balance.debt.get())
    }

    /// Available and held.
    pub(crate) fn held(&self, now: Timestamp) -> (i64, i64) {
        let balance = self.account.balance(self.date(now), now).unwrap();
        (balance.available.get(), balance.held.get())
    }

    pub(crate) fn date(&self, now: Timestamp) -> Date {
        self.programs.at(now).program.zone.date(now)
    }

    /// What an order has earned by now.
    pub(crate) fn earned(&self, id: &str) -> i64 {
        self.orders[id].earned(&self.programs).unwrap().map_or(0, |earned| earned.points.get())
    }
}
