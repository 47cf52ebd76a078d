//! A member as they see themself, on every page of a shop: points as of now, at most two read units.

use futures::try_join;
use jiff::Timestamp;
use rules::ids::MemberId;

use crate::{App, error::AppError, member::Member};

impl App {
    /// The account is read as it was last committed; name and program may be those of a moment ago.
    ///
    /// # Errors
    /// `UnknownMember` if there is none of that id.
    pub async fn read_myself(&self, id: &MemberId, now: Timestamp) -> Result<Member, AppError> {
        let profile = async { self.store.profile_lately(id).await.map_err(AppError::from) };
        let ((owner, account), profile, programs) =
            try_join!(self.load_account(id), profile, self.programs_lately(now))?;
        let profile = match profile.filter(|profile| profile.id == owner) {
            Some(profile) => profile,
            // a moment ago there was none, or it was of another member, who is this one now
            None => self.store.profile(&owner).await?.ok_or(AppError::UnknownMember(owner))?,
        };
        Ok(Member::at(profile, &account, &programs, now)?)
    }
}
