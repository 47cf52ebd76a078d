//! New coupons: their codes, and the rows that keep them.

use rules::{
    coupon::{CODE_BYTES, CouponPlace},
    ids::{CouponCode, MemberId},
    redemption::Redemption,
};
use store::{Plan, Write};

use crate::error::AppError;

/// A code that nobody can guess: all of its bits are from the operating system's generator.
pub(crate) fn new_code() -> Result<CouponCode, AppError> {
    let mut bytes = [0; CODE_BYTES];
    getrandom::fill(&mut bytes).map_err(AppError::NoRandomness)?;
    Ok(CouponCode::from_random(bytes))
}

/// The redemption as it is to be; a new coupon can be found by its code.
pub(crate) fn push_new_redemption(plan: &mut Plan, member: &MemberId, redemption: Redemption) {
    let at = CouponPlace { member: member.clone(), redemption: redemption.id.clone() };
    if let Some(coupon) = &redemption.coupon {
        let code = coupon.code.clone();
        plan.writes.push(match coupon.from_pool {
            true => Write::TakenCode { code, at },
            false => Write::Code { code, at },
        });
    }
    plan.writes.push(Write::Redemption { member: member.clone(), redemption });
}
