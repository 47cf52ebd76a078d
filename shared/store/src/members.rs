//! Members: who they are and what they have.

use rules::{account::Account, ids::MemberId, profile::Profile};

use crate::{
    error::StoreError,
    keys::{self, Key},
    table::Store,
};

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn account(&self, member: &MemberId) -> Result<Option<Account>, StoreError> {
        self.get("read account", &keys::account(member)).await
    }

    /// The account with the profile, if there is one, by one BatchGetItem.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn account_with_profile(
        &self,
        member: &MemberId,
    ) -> Result<Option<(Account, Option<Profile>)>, StoreError> {
        let (profile, account) = (keys::profile(member), keys::account(member));
        let found = self.batch("read account with profile", [profile.clone(), account.clone()]).await?;
        let account: Option<Account> = found.row(&account)?;
        account.map(|account| Ok((account, found.row(&profile)?))).transpose()
    }

    /// One for each member, in the order in which they were asked for, by one BatchGetItem.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn accounts(&self, members: &[MemberId]) -> Result<Vec<Option<Account>>, StoreError> {
        let keys: Vec<Key> = members.iter().map(keys::account).collect();
        let found = self.batch("read accounts", keys.iter().cloned()).await?;
        keys.iter().map(|key| found.row(key)).collect()
    }

    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn profile(&self, member: &MemberId) -> Result<Option<Profile>, StoreError> {
        self.get("read profile", &keys::profile(member)).await
    }

    /// One for each member, in the order in which they were asked for: one BatchGetItem for each hundred.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn profiles(&self, members: &[MemberId]) -> Result<Vec<Option<Profile>>, StoreError> {
        let keys: Vec<Key> = members.iter().map(keys::profile).collect();
        let found = self.batch("read profiles", keys.iter().cloned()).await?;
        keys.iter().map(|key| found.row(key)).collect()
    }

    /// The profile as it was a moment ago, at half the price; one that was just made may be missing.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn profile_lately(&self, member: &MemberId) -> Result<Option<Profile>, StoreError> {
        self.get_lately("read profile lately", &keys::profile(member)).await
    }

    /// Both rows of a member by one BatchGetItem; nothing unless both are there.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn member(&self, member: &MemberId) -> Result<Option<(Profile, Account)>, StoreError> {
        let (profile, account) = (keys::profile(member), keys::account(member));
        let found = self.batch("read member", [profile.clone(), account.clone()]).await?;
        let profile: Option<Profile> = found.row(&profile)?;
        Ok(profile.zip(found.row(&account)?))
    }
}
