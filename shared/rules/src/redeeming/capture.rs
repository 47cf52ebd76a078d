//! Capture: an order that names a hold takes of its points what the checkout took off, and gives them
//! back when it is cancelled or wholly refunded. What an order has of a hold is a function of its
//! facts, and what is posted is the difference, as for everything else of an order.
//!
//! A hold that was open when a paid order named it was a promise: what a refund took of its points
//! meanwhile is owed, just as if the refund had come later. Of a hold that had ended, or that another
//! order had first, an order takes what is available; what is missing is a case for the shop.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    case::{About, Case},
    deed::Deed,
    facts::{Content, OrderFacts},
    hold::{Hold, HoldEnd},
    ids::{CouponCode, HoldId, MemberId, OrderKey},
    ledger::EntryKind,
    lots::{Lot, LotDates},
    order::Order,
    points::{Overflow, Points},
    posting::{Changes, Note, Posting, Settled},
    program::{Programs, Round},
};

/// What an order has of one hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    pub hold: HoldId,
    /// Whose points they are, whoever bought.
    pub member: MemberId,
    /// The hold was open when the order first named it.
    pub promised: bool,
    /// What it is to have: the sum of the three below.
    pub points: Points,
    /// Where points came from, so that they can go back there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<Lot>,
    /// Those that became debt.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub owed: Points,
    /// Those that nothing was taken for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missing: Points,
}

/// The holds of one member that an order names or has captured, and the deeds that rest on it, as they were
/// loaded.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    pub holds: Vec<(MemberId, Hold)>,
    /// What the order proves no longer; see `Order::is_void_proof`.
    pub deeds: Vec<(MemberId, Deed)>,
    /// What somebody at the shop must look at.
    pub cases: Vec<Case>,
}

impl Order {
    /// The codes by which its content may name a hold.
    pub fn named_codes(&self) -> Vec<CouponCode> {
        self.facts.content().map(Content::named_codes).unwrap_or_default()
    }

    /// Whether it has a say about holds: it is paid, and no test.
    pub fn may_claim(&self) -> bool {
        self.facts.paid_at.is_some() && self.facts.content().is_some_and(|content| !content.test)
    }

    /// Captures from the account of a member who is not the order's.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn capture_from(
        &mut self,
        account: Account,
        claims: &mut Claims,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Settled, Overflow> {
        let mut posting = Posting::begin(account, programs, now)?;
        self.capture(claims, &mut posting)?;
        posting.end()
    }

    /// Posts the difference between what the order is to have of each hold and what it has.
    pub(crate) fn capture(&mut self, claims: &mut Claims, posting: &mut Posting) -> Result<(), Overflow> {
        for (member, hold) in &mut claims.holds {
            let wanted = wanted(&self.facts, hold)?;
            let place = self.captures.iter().position(|capture| capture.hold == hold.id);
            let known = place.map(|place| self.captures.remove(place));
            let first = || posting.claim(member, hold, wanted?);
            let Some(mut capture) = known.or_else(first) else { continue };
            let missing_before = capture.missing;
            posting.settle_capture(&mut capture, hold, wanted.unwrap_or_default(), self)?;
            hold.note(&capture, &self.key)?;
            if capture.missing > missing_before {
                let (hold, order, points) = (hold.id.clone(), self.key.clone(), capture.missing);
                claims.cases.push(Case::open(About::HoldNotCovered { hold, order, points }, posting.now()));
            }
            self.captures.push(capture);
        }
        Ok(())
    }
}

/// What the order is to have of the hold; nothing is said while it is not paid, by a test, and by an
/// order that does not name it.
fn wanted(facts: &OrderFacts, hold: &Hold) -> Result<Option<Points>, Overflow> {
    let content = facts.content().filter(|content| facts.paid_at.is_some() && !content.test);
    let Some(content) = content else { return Ok(None) };
    let code = hold.id.code();
    let applied = content.codes.iter().find(|applied| Some(&applied.code) == code.as_ref());
    if applied.is_none() && content.hold.as_ref() != Some(&hold.id) {
        return Ok(None);
    }
    if facts.cancelled_at.is_some() || is_wholly_refunded(facts, content) {
        return Ok(Some(Points::ZERO));
    }
    let amount = applied.and_then(|applied| applied.amount).filter(|_| content.currency == hold.value.currency);
    let cost = amount.map(|amount| hold.rate.cost(amount, content.currency)).transpose()?;
    Ok(Some(cost.map_or(hold.points, |cost| cost.min(hold.points))))
}

/// Part of an order going back takes the money that was paid for it; the discount stays used.
fn is_wholly_refunded(facts: &OrderFacts, content: &Content) -> bool {
    let mut kept = 0_i128;
    for line in &content.lines {
        let net = i128::from(line.price) * i128::from(line.quantity)
            - i128::from(line.discount)
            - i128::from(line.tax_included);
        kept += net.max(0) * i128::from(facts.units_kept(line)) / i128::from(line.quantity.max(1));
    }
    let no_units = !content.lines.is_empty() && content.lines.iter().all(|line| facts.units_kept(line) == 0);
    let refunded = i128::from(facts.amount_refunded());
    no_units || (refunded > 0 && refunded >= kept)
}

impl Hold {
    /// Says who has points of it; an order that had them first stays.
    fn note(&mut self, capture: &Capture, order: &OrderKey) -> Result<(), Overflow> {
        let points = capture.points.minus(capture.missing)?;
        let another_s = self.captured().is_some_and(|(first, _)| !first.is_same(order));
        let had = matches!(&self.end, Some(HoldEnd::Captured { order: known, .. }) if known.is_same(order));
        if !another_s && (capture.promised || had || points.is_positive()) {
            self.end = Some(HoldEnd::Captured { order: order.clone(), points });
        }
        Ok(())
    }
}

impl Posting<'_> {
    /// What an order begins with that names the hold. One that had ended before is nothing to it if it
    /// wants no points.
    fn claim(&mut self, member: &MemberId, hold: &Hold, wanted: Points) -> Option<Capture> {
        let promised = self.release(&hold.id).is_some();
        let (hold, member) = (hold.id.clone(), member.clone());
        let (spent, zero) = (Vec::new(), Points::ZERO);
        (promised || wanted.is_positive()).then_some(Capture {
            hold,
            member,
            promised,
            points: zero,
            spent,
            owed: zero,
            missing: zero,
        })
    }

    fn settle_capture(
        &mut self,
        capture: &mut Capture,
        hold: &Hold,
        wanted: Points,
        order: &Order,
    ) -> Result<(), Overflow> {
        let mut changes = Changes::default();
        let kind = if wanted < capture.points {
            self.return_points(&mut changes, capture, capture.points.minus(wanted)?)?;
            EntryKind::HoldReturn
        } else {
            self.take_points(&mut changes, capture, hold, wanted.minus(capture.points)?)?;
            EntryKind::HoldCapture
        };
        capture.points = wanted;
        if changes.points.is_zero() && changes.lots.is_empty() && changes.debt.is_zero() {
            return Ok(());
        }
        let reason = match kind {
            EntryKind::HoldCapture => "points used at the checkout",
            _ if order.facts.cancelled_at.is_some() => "order cancelled: the points used for it go back",
            _ => "points that the order does not use go back",
        };
        self.record(changes, Note { order: Some(order.key.clone()), ..Note::new(kind, reason) })
    }

    /// From what is available; what was promised beyond that, from what expired while it was held,
    /// which takes nothing from the ledger, then from every other lot, then as debt.
    fn take_points(
        &mut self,
        changes: &mut Changes,
        capture: &mut Capture,
        hold: &Hold,
        points: Points,
    ) -> Result<(), Overflow> {
        let available = self.balance()?.available;
        let mut spent = self.take_available(changes, points.min(available))?;
        let mut rest = points.minus(points.min(available))?;
        if capture.promised {
            let lapsed = self.take_lapsed_since(hold, rest)?;
            rest = rest.minus(lapsed.points)?;
            spent.push(lapsed);
            let (lots_before, debt_before) = (changes.lots.len(), changes.debt);
            self.take_from_any_lot(changes, rest)?;
            for taken in changes.lots.iter().skip(lots_before) {
                let points = taken.points.negated()?;
                rest = rest.minus(points)?;
                spent.push(Lot { points, ..*taken });
            }
            let owed = changes.debt.minus(debt_before)?;
            capture.owed = capture.owed.plus(owed)?;
            rest = rest.minus(owed)?;
        }
        capture.spent.extend(spent.into_iter().filter(|lot| lot.points.is_positive()));
        capture.missing = capture.missing.plus(rest)?;
        Ok(())
    }

    /// Months are kept apart, days are not: only where points expire at the end of one it is sure that
    /// they were still there when they were held.
    fn take_lapsed_since(&mut self, hold: &Hold, at_most: Points) -> Result<Lot, Overflow> {
        let held_on = self.program().zone.date(hold.held_at);
        let dates = LotDates { expires_on: held_on, available_on: None };
        let sure = self.program().expiry.round == Round::EndOfMonth;
        let points = if sure { self.account.lapsed.take_since(held_on, at_most)? } else { Points::ZERO };
        Ok(Lot { dates, points })
    }

    /// The other way round: what is missing first, then the debt, then what was taken last.
    fn return_points(&mut self, changes: &mut Changes, capture: &mut Capture, points: Points) -> Result<(), Overflow> {
        let from_missing = points.min(capture.missing);
        capture.missing = capture.missing.minus(from_missing)?;
        let mut rest = points.minus(from_missing)?;
        let owed = rest.min(capture.owed);
        capture.owed = capture.owed.minus(owed)?;
        rest = rest.minus(owed)?;
        let today = LotDates { expires_on: self.today(), available_on: None };
        let mut back = vec![Lot { dates: today, points: owed }];
        while let Some(last) = capture.spent.pop() {
            let part = rest.min(last.points);
            rest = rest.minus(part)?;
            back.push(Lot { points: part, ..last });
            let left = last.points.minus(part)?;
            if left.is_positive() {
                capture.spent.push(Lot { points: left, ..last });
                break;
            }
        }
        self.give_back(changes, &back)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(points: &Points) -> bool {
    points.is_zero()
}
