//! What a member redeemed, and the coupons that they have.

use futures::future::try_join_all;
use rules::{
    coupon::CouponPlace,
    ids::{MemberId, RedemptionId},
    redemption::Redemption,
};

use crate::{App, error::AppError};

impl App {
    /// One that was bought with points.
    ///
    /// # Errors
    /// `UnknownMember`; `UnknownRedemption`.
    pub async fn redemption(&self, member: &MemberId, id: &RedemptionId) -> Result<Redemption, AppError> {
        let partitions = self.partitions_of(member).await?;
        Ok(self.redemption_in(partitions, id).await?.1)
    }

    /// The same in those partitions: of a member, and of those who were merged into them. Says in
    /// which it is.
    pub(crate) async fn redemption_in(
        &self,
        partitions: impl IntoIterator<Item = MemberId>,
        id: &RedemptionId,
    ) -> Result<(MemberId, Redemption), AppError> {
        let place = |member| CouponPlace { member, redemption: id.clone() };
        let places: Vec<CouponPlace> = partitions.into_iter().map(place).collect();
        let mut found = self.store.redemptions_at(&places).await?.into_iter();
        let bought = found.find(|(_, redemption)| redemption.bought.is_some());
        bought.map(|(place, redemption)| (place.member, redemption)).ok_or(AppError::UnknownRedemption)
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
        wanted: fn(&Redemption) -> bool,
    ) -> Result<Vec<Redemption>, AppError> {
        let partitions = self.partitions_of(member).await?;
        let queries = partitions.iter().map(|partition| self.store.redemptions(partition, before, limit, wanted));
        let mut found: Vec<Redemption> = try_join_all(queries).await?.into_iter().flatten().collect();
        // their ids are in the order of their creation
        found.sort_by(|one, other| other.id.cmp(&one.id));
        found.truncate(limit);
        Ok(found)
    }
}
