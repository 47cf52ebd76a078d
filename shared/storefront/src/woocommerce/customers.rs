//! Customers, in their own topics and inside orders.

use rules::{email::Email, profile::ProfileFacts};

use crate::{
    event::{CustomerEvent, Event},
    person::{self, Person},
    reading::Object,
};

/// Whoever is a customer here has an account. Until an account is changed, only its making is dated.
pub(super) fn event(customer: &Object, created: bool) -> Option<Event> {
    let customer_id = customer.need("id").id();
    let created_at = customer.need("date_created_gmt").utc_time();
    let modified_at = customer.get("date_modified_gmt").utc_time();
    customer.need("email");
    let profile = ProfileFacts {
        email: email(customer),
        has_account: true,
        name: person::name(customer),
        country: country(customer),
        ..ProfileFacts::default()
    };
    let updated_at = modified_at.or(created_at)?;
    Some(Event::Customer(CustomerEvent { customer_id: customer_id?, created, profile, updated_at }))
}

pub(super) fn deleted(customer: &Object) -> Option<Event> {
    Some(Event::CustomerDeleted { customer_id: customer.need_alone("id").id()? })
}

/// A guest's number is 0, and the billing address is all that is told of anybody.
pub(super) fn buyer(order: &Object) -> Person {
    let customer_id = order.get("customer_id").id_unless_zero();
    let billing = order.object("billing");
    let profile = ProfileFacts {
        email: billing.as_ref().and_then(email),
        has_account: customer_id.is_some(),
        name: billing.as_ref().and_then(person::name),
        country: country(order),
        ..ProfileFacts::default()
    };
    Person { customer_id, profile }
}

/// An order whose personal data were erased has an address under `.invalid` (RFC 2606) instead, which
/// is nobody's: it stays with the member whom it named before.
fn email(holder: &Object) -> Option<Email> {
    person::email(holder, "email").filter(|email| !email.as_str().ends_with(".invalid"))
}

/// Where it goes; without an address for that, where the bill goes.
fn country(holder: &Object) -> Option<String> {
    let of = |address: &str| person::country(holder.object(address).as_ref()?, "country");
    of("shipping").or_else(|| of("billing"))
}
