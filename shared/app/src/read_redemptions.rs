//! What a member redeemed, and the coupons that they have.

use futures::try_join;
use rules::{
    ids::{MemberId, RedemptionId},
    redemption::Redemption,
};

use crate::{App, error::AppError};

impl App {
    /// One that was bought with points.
    ///
    /// # Errors
    /// `UnknownRedemption`, also for those of an unknown member.
    pub async fn redemption(&self, member: &MemberId, id: &RedemptionId) -> Result<Redemption, AppError> {
        let found = self.store.redemption(member, id).await?;
        found.filter(|redemption| redemption.bought.is_some()).ok_or(AppError::UnknownRedemption)
    }

    /// At most `limit` that were bought with points, the newest first, those before the given one.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn redemptions(
        &self,
        member: &MemberId,
        before: Option<&RedemptionId>,
        limit: usize,
    ) -> Result<Vec<Redemption>, AppError> {
        self.some_redemptions(member, before, limit, |redemption| redemption.bought.is_some()).await
    }

    /// The same of those that have a coupon, bought or given.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn coupons(
        &self,
        member: &MemberId,
        before: Option<&RedemptionId>,
        limit: usize,
    ) -> Result<Vec<Redemption>, AppError> {
        self.some_redemptions(member, before, limit, |redemption| redemption.coupon.is_some()).await
    }

    async fn some_redemptions(
        &self,
        member: &MemberId,
        before: Option<&RedemptionId>,
        limit: usize,
        wanted: impl Fn(&Redemption) -> bool,
    ) -> Result<Vec<Redemption>, AppError> {
        let found = async { Ok(self.store.redemptions(member, before, limit, wanted).await?) };
        let (_, found) = try_join!(self.load_account(member), found)?;
        Ok(found)
    }
}
