//! The member whom a token or a theme speaks for.

use rules::ids::{CustomerKey, MemberId};

use crate::{App, error::AppError};

/// How a member is named by whoever vouches for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Member(MemberId),
    /// As a storefront knows them: one lookup more.
    Customer(CustomerKey),
}

impl App {
    /// The id of the member; whether there is such a member shows when they are read.
    ///
    /// # Errors
    /// `UnknownCustomer` if no member is linked to that customer.
    pub async fn member_of(&self, subject: &Subject) -> Result<MemberId, AppError> {
        match subject {
            Subject::Member(member) => Ok(member.clone()),
            Subject::Customer(customer) => {
                let found = self.store.lookups(std::slice::from_ref(customer), None).await?;
                found.by_customer.into_iter().flatten().next().ok_or(AppError::UnknownCustomer)
            }
        }
    }
}
