//! Who bought, as an order of Shopify tells it.

use rules::profile::ProfileFacts;

use super::customers;
use crate::{
    person::{self, Person},
    reading::{Object, is_language_tag},
};

/// A guest is known by the order's own addresses alone.
pub(super) fn read(order: &Object) -> Person {
    let (shipping, billing) = (order.object("shipping_address"), order.object("billing_address"));
    let ship_to = shipping.as_ref().and_then(customers::country);
    let bill_to = billing.as_ref().and_then(customers::country);
    let country = ship_to.or(bill_to);
    let (email, contact) = (person::email(order, "email"), person::email(order, "contact_email"));
    let customer = order.object("customer");
    let customer_id = customer.as_ref().and_then(|customer| customer.get("id").id());
    let mut profile = match &customer {
        Some(customer) => customers::profile(customer, country),
        None => ProfileFacts { country, ..ProfileFacts::default() },
    };
    profile.email = profile.email.or(email).or(contact);
    profile.name = profile.name.or_else(|| billing.as_ref().and_then(person::name));
    profile.locale = order.get("customer_locale").text().filter(|locale| is_language_tag(locale));
    Person { customer_id, profile }
}
