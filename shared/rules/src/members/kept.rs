//! What a buyer has kept of an order, which is what proves a purchase.

use crate::{
    activity::Subject,
    deed::Deed,
    facts::{Line, LineKind},
    ids::{MemberId, ProductId},
    order::Order,
    points::Overflow,
    posting::Posting,
};

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

    /// The products of which a unit was kept, each once, in the order of the lines.
    pub fn kept_products(&self) -> Vec<ProductId> {
        let lines = self.facts.content().into_iter().flat_map(|content| &content.lines);
        let kept = lines.filter(|line| line.kind == LineKind::Product && self.facts.units_kept(line) > 0);
        let mut products: Vec<ProductId> = Vec::new();
        for id in kept.filter_map(|line| line.product_id.as_ref()) {
            if !products.contains(id) {
                products.push(id.clone());
            }
        }
        products
    }

    /// Whether something was kept that is no product with an id: a gift card, say, or what was sold by hand.
    pub fn keeps_what_has_no_id(&self) -> bool {
        let mut lines = self.facts.content().into_iter().flat_map(|content| &content.lines);
        let has_id = |line: &Line| line.kind == LineKind::Product && line.product_id.is_some();
        lines.any(|line| line.kind != LineKind::Tip && !has_id(line) && self.facts.units_kept(line) > 0)
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

    /// Whether a line of it is of that product, whatever became of it.
    pub fn sells(&self, product: &ProductId) -> bool {
        let mut lines = self.facts.content().into_iter().flat_map(|content| &content.lines);
        let is_it = |id: &ProductId| id.as_str().eq_ignore_ascii_case(product.as_str());
        lines.any(|line| line.kind == LineKind::Product && line.product_id.as_ref().is_some_and(is_it))
    }

    /// Whether a deed rests on it, and it proves none any more.
    pub fn is_void_proof(&self) -> bool {
        self.is_proof && !self.is_kept()
    }

    /// Takes back what rested on it, for good.
    pub(crate) fn reverse_proved(
        &mut self,
        deeds: &mut [(MemberId, Deed)],
        posting: &mut Posting<'_>,
    ) -> Result<(), Overflow> {
        self.is_proof = false;
        posting.reverse_deeds(deeds)
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

impl Posting<'_> {
    /// Lets the deed rest on the order, and later ones that need any order. Says whether the order is another now.
    pub fn rest_on(&mut self, order: &mut Order, deed: &mut Deed) -> bool {
        deed.rests_on = Some(order.key.clone());
        self.account.proving_order = Some(order.key.clone());
        let is_news = !order.is_proof;
        if is_news {
            order.is_proof = true;
            order.version += 1;
        }
        is_news
    }

    /// Takes back some of what rests on an order that proves nothing any more, or not that member's deeds.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn reverse_deeds(&mut self, deeds: &mut [(MemberId, Deed)]) -> Result<(), Overflow> {
        deeds.iter_mut().try_for_each(|(_, deed)| self.reverse_deed(deed))
    }
}
