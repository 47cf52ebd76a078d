//! What a member did besides buying, the newest first.

use futures::try_join;
use rules::{
    deed::Deed,
    ids::{ActivityId, MemberId},
};

use crate::{App, error::AppError};

impl App {
    /// At most `limit` deeds, those that were recorded before the given one.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn activities(
        &self,
        asked: &MemberId,
        before: Option<&ActivityId>,
        limit: usize,
    ) -> Result<Vec<Deed>, AppError> {
        let wanted = limit;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let deeds_of = async |member: &MemberId| self.store.deeds(member, before, limit).await.map_err(AppError::from);
        let ((member, account), mut deeds) = try_join!(self.load_account(asked), deeds_of(asked))?;
        for other in account.partitions(&member).filter(|other| *other != asked) {
            deeds.extend(deeds_of(other).await?);
        }
        deeds.sort_by(|one, other| other.id.cmp(&one.id));
        deeds.truncate(wanted);
        Ok(deeds)
    }
}
