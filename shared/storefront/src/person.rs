//! Who bought: the customer of an order's facts, and the person behind it.

use jiff::Timestamp;
use rules::{email::Email, facts::CustomerRef, ids::CustomerId, profile::ProfileFacts};

use crate::{
    email_keys::EmailKeys,
    event::Buyer,
    reading::{Object, is_country_code},
};

/// One buyer, before the order's side, which names nobody, and the member's part ways.
pub(crate) struct Person {
    pub(crate) customer_id: Option<CustomerId>,
    pub(crate) profile: ProfileFacts,
}

impl Person {
    /// Nobody, where there is neither a customer's number nor an address.
    pub(crate) fn customer(&self, keys: &EmailKeys) -> Option<CustomerRef> {
        if !self.is_known() {
            return None;
        }
        Some(CustomerRef {
            id: self.customer_id.clone(),
            email_key: self.profile.email.as_ref().map(|email| keys.key(email)),
            email_verified: self.profile.email_verified,
            has_account: self.profile.has_account,
        })
    }

    pub(crate) fn buyer(self, updated_at: Timestamp) -> Option<Buyer> {
        self.is_known().then_some(Buyer { customer_id: self.customer_id, profile: self.profile, updated_at })
    }

    fn is_known(&self) -> bool {
        self.customer_id.is_some() || self.profile.email.is_some()
    }
}

/// What no mail server would take is no address; it does not make an order malformed.
pub(crate) fn email(holder: &Object, field: &str) -> Option<Email> {
    holder.get(field).text().and_then(|text| Email::parse(&text).ok())
}

/// First and last name of a customer or an address.
pub(crate) fn name(holder: &Object) -> Option<String> {
    joined([holder.get("first_name").text(), holder.get("last_name").text()])
}

pub(crate) fn joined(parts: [Option<String>; 2]) -> Option<String> {
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if name.is_empty() { None } else { Some(name) }
}

/// A country by its code; another text is none.
pub(crate) fn country(address: &Object, field: &str) -> Option<String> {
    address.get(field).text().filter(|code| is_country_code(code))
}
