//! The account that a member's id stands for.

use rules::{account::Account, ids::MemberId, profile::Profile};

use crate::{App, error::AppError};

impl App {
    /// Every use case that changes an account loads it here.
    pub(crate) async fn load_account(&self, member: &MemberId) -> Result<(MemberId, Account), AppError> {
        let account = self.store.account(member).await?;
        let account = account.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
        Ok((member.clone(), account))
    }

    /// The same with the profile, which an erased member does not have.
    pub(crate) async fn load_account_with_profile(
        &self,
        member: &MemberId,
    ) -> Result<(MemberId, Account, Option<Profile>), AppError> {
        let loaded = self.store.account_with_profile(member).await?;
        let (account, profile) = loaded.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
        Ok((member.clone(), account, profile))
    }
}
