//! The account that a member's id stands for.

use rules::{account::Account, ids::MemberId};

use crate::{App, error::AppError};

impl App {
    /// Every use case that changes an account loads it here.
    pub(crate) async fn load_account(&self, member: &MemberId) -> Result<(MemberId, Account), AppError> {
        let account = self.store.account(member).await?;
        let account = account.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
        Ok((member.clone(), account))
    }
}
