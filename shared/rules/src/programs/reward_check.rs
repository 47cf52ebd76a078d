//! What the program's rewards must hold beyond their shape.

use crate::{
    decimal::Decimal,
    money::MAX_MINOR,
    points::Points,
    program::Program,
    program_check::{Found, at_most},
    reward::{Cash, Discount, Gives, Reward},
};

const MAX_REWARDS: usize = 100;
const MAX_TITLE_CHARS: usize = 200;
const MAX_POINTS: i64 = 1_000_000_000;
const MAX_VALID_DAYS: u16 = 3_660;

impl Program {
    pub(crate) fn check_rewards(&self, found: &mut Found) {
        let few = self.rewards.len() <= MAX_REWARDS;
        found.unless(few, "/rewards", &format!("must be at most {MAX_REWARDS} rewards"));
        for (index, reward) in self.rewards.iter().enumerate() {
            let at = |field: &str| format!("/rewards/{index}/{field}");
            let twice = self.rewards.iter().take(index).any(|other| other.id == reward.id);
            found.unless(!twice, &at("id"), "is the id of another reward");
            let title = reward.title.trim();
            let is_title = !title.is_empty()
                && reward.title.chars().count() <= MAX_TITLE_CHARS
                && !reward.title.chars().any(char::is_control);
            let reason = format!("must be 1 to {MAX_TITLE_CHARS} characters without controls");
            found.unless(is_title, &at("title"), &reason);
            found.unless(is_price(reward.points), &at("points"), &format!("must be 1 to {MAX_POINTS}"));
            self.check_what_it_gives(reward, &at, found);
        }
    }

    fn check_what_it_gives(&self, reward: &Reward, at: &impl Fn(&str) -> String, found: &mut Found) {
        match &reward.gives {
            Gives::Coupon { discount, valid_days, min_order, .. } => {
                check_days(*valid_days, at, found);
                if let Some(min_order) = min_order {
                    self.check_amount(*min_order, &at("min_order"), found);
                }
                match discount {
                    Discount::AmountOff { amount } => self.check_amount(*amount, &at("amount"), found),
                    Discount::PercentOff { percent } => check_percent(*percent, &at("percent"), found),
                    Discount::FreeShipping { up_to: Some(up_to) } => self.check_amount(*up_to, &at("up_to"), found),
                    Discount::FreeShipping { up_to: None } | Discount::FreeProduct { .. } => {}
                }
            }
            Gives::Cash(cash) => self.check_cash(cash, at, found),
            Gives::Manual => {}
        }
    }

    fn check_cash(&self, cash: &Cash, at: &impl Fn(&str) -> String, found: &mut Found) {
        check_days(cash.valid_days, at, found);
        self.check_amount(cash.amount, &at("amount"), found);
        found.unless(is_price(cash.min_points), &at("min_points"), &format!("must be 1 to {MAX_POINTS}"));
        check_percent(cash.max_percent_of_order, &at("max_percent_of_order"), found);
    }

    fn check_amount(&self, amount: Decimal, pointer: &str, found: &mut Found) {
        match amount.in_minor_units(self.currency.digits()) {
            None => found.add(pointer, &format!("has more digits than {} has", self.currency)),
            Some(minor) => {
                found.unless(minor > 0 && minor <= MAX_MINOR, pointer, "must be above 0, as an order may be")
            }
        }
    }
}

fn is_price(points: Points) -> bool {
    (1..=MAX_POINTS).contains(&points.get())
}

fn check_days(valid_days: u16, at: &impl Fn(&str) -> String, found: &mut Found) {
    let in_range = (1..=MAX_VALID_DAYS).contains(&valid_days);
    found.unless(in_range, &at("valid_days"), &format!("must be 1 to {MAX_VALID_DAYS}"));
}

fn check_percent(percent: Decimal, pointer: &str, found: &mut Found) {
    found.unless(!percent.is_zero() && at_most(percent, 100), pointer, "must be above 0 and at most 100");
}
