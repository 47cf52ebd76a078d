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
}

/// The row of a lookup.
#[derive(Serialize, Deserialize)]
pub(crate) struct Lookup {
    pub(crate) member: MemberId,
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
        Ok(Lookups {
            by_customer: by_customer.collect::<Result<_, _>>()?,
            by_email: member_at(&found, email.as_ref())?,
        })
    }
}

pub(crate) fn member_at(found: &Found, key: Option<&Key>) -> Result<Option<MemberId>, StoreError> {
    let lookup = key.map(|key| found.row::<Lookup>(key)).transpose()?.flatten();
    Ok(lookup.map(|lookup| lookup.member))
}
