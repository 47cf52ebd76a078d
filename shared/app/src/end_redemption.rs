//! Redemptions that a person ends: cancelled, so that the points go back, or fulfilled by the shop.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    ids::{MemberId, RedemptionId},
    posting::Posting,
    redemption::{CancelledBy, Redemption},
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    settled::push_settled,
};

impl App {
    /// Cancels a redemption and gives its points back; one that is cancelled already stays so.
    ///
    /// # Errors
    /// `UnknownRedemption`; `CannotEnd`, which says why; `Busy`.
    pub async fn cancel_redemption(
        &self,
        member: &MemberId,
        id: &RedemptionId,
        by: CancelledBy,
        now: Timestamp,
    ) -> Result<Redemption, AppError> {
        self.until_committed(|| self.try_cancel(member, id, by, now)).await
    }

    async fn try_cancel(
        &self,
        member: &MemberId,
        id: &RedemptionId,
        by: CancelledBy,
        now: Timestamp,
    ) -> Result<Redemption, Attempt> {
        let ((holder, account), programs) = try_join!(self.load_account(member), self.programs(now))?;
        let partitions = account.partitions(&holder).cloned();
        let (kept_by, mut redemption) = self.redemption_in(partitions, id).await?;
        let mut posting = Posting::begin(account, &programs, now)?;
        if !redemption.cancel(&mut posting, by, now).map_err(AppError::CannotEnd)? {
            return Ok(redemption);
        }
        let row = Write::Redemption { member: kept_by, redemption: redemption.clone() };
        let mut plan = Plan { writes: vec![row] };
        push_settled(&mut plan, &holder, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(redemption)
    }

    /// The shop has done what was asked; a second time changes nothing.
    ///
    /// # Errors
    /// `UnknownRedemption`; `CannotEnd`, which says why; `Busy`.
    pub async fn fulfil_redemption(
        &self,
        member: &MemberId,
        id: &RedemptionId,
        now: Timestamp,
    ) -> Result<Redemption, AppError> {
        self.until_committed(|| self.try_fulfil(member, id, now)).await
    }

    async fn try_fulfil(&self, member: &MemberId, id: &RedemptionId, now: Timestamp) -> Result<Redemption, Attempt> {
        let (member, mut redemption) = self.redemption_in(self.partitions_of(member).await?, id).await?;
        if redemption.fulfil(now).map_err(AppError::CannotEnd)? {
            let row = Write::Redemption { member, redemption: redemption.clone() };
            self.store.commit(Plan { writes: vec![row] }).await?;
        }
        Ok(redemption)
    }
}
