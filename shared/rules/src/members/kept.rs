//! What a buyer has kept of an order, which is what proves a purchase.

use crate::{
    activity::Subject,
    deed::Deed,
    facts::{Line, LineKind},
    ids::{ActivityId, MemberId},
    order::Order,
    points::Overflow,
    posting::Posting,
};

/// So many deeds of an order are remembered, so that one commit can still reverse them all.
const MOST_PROVED: usize = 30;

impl Order {
    /// Paid, not cancelled, no test, and neither all of its units nor all of its money went back.
    pub fn is_kept(&self) -> bool {
        let facts = &self.facts;
        let real = facts.paid_at.is_some() && facts.cancelled_at.is_none();
        let Some(content) = facts.content().filter(|content| real && !content.test) else { return false };
        let keeps_units = content.lines.iter().any(|line| facts.units_kept(line) > 0);
        let worth = content.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(self.worth_kept(line)));
        let refunded = facts.amount_refunded();
        keeps_units && (refunded == 0 || refunded < worth)
    }

    /// Whether a unit of that product was kept.
    pub fn keeps(&self, product: &Subject) -> bool {
        let is_it = |line: &Line| {
            let id = line.product_id.as_ref().filter(|_| line.kind == LineKind::Product);
            id.is_some_and(|id| id.as_str().eq_ignore_ascii_case(product.as_str()))
        };
        let mut lines = self.facts.content().into_iter().flat_map(|content| &content.lines);
        lines.any(|line| is_it(line) && self.facts.units_kept(line) > 0)
    }

    /// Remembers that the deed rests on it.
    pub fn prove(&mut self, deed: &Deed) {
        if self.proves.len() < MOST_PROVED {
            self.proves.push(deed.id.clone());
            self.version += 1;
        }
    }

    /// The deeds that rested on it, once all of it went back.
    pub fn unproved(&self) -> &[ActivityId] {
        if self.proves.is_empty() || self.is_kept() { &[] } else { &self.proves }
    }

    /// Takes back what it proves no longer, for good.
    pub(crate) fn reverse_proved(
        &mut self,
        deeds: &mut [(MemberId, Deed)],
        posting: &mut Posting<'_>,
    ) -> Result<(), Overflow> {
        self.proves.clear();
        deeds.iter_mut().try_for_each(|(_, deed)| posting.reverse_deed(deed))
    }

    /// What the kept units of a line cost, without tax, in minor units.
    fn worth_kept(&self, line: &Line) -> i64 {
        let whole = i128::from(line.price) * i128::from(line.quantity)
            - i128::from(line.discount)
            - i128::from(line.tax_included);
        let kept = whole * i128::from(self.facts.units_kept(line)) / i128::from(line.quantity.max(1));
        i64::try_from(kept).unwrap_or(i64::MAX)
    }
}
