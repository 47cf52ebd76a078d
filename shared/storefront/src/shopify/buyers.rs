//! Who bought: the customer of an order's facts, and the person behind it.

use jiff::Timestamp;
use rules::{facts::CustomerRef, ids::CustomerId, profile::ProfileFacts};

use super::customers;
use crate::{email_keys::EmailKeys, event::Buyer, reading::Object};

/// One buyer, before the order's side, which names nobody, and the member's part ways.
pub(super) struct Person {
    customer_id: Option<CustomerId>,
    profile: ProfileFacts,
}

impl Person {
    /// Nobody, where there is neither a customer's number nor an address.
    pub(super) fn customer(&self, keys: &EmailKeys) -> Option<CustomerRef> {
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

    pub(super) fn buyer(self, updated_at: Timestamp) -> Option<Buyer> {
        self.is_known().then_some(Buyer { customer_id: self.customer_id, profile: self.profile, updated_at })
    }

    fn is_known(&self) -> bool {
        self.customer_id.is_some() || self.profile.email.is_some()
    }
}

/// A guest is known by the order's own addresses alone.
pub(super) fn read(order: &Object) -> Person {
    let (shipping, billing) = (order.object("shipping_address"), order.object("billing_address"));
    let ship_to = shipping.as_ref().and_then(customers::country);
    let bill_to = billing.as_ref().and_then(customers::country);
    let country = ship_to.or(bill_to);
    let (email, contact) = (customers::email(order, "email"), customers::email(order, "contact_email"));
    let customer = order.object("customer");
    let customer_id = customer.as_ref().and_then(|customer| customer.get("id").id());
    let mut profile = match &customer {
        Some(customer) => customers::profile(customer, country),
        None => ProfileFacts { country, ..ProfileFacts::default() },
    };
    profile.email = profile.email.or(email).or(contact);
    profile.name = profile.name.or_else(|| billing.as_ref().and_then(customers::name));
    profile.locale = order.get("customer_locale").text().filter(|locale| is_language_tag(locale));
    Person { customer_id, profile }
}

/// Roughly BCP 47: subtags of up to eight letters and digits.
fn is_language_tag(text: &str) -> bool {
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    text.len() <= 35 && text.split('-').all(is_subtag)
}
