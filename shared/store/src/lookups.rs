//! Who a storefront's customer or an address stands for.

use rules::ids::{CustomerKey, EmailKey, MemberId};
use serde::{Deserialize, Serialize};

use crate::{
    batch::Found,
    error::StoreError,
    keys::{self, Key},
    table::Store,
};

/// The members that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookups {
    /// One for each customer, in the order in which they were asked for.
    pub by_customer: Vec<Option<MemberId>>,
    pub by_email: Option<MemberId>,
    /// One of them led to a member who was given points for joining and is not there any more.
    pub joined_before: bool,
    /// One of the customers led to a member who was erased, and leads to nobody since.
    pub customer_erased: bool,
}

/// The row of a lookup. Without a member it remembers that whoever it led to has left: a keyed hash or a
/// storefront's number, and nothing else.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Lookup {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member: Option<MemberId>,
    /// Who left it was not given points for joining.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) never_joined: bool,
}

impl Lookup {
    pub(crate) fn to(member: Option<&MemberId>) -> Lookup {
        Lookup { member: member.cloned(), never_joined: false }
    }
}

impl Store {
    /// One strongly consistent BatchGetItem; none where nothing is asked.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn lookups(&self, customers: &[CustomerKey], email: Option<&EmailKey>) -> Result<Lookups, StoreError> {
        let customers: Vec<Key> = customers.iter().map(keys::customer).collect();
        let email = email.map(keys::email);
        let found = self.batch("look up members", customers.iter().chain(&email).cloned()).await?;
        let by_customer = customers.iter().map(|key| member_at(&found, Some(key)));
        let left = customers.iter().map(|key| found.row::<Lookup>(key));
        let left = left.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().any(|lookup| lookup.member.is_none());
        Ok(Lookups {
            customer_erased: left,
            by_customer: by_customer.collect::<Result<_, _>>()?,
            by_email: member_at(&found, email.as_ref())?,
            joined_before: is_remembered(&found, customers.iter().chain(&email))?,
        })
    }

    /// The members that addresses lead to, in the order in which they were asked for.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn holders(&self, emails: &[EmailKey]) -> Result<Vec<Option<MemberId>>, StoreError> {
        let keys: Vec<Key> = emails.iter().map(keys::email).collect();
        let found = self.batch("look up addresses", keys.iter().cloned()).await?;
        keys.iter().map(|key| member_at(&found, Some(key))).collect()
    }
}

pub(crate) fn is_remembered<'a>(found: &Found, keys: impl IntoIterator<Item = &'a Key>) -> Result<bool, StoreError> {
    for key in keys {
        if found.row::<Lookup>(key)?.is_some_and(|lookup| lookup.member.is_none() && !lookup.never_joined) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn member_at(found: &Found, key: Option<&Key>) -> Result<Option<MemberId>, StoreError> {
    let lookup = key.map(|key| found.row::<Lookup>(key)).transpose()?.flatten();
    Ok(lookup.and_then(|lookup| lookup.member))
}
