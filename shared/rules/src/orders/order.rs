//! An order: what is known of it, what it has earned, and what of that the ledger has had. What is
//! posted is always the difference.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    buyer::Buyer,
    capture::{Capture, Claims},
    coupon::NamedCoupon,
    earned::{Earned, earned},
    facts::OrderFacts,
    ids::{MemberId, OrderKey, RefundId},
    ledger::EntryKind,
    lots::LotDates,
    order_mail::OrderMail,
    points::{Overflow, Points},
    posting::{Changes, Note, Posting, Settled},
    pricing::Pricing,
    program::Programs,
    purchases::Contribution,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    #[serde(flatten)]
    pub key: OrderKey,
    pub facts: OrderFacts,
    /// Once an event has named them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<Posted>,
    /// The coupons of ours that its newest content names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<NamedCoupon>,
    /// What it has of each hold that it named while it was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// Deeds of its member rest on it: should it be cancelled or wholly sent back, they are reversed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_proof: bool,
    /// The mail that it has planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<OrderMail>,
}

/// What the ledger has had of an order so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub points: Points,
    pub spend: i64,
    pub paid_at: Timestamp,
    /// The dates of the lot, as they were given.
    #[serde(flatten)]
    pub dates: LotDates,
    /// How much it put into that lot; the rest paid a debt.
    pub put: Points,
}

impl Order {
    /// Whether it is of the member whose rows are there.
    pub fn is_of(&self, partitions: &[MemberId]) -> bool {
        self.member.as_ref().is_some_and(|owner| partitions.contains(owner))
    }

    pub fn unknown(key: OrderKey) -> Order {
        let facts = OrderFacts::default();
        let (coupons, captures, is_proof) = (Vec::new(), Vec::new(), false);
        let (member, pricing, posted, mail) = (None, None, None, None);
        Order { version: 0, key, facts, member, pricing, posted, coupons, captures, is_proof, mail }
    }

    /// The order once these facts are known too.
    #[must_use]
    pub fn learn(&self, facts: OrderFacts) -> Order {
        Order { facts: self.facts.clone().merge(facts), ..self.clone() }
    }

    /// Prices the order if it can be and has not been yet: by the program in force when it was paid
    /// and the tier that the account had then. Facts that date the payment earlier price it anew,
    /// because it must not matter which of them came first.
    ///
    /// # Errors
    /// `Overflow` if the account's purchases cannot be summed.
    pub fn price(&mut self, account: &Account, buyer: &Buyer, programs: &Programs) -> Result<(), Overflow> {
        let (Some(content), Some(paid_at)) = (self.facts.content(), self.facts.paid_at()) else {
            // an export said that it was paid, and the storefront itself does not
            self.pricing = None;
            return Ok(());
        };
        if !self.is_to_be_priced() {
            return Ok(());
        }
        let mut before_it = account.clone();
        if let Some(posted) = &self.posted {
            before_it.purchases.replace(posted.paid_at, posted.contribution(), Contribution::default())?;
        }
        let tier = before_it.membership().standing_before(programs, paid_at)?.tier;
        self.pricing = Some(Pricing::at(paid_at, content.currency, tier, buyer, programs.at(paid_at)));
        Ok(())
    }

    /// Whether its facts suffice for a price that it does not have yet: only then the buyer matters.
    pub fn is_to_be_priced(&self) -> bool {
        let (Some(_), Some(paid_at)) = (self.facts.content(), self.facts.paid_at()) else { return false };
        let moved = self.posted.as_ref().is_some_and(|posted| posted.paid_at != paid_at);
        self.pricing.is_none() || moved
    }

    /// What it has earned by now; `None` while it has no price.
    ///
    /// # Errors
    /// `Overflow` if it is worth more than can be counted.
    pub fn earned(&self, programs: &Programs) -> Result<Option<Earned>, Overflow> {
        let Some(pricing) = &self.pricing else { return Ok(None) };
        let version = programs.version(pricing.program_version).unwrap_or_else(|| programs.newest());
        earned(&self.facts, pricing, &version.program)
    }

    /// Posts to the account of its member what it has earned since the last time.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn settle(
        &mut self,
        before: &OrderFacts,
        account: Account,
        buyer: &Buyer,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Settled, Overflow> {
        self.settle_with(before, account, buyer, &mut Claims::default(), programs, now)
    }

    /// The same; and of the holds on that account which it claims, it has what it uses. The deeds that
    /// rest on it are reversed if it proves them no longer.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn settle_with(
        &mut self,
        before: &OrderFacts,
        mut account: Account,
        buyer: &Buyer,
        claims: &mut Claims,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Settled, Overflow> {
        if let Some(content) = self.facts.content() {
            account.joined_at = account.joined_at.min(content.created_at);
        }
        self.price(&account, buyer, programs)?;
        let window = self.pricing.as_ref().and_then(|pricing| pricing.birthday_window);
        account.birthday_window = window.max(account.birthday_window);
        let earned = self.earned(programs)?;
        let note = self.note(before, earned.as_ref());
        let mut posting = Posting::begin(account, programs, now)?;
        self.capture(claims, &mut posting)?;
        self.posted = posting.post_order(self.posted.as_ref(), earned.as_ref(), note)?;
        if self.is_void_proof() {
            self.reverse_proved(&mut claims.deeds, &mut posting)?;
        }
        posting.account.note_referred_order(self);
        posting.end()
    }

    /// Takes back from an account what the order had posted to it, because it is another member's,
    /// whose tier then prices it.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn withdraw(&mut self, account: Account, programs: &Programs, now: Timestamp) -> Result<Settled, Overflow> {
        self.withdraw_with(account, &mut Claims::default(), programs, now)
    }

    /// The same; what it has of holds on that account it keeps, whoever bought. The deeds that it proved were not
    /// that member's to do.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn withdraw_with(
        &mut self,
        account: Account,
        claims: &mut Claims,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Settled, Overflow> {
        let mut note = self.note(&self.facts.clone(), None);
        note.kind = EntryKind::Reassignment;
        "the order belongs to another member now".clone_into(&mut note.reason);
        let mut posting = Posting::begin(account, programs, now)?;
        self.capture(claims, &mut posting)?;
        self.posted = posting.post_order(self.posted.as_ref(), None, note)?;
        self.reverse_proved(&mut claims.deeds, &mut posting)?;
        posting.account.note_referred_order(self);
        self.pricing = None;
        posting.end()
    }

    fn note(&self, before: &OrderFacts, earned: Option<&Earned>) -> Note {
        let (had, has) = (
            self.posted.as_ref().map_or(Points::ZERO, |posted| posted.points),
            earned.map_or(Points::ZERO, |earned| earned.points),
        );
        let (kind, refunds) = self.what_changed(before);
        let reason = match kind {
            EntryKind::Purchase => "order paid",
            EntryKind::Cancellation => "order cancelled",
            EntryKind::Refund => "order refunded",
            EntryKind::Delivery => "order delivered",
            _ => "order edited",
        };
        Note {
            order: Some(self.key.clone()),
            program_version: self.pricing.as_ref().map(|pricing| pricing.program_version),
            earned: Some((had, has)),
            refunds,
            ..Note::new(kind, reason)
        }
    }

    fn what_changed(&self, before: &OrderFacts) -> (EntryKind, Vec<RefundId>) {
        let is_news = |id: &&RefundId| before.refunds.get(*id) != self.facts.refunds.get(*id);
        let refunds: Vec<RefundId> = self.facts.refunds.keys().filter(is_news).cloned().collect();
        let kind = if self.posted.is_none() {
            EntryKind::Purchase
        } else if self.facts.cancelled_at().is_some() && before.cancelled_at().is_none() {
            EntryKind::Cancellation
        } else if !refunds.is_empty() {
            EntryKind::Refund
        } else if self.facts.delivered_at() != before.delivered_at() {
            EntryKind::Delivery
        } else {
            EntryKind::Edit
        };
        (kind, refunds)
    }
}

impl Posted {
    /// What it counts for toward tiers.
    fn contribution(&self) -> Contribution {
        contribution(self.spend, self.points)
    }
}

pub(crate) fn contribution(spend: i64, points: Points) -> Contribution {
    Contribution { spend, points: points.get(), orders: i64::from(spend > 0) }
}

impl Posting<'_> {
    /// Posts the difference between what an order has earned and what it has posted: takes first,
    /// then moves what its dates moved, then grants.
    pub(crate) fn post_order(
        &mut self,
        had: Option<&Posted>,
        earned: Option<&Earned>,
        note: Note,
    ) -> Result<Option<Posted>, Overflow> {
        let mut changes = Changes::default();
        let points = earned.map_or(Points::ZERO, |earned| earned.points);
        let had_points = had.map_or(Points::ZERO, |had| had.points);
        self.count_order(had, earned)?;
        let mut put = had.map_or(Points::ZERO, |had| had.put);
        if let (Some(had), true) = (had, points < had_points) {
            put = put.minus(self.take_back(&mut changes, had.dates, had.put, had_points.minus(points)?)?)?;
        }
        let dates =
            earned.map(|earned| LotDates { available_on: Some(earned.available_on), expires_on: earned.expires_on });
        if let (Some(had), Some(dates)) = (had, dates)
            && had.dates != dates
        {
            put = self.redate(&mut changes, had.dates, dates, put)?;
        }
        if let (Some(dates), true) = (dates, points > had_points) {
            put = put.plus(self.grant(&mut changes, dates, points.minus(had_points)?)?)?;
        }
        if points != had_points || !changes.lots.is_empty() || !changes.debt.is_zero() {
            self.record(changes, note)?;
        }
        let posted = earned.zip(dates).map(|(earned, dates)| Posted {
            points,
            spend: earned.spend,
            paid_at: earned.paid_at,
            dates,
            put,
        });
        Ok(posted)
    }

    /// Takes points back that put so many into their own lot: from that lot, then from what of it has
    /// expired (which takes nothing from the ledger), then from other lots, then as debt. Returns how
    /// many were what it had put into its own lot.
    pub(crate) fn take_back(
        &mut self,
        changes: &mut Changes,
        dates: LotDates,
        put: Points,
        points: Points,
    ) -> Result<Points, Overflow> {
        let own = self.own_lot(dates);
        let from_own = self.take_from(changes, own, points.min(put))?;
        let mut rest = points.minus(from_own)?;
        if dates.is_expired(self.today()) {
            rest = rest.minus(self.take_lapsed(dates, rest)?)?;
        }
        let own = points.minus(rest)?.min(put);
        self.take_from_any_lot(changes, rest)?;
        Ok(own)
    }

    /// What of an order's lot has expired; a later month's where the program extended the lot.
    fn take_lapsed(&mut self, dates: LotDates, at_most: Points) -> Result<Points, Overflow> {
        let extended = self.program().expiry.extend_on_activity;
        let lapsed = &mut self.account.lapsed;
        if extended { lapsed.take_since(dates.expires_on, at_most) } else { lapsed.take(dates.expires_on, at_most) }
    }

    /// Moves what the order put into its lot to the dates that it has now, and says how much that is.
    fn redate(&mut self, changes: &mut Changes, from: LotDates, to: LotDates, put: Points) -> Result<Points, Overflow> {
        let own = self.own_lot(from);
        if own.is_expired(self.today()) && to.expires_on == from.expires_on {
            return Ok(put);
        }
        if own.is_expired(self.today()) {
            let lapsed = self.take_lapsed(from, put)?;
            return self.grant(changes, to, lapsed);
        }
        let extended = own.expires_on > from.expires_on;
        let expires_on = if extended { to.expires_on.max(own.expires_on) } else { to.expires_on };
        self.move_lot(changes, own, LotDates { expires_on, ..to }, put)
    }

    /// The lot that dates mean today; a later one where the program extended it since.
    fn own_lot(&self, dates: LotDates) -> LotDates {
        let own = dates.on(self.today());
        if !self.program().expiry.extend_on_activity || !self.account.lots.of(own).is_zero() {
            return own;
        }
        let extended = |lot: &LotDates| lot.available_on == own.available_on && lot.expires_on > own.expires_on;
        self.account.lots.iter().map(|lot| lot.dates).find(extended).unwrap_or(own)
    }

    fn count_order(&mut self, had: Option<&Posted>, earned: Option<&Earned>) -> Result<(), Overflow> {
        if let Some(had) = had {
            self.count(had.paid_at, had.contribution(), Contribution::default())?;
        }
        if let Some(earned) = earned {
            self.count(earned.paid_at, Contribution::default(), contribution(earned.spend, earned.points))?;
        }
        Ok(())
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
