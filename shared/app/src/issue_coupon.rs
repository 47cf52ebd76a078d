//! New coupons: their codes, and the rows that keep them.

use jiff::Timestamp;
use rules::{
    coupon::{CODE_BYTES, CouponPlace},
    ids::{CouponCode, MemberId, RedemptionId},
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

/// A new id, in the order of creation.
pub(crate) fn new_redemption_id(now: Timestamp) -> RedemptionId {
    let second = u64::try_from(now.as_second()).unwrap_or(0);
    let nanosecond = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    let time = uuid::Timestamp::from_unix(uuid::NoContext, second, nanosecond);
    RedemptionId::from_uuid(uuid::Uuid::new_v7(time).as_u128())
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
