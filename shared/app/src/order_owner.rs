//! Whose order it is.

use jiff::Timestamp;
use rules::{
    facts::CustomerRef,
    ids::{CustomerKey, MemberId, Source},
    order::Order,
    profile::Profile,
    program::Programs,
};
use store::OrderContext;
use storefront::event::OrderEvent;

use crate::new_member::new_profile;

/// Who an order belongs to, as far as the lookups tell.
pub(crate) enum Owner {
    /// No event has named them yet.
    Unknown,
    Known(MemberId),
    /// Known by their verified address; this customer account of theirs is new to us.
    Joining(MemberId, CustomerKey),
    New {
        profile: Box<Profile>,
        joined_before: bool,
    },
}

/// Whom the newest content names; whoever had the order before, while it names nobody or nothing new.
pub(crate) fn owner(
    before: &Order,
    order: &Order,
    event: &OrderEvent,
    context: OrderContext,
    source: &Source,
    programs: &Programs,
    now: Timestamp,
) -> Owner {
    let named = order.facts.customer();
    let known = order.member.clone().map_or(Owner::Unknown, Owner::Known);
    let (Some(customer), Some(buyer)) = (named.filter(|named| Some(*named) == event.facts.customer()), &event.buyer)
    else {
        return known;
    };
    // whoever was found by it once keeps the order: the lookup may be gone, or another's by now
    if order.member.is_some() && before.facts.customer().is_some_and(|before| is_same_reference(before, customer)) {
        return known;
    }
    let key = customer_key(source, customer);
    let by_address = context.by_email.filter(|_| customer.speaks_for_address());
    match (context.by_customer, by_address, key) {
        (Some(member), ..) | (None, Some(member), None) => Owner::Known(member),
        (None, Some(member), Some(key)) => Owner::Joining(member, key),
        (None, None, None) if customer.email_key.is_none() => known,
        (None, None, key) => {
            let profile = Box::new(new_profile(&buyer.profile, key, buyer.updated_at, programs, now));
            Owner::New { profile, joined_before: context.joined_before }
        }
    }
}

pub(crate) fn names_the_same_person(before: &Order, order: &Order) -> bool {
    before.facts.customer().zip(order.facts.customer()).is_some_and(|(before, now)| is_same_person(before, now))
}

/// The same customer or, of those who are none, the same address.
fn is_same_reference(one: &CustomerRef, other: &CustomerRef) -> bool {
    one.id == other.id && (one.id.is_some() || one.email_key == other.email_key)
}

/// The same address at the least, whether there is a customer by now or not.
fn is_same_person(one: &CustomerRef, other: &CustomerRef) -> bool {
    let numbers_agree = one.id.is_none() || other.id.is_none() || one.id == other.id;
    numbers_agree && one.email_key.is_some() && one.email_key == other.email_key
}

pub(crate) fn customer_key(source: &Source, customer: &CustomerRef) -> Option<CustomerKey> {
    let customer_id = customer.id.clone()?;
    Some(CustomerKey { source: source.clone(), customer_id })
}
