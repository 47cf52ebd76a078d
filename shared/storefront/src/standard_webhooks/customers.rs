//! Customers, in `customer.updated` and inside orders alike.

use jiff::Timestamp;
use rules::{email::Email, ids::CustomerId, profile::ProfileFacts};

use super::consent;
use crate::{
    event::{CustomerEvent, Event},
    person::Person,
    reading::{Object, is_country_code, is_language_tag},
};

pub(super) fn event(customer: &Object, told_at: Option<Timestamp>) -> Option<Event> {
    customer.need("id");
    let Person { customer_id, profile } = person(customer);
    let (customer_id, updated_at) = (customer_id?, told_at?);
    Some(Event::Customer(CustomerEvent { customer_id, created: false, profile, updated_at }))
}

pub(super) fn person(customer: &Object) -> Person {
    let customer_id: Option<CustomerId> = customer.get("id").text_id();
    let email = email(customer);
    let verified = customer.get("email_verified").flag().unwrap_or(false);
    let has_account = customer.get("has_account").flag().unwrap_or(customer_id.is_some());
    let said = customer.object("consent");
    let profile = ProfileFacts {
        email_verified: verified && email.is_some(),
        email,
        has_account,
        name: customer.get("name").text(),
        locale: customer.get("locale").text_in_form(is_language_tag, "a language tag such as `de-AT`"),
        country: customer.get("country").text_in_form(is_country_code, "a country code such as `AT`"),
        marketing: said.as_ref().and_then(consent::marketing),
        topics: said.as_ref().map(consent::topics).unwrap_or_default(),
    };
    Person { customer_id, profile }
}

/// The reason repeats no address: it may be somebody's.
fn email(customer: &Object) -> Option<Email> {
    let field = customer.get("email");
    Email::parse(&field.text()?).ok().or_else(|| field.refuse("is not an email address"))
}
