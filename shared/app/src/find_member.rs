//! A member by id, by address, or by the customer that a storefront knows.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    email::Email,
    ids::{CustomerKey, MemberId},
};

use crate::{App, error::AppError, member::Member};

impl App {
    /// # Errors
    /// `UnknownMember` if there is none of that id.
    pub async fn member(&self, id: &MemberId, now: Timestamp) -> Result<Member, AppError> {
        let ((profile, account), programs) = try_join!(self.load_member(id), self.programs(now))?;
        Ok(Member::at(profile, &account, &programs, now)?)
    }

    /// The member of that address, if there is one.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn member_by_email(&self, email: &Email, now: Timestamp) -> Result<Option<Member>, AppError> {
        let lookups = self.store.lookups(&[], Some(&self.email_keys.key(email))).await?;
        self.found(lookups.by_email, now).await
    }

    /// The member of that customer account, if there is one.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn member_by_customer(&self, customer: &CustomerKey, now: Timestamp) -> Result<Option<Member>, AppError> {
        let lookups = self.store.lookups(std::slice::from_ref(customer), None).await?;
        self.found(lookups.by_customer.into_iter().flatten().next(), now).await
    }

    async fn found(&self, id: Option<MemberId>, now: Timestamp) -> Result<Option<Member>, AppError> {
        match id {
            Some(id) => self.member(&id, now).await.map(Some),
            None => Ok(None),
        }
    }
}
