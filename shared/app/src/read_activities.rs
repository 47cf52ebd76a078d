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
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let deeds_of = async |member: &MemberId| self.store.deeds(member, before, limit).await.map_err(AppError::from);
        let ((member, _), deeds) = try_join!(self.load_account(asked), deeds_of(asked))?;
        if member == *asked { Ok(deeds) } else { deeds_of(&member).await }
    }
}
