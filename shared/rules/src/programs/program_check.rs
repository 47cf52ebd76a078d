//! What a program must hold beyond its shape; each fault with a pointer to it.

use crate::{
    campaign::When,
    decimal::Decimal,
    money::Currency,
    program::{Basis, Benefit, Program},
};

const MAX_LEVELS: usize = 20;
const MAX_CAMPAIGNS: usize = 50;
const MAX_EXCLUDED: usize = 1_000;
const MAX_STACKING: usize = 3;
const MAX_BIRTHDAY_DAYS: u16 = 31;
const MAX_BENEFITS: usize = 20;
const MAX_WORDS_CHARS: usize = 200;

/// One fault of a document: where, as an RFC 6901 JSON Pointer, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub pointer: String,
    pub reason: String,
}

impl Program {
    /// Everything that is wrong with it; empty if it may be put in force.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found::default();
        self.check_earning(&mut found);
        self.check_tiers(&mut found);
        self.check_campaigns(&mut found);
        self.check_periods(&mut found);
        self.check_activities(&mut found);
        self.check_rewards(&mut found);
        self.check_referral(&mut found);
        self.check_reviews(&mut found);
        self.check_mail(&mut found);
        found.0
    }

    fn check_earning(&self, found: &mut Found) {
        let earning = &self.earning;
        found.unless(at_most(earning.points_per_unit, 10_000), "/earning/points_per_unit", "must be at most 10000");
        let few = earning.excluded_products.len() <= MAX_EXCLUDED;
        found.unless(few, "/earning/excluded_products", &format!("must be at most {MAX_EXCLUDED} products"));
        for (index, product) in earning.excluded_products.iter().enumerate() {
            let twice = earning.excluded_products.iter().take(index).any(|other| other == product);
            found.unless(!twice, &format!("/earning/excluded_products/{index}"), "is in the list already");
        }
        for (currency, rate) in &earning.exchange_rates {
            let pointer = format!("/earning/exchange_rates/{currency}");
            found.unless(*currency != self.currency, &pointer, "is the program's own currency");
            found.unless(!rate.is_zero() && at_most(*rate, 1_000_000), &pointer, "must be above 0 and at most 1000000");
        }
    }

    fn check_tiers(&self, found: &mut Found) {
        let levels = &self.tiers.levels;
        let few = levels.iter().count() <= MAX_LEVELS;
        found.unless(few, "/tiers/levels", &format!("must be at most {MAX_LEVELS} levels"));
        found.unless(self.tiers.grace_days <= 366, "/tiers/grace_days", "must be at most 366");
        let mut before: Option<i64> = None;
        for (index, level) in levels.iter().enumerate() {
            let at = |field: &str| format!("/tiers/levels/{index}/{field}");
            let twice = levels.iter().take(index).any(|other| other.id == level.id);
            found.unless(!twice, &at("id"), "is the id of another level");
            found.unless(is_multiplier(level.multiplier), &at("multiplier"), "must be above 0 and at most 100");
            check_benefits(&level.benefits, &at("benefits"), found);
            match (self.threshold_in_units(level.threshold), before) {
                (None, _) => found.add(&at("threshold"), "has more digits than it can have"),
                (Some(line), None) => found.unless(line == 0, &at("threshold"), "must be 0 for the lowest level"),
                (Some(line), Some(below)) => {
                    found.unless(line > below, &at("threshold"), "must be above the level before");
                }
            }
            before = self.threshold_in_units(level.threshold).or(before);
        }
    }

    fn threshold_in_units(&self, threshold: Decimal) -> Option<i64> {
        threshold.in_minor_units(if self.tiers.basis == Basis::Spend { Currency::digits(self.currency) } else { 0 })
    }

    fn check_campaigns(&self, found: &mut Found) {
        let few = self.campaigns.len() <= MAX_CAMPAIGNS;
        found.unless(few, "/campaigns", &format!("must be at most {MAX_CAMPAIGNS} campaigns"));
        let stacking = self.campaigns.iter().filter(|campaign| campaign.stacks).count();
        found.unless(stacking <= MAX_STACKING, "/campaigns", &format!("must be at most {MAX_STACKING} that stack"));
        for (index, campaign) in self.campaigns.iter().enumerate() {
            let at = |field: &str| format!("/campaigns/{index}/{field}");
            let twice = self.campaigns.iter().take(index).any(|other| other.id == campaign.id);
            found.unless(!twice, &at("id"), "is the id of another campaign");
            found.unless(is_multiplier(campaign.multiplier), &at("multiplier"), "must be above 0 and at most 100");
            match &campaign.when {
                When::Window { from_at, to_at } => {
                    found.unless(from_at < to_at, &at("when/to_at"), "must be after `from_at`");
                }
                When::Weekdays { days, .. } => found.unless(!days.is_empty(), &at("when/days"), "must name a day"),
                When::Birthday { days, .. } => {
                    let in_range = (1..=MAX_BIRTHDAY_DAYS).contains(days);
                    found.unless(in_range, &at("when/days"), &format!("must be 1 to {MAX_BIRTHDAY_DAYS}"));
                }
                When::Recurrence { .. } => {}
            }
        }
    }

    fn check_periods(&self, found: &mut Found) {
        let pending = self.pending;
        found.unless(pending.after_delivery_days <= 366, "/pending/after_delivery_days", "must be at most 366");
        found.unless(pending.after_payment_days <= 366, "/pending/after_payment_days", "must be at most 366");
        found.unless((1..=120).contains(&self.expiry.months), "/expiry/months", "must be 1 to 120");
        found.unless(self.expiry.grace_days <= 366, "/expiry/grace_days", "must be at most 366");
        let longest_wait = pending.after_delivery_days.max(pending.after_payment_days);
        let can_be_spent = longest_wait > 366 || u32::from(longest_wait) <= u32::from(self.expiry.months.max(1)) * 31;
        found.unless(can_be_spent, "/expiry/months", "would let points expire before `pending` lets them be spent");
    }
}

fn check_benefits(benefits: &[Benefit], pointer: &str, found: &mut Found) {
    found.unless(benefits.len() <= MAX_BENEFITS, pointer, &format!("must be at most {MAX_BENEFITS} benefits"));
    for (index, benefit) in benefits.iter().enumerate() {
        let words = [("kind", Some(&benefit.kind)), ("title", Some(&benefit.title)), ("value", benefit.value.as_ref())];
        for (field, text) in words {
            let reason = format!("must be 1 to {MAX_WORDS_CHARS} characters without controls");
            found.unless(text.is_none_or(|text| is_words(text)), &format!("{pointer}/{index}/{field}"), &reason);
        }
    }
}

pub(crate) fn is_words(text: &str) -> bool {
    let few = text.chars().count() <= MAX_WORDS_CHARS;
    few && !text.trim().is_empty() && !text.chars().any(char::is_control)
}

#[derive(Default)]
pub(crate) struct Found(Vec<Problem>);

impl Found {
    pub(crate) fn unless(&mut self, holds: bool, pointer: &str, reason: &str) {
        if !holds {
            self.add(pointer, reason);
        }
    }

    pub(crate) fn add(&mut self, pointer: &str, reason: &str) {
        self.0.push(Problem { pointer: pointer.to_owned(), reason: reason.to_owned() });
    }
}

pub(crate) fn at_most(decimal: Decimal, limit: i128) -> bool {
    decimal.numerator() <= limit * decimal.denominator()
}

fn is_multiplier(decimal: Decimal) -> bool {
    !decimal.is_zero() && at_most(decimal, 100)
}
