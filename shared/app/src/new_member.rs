//! The rows that make a new member.

use jiff::Timestamp;
use rules::{
    ids::{CustomerKey, EmailKey, MemberId},
    profile::{Consent, Profile, ProfileFacts},
};
use store::{Plan, Write};

use crate::new_id::new_uuid;

/// The profile of somebody whom a storefront tells us of.
pub(crate) fn new_profile(
    facts: &ProfileFacts,
    link: Option<CustomerKey>,
    updated_at: Timestamp,
    now: Timestamp,
) -> Profile {
    let mut consent = Consent::default();
    if let Some(change) = facts.marketing {
        consent.take(change);
    }
    Profile {
        id: MemberId::from_uuid(new_uuid(now)),
        email: facts.email.clone(),
        email_verified: facts.email_verified,
        other_emails: Vec::new(),
        name: facts.name.clone(),
        locale: facts.locale.clone(),
        time_zone: None,
        country: facts.country.clone(),
        birthday: None,
        birthday_entered_on: None,
        birthday_changed_on: None,
        links: link.into_iter().collect(),
        consent,
        updated_at,
        created_at: now,
    }
}

/// The profile with its links and, where it may claim one, its address.
pub(crate) fn push_new_member(plan: &mut Plan, profile: Profile, address: Option<EmailKey>) {
    let member = &profile.id;
    for customer in &profile.links {
        plan.writes.push(Write::Customer { customer: customer.clone(), member: member.clone() });
    }
    if let Some(key) = address {
        plan.writes.push(Write::Email { key, member: member.clone() });
    }
    plan.writes.push(Write::Profile(profile));
}
