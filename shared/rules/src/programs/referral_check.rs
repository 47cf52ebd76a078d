//! What the program's referral must hold beyond its shape.

use crate::{decimal::Decimal, money::MAX_MINOR, program::Program, program_check::Found};

const MAX_POINTS: i64 = 1_000_000;
const MAX_VALID_DAYS: u16 = 3_660;
const MAX_PER_MONTH: u32 = 10_000;
const MAX_LINK_BYTES: usize = 500;

impl Program {
    pub(crate) fn check_referral(&self, found: &mut Found) {
        let Some(referral) = &self.referral else { return };
        let in_range = (0..=MAX_POINTS).contains(&referral.points.get());
        found.unless(in_range, "/referral/points", &format!("must be 0 to {MAX_POINTS}"));
        let friend = &referral.friend;
        let is_amount = |amount: Decimal| {
            amount.in_minor_units(self.currency.digits()).is_some_and(|minor| (1..=MAX_MINOR).contains(&minor))
        };
        let reason = "must be an amount of the program's currency above 0";
        found.unless(is_amount(friend.amount), "/referral/friend/amount", reason);
        found.unless(friend.min_order.is_none_or(is_amount), "/referral/friend/min_order", reason);
        let days = (1..=MAX_VALID_DAYS).contains(&friend.valid_days);
        found.unless(days, "/referral/friend/valid_days", &format!("must be 1 to {MAX_VALID_DAYS}"));
        let few = referral.max_per_month <= MAX_PER_MONTH;
        found.unless(few, "/referral/max_per_month", &format!("must be at most {MAX_PER_MONTH}"));
        let is_link =
            |link: &String| link.starts_with("https://") && link.contains("{code}") && link.len() <= MAX_LINK_BYTES;
        let reason = format!("must begin with `https://`, have `{{code}}` and at most {MAX_LINK_BYTES} bytes");
        found.unless(referral.link.as_ref().is_none_or(is_link), "/referral/link", &reason);
    }
}
