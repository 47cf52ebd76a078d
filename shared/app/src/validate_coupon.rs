//! A shop asks whether it may honour a code. Asking changes nothing.

use futures::try_join;
use jiff::Timestamp;
use rules::{coupon::Invalid, ids::CouponCode, money::Money, redemption::Redemption, reward::Reward};

use crate::{App, error::AppError};

/// What the shop is told.
#[derive(Clone, Debug)]
pub struct Validation {
    pub invalid: Option<Invalid>,
    /// Nothing for a code that was never issued.
    pub redemption: Option<Redemption>,
    /// As it was when the coupon was issued.
    pub reward: Option<Reward>,
}

impl App {
    /// What no code can be is answered like a code that was never issued.
    ///
    /// # Errors
    /// `Overflow` if the total cannot be converted.
    pub async fn validate_coupon(
        &self,
        code: &str,
        order_total: Option<Money>,
        now: Timestamp,
    ) -> Result<Validation, AppError> {
        let unknown = Validation { invalid: Some(Invalid::Unknown), redemption: None, reward: None };
        let Ok(code) = CouponCode::parse(code) else { return Ok(unknown) };
        let place = async { Ok(self.store.coupon_place(&code).await?) };
        let (place, programs) = try_join!(place, self.programs(now))?;
        let Some(place) = place else { return Ok(unknown) };
        let Some(redemption) = self.store.redemption(&place.member, &place.redemption).await? else {
            return Ok(unknown);
        };
        let issued_by = programs.version(redemption.program_version);
        let reward = redemption.bought.as_ref().and_then(|bought| issued_by?.program.reward(&bought.reward_id));
        Ok(Validation {
            invalid: redemption.invalid(order_total, &programs.at(now).program, now)?,
            reward: reward.cloned(),
            redemption: Some(redemption),
        })
    }
}
