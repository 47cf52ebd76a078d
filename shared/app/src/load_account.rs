//! The account that a member's id stands for: of a member who was merged into another, the other's.

use rules::{account::Account, ids::MemberId, profile::Profile};

use crate::{
    App,
    error::{AppError, Attempt},
};

/// An alias leads to an account that is none. Only a merge between two reads makes a second one.
const MOST_FOLLOWED: usize = 3;

/// Who reads what is kept of an erased member, and who does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// A storefront, or the member: for them an erased member is no member.
    Storefront,
    /// The merchant, whose books must add up.
    Merchant,
}

impl App {
    /// Every use case that changes an account loads it here, and writes to the id that it returns.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub(crate) async fn load_account(&self, member: &MemberId) -> Result<(MemberId, Account), AppError> {
        let (id, account) = self.load_account_even_erased(member).await?;
        if account.erased_at.is_some() {
            return Err(AppError::UnknownMember(member.clone()));
        }
        Ok((id, account))
    }

    /// For what follows from facts and for what the merchant reads: the ledger of an erased member
    /// stays, and stays right.
    pub(crate) async fn load_account_even_erased(&self, member: &MemberId) -> Result<(MemberId, Account), AppError> {
        let mut id = member.clone();
        for _ in 0..MOST_FOLLOWED {
            let account = self.store.account(&id).await?;
            let account = account.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
            match account.merged_into {
                Some(into) => id = into,
                None => return Ok((id, account)),
            }
        }
        Err(AppError::Busy)
    }

    /// The same with the profile, which an erased member does not have.
    pub(crate) async fn load_account_with_profile(
        &self,
        member: &MemberId,
    ) -> Result<(MemberId, Account, Option<Profile>), AppError> {
        let mut id = member.clone();
        for _ in 0..MOST_FOLLOWED {
            let loaded = self.store.account_with_profile(&id).await?;
            let (account, profile) = loaded.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
            match account.merged_into {
                Some(into) => id = into,
                None => return Ok((id, account, profile)),
            }
        }
        Err(AppError::Busy)
    }

    /// # Errors
    /// `UnknownMember`.
    pub(crate) async fn load_account_for(
        &self,
        member: &MemberId,
        audience: Audience,
    ) -> Result<(MemberId, Account), AppError> {
        match audience {
            Audience::Storefront => self.load_account(member).await,
            Audience::Merchant => self.load_account_even_erased(member).await,
        }
    }

    /// The account with the profile, whose id it is; nobody has one who was erased.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub(crate) async fn load_member(&self, member: &MemberId) -> Result<(Profile, Account), AppError> {
        let (_, account, profile) = self.load_account_with_profile(member).await?;
        Ok((profile.ok_or_else(|| AppError::UnknownMember(member.clone()))?, account))
    }

    /// The member that a lookup leads to; where it no longer does, all is to be looked up again.
    pub(crate) async fn load_member_found(&self, member: &MemberId) -> Result<(Profile, Account), Attempt> {
        match self.load_member(member).await {
            Err(AppError::UnknownMember(_)) => Err(Attempt::Conflict),
            loaded => Ok(loaded?),
        }
    }

    /// Whose rows are the member's: the member first, then those who were merged into them.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub async fn partitions_of(&self, member: &MemberId) -> Result<Vec<MemberId>, AppError> {
        let (id, account) = self.load_account(member).await?;
        Ok(account.partitions(&id).cloned().collect())
    }
}
