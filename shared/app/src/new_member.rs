//! The rows that make a new member.

use jiff::Timestamp;
use rules::{
    consent::Consent,
    consent_proof::ConsentOrigin,
    ids::{CustomerKey, EmailKey, MemberId},
    profile::{Profile, ProfileFacts},
    program::Programs,
};
use store::{Plan, Write};

use crate::{
    new_id::new_uuid,
    push_profile::{ProfileChange, push_profile},
    state_consent::take_facts,
};

/// The profile of somebody whom a storefront tells us of.
pub(crate) fn new_profile(
    facts: &ProfileFacts,
    link: Option<CustomerKey>,
    updated_at: Timestamp,
    programs: &Programs,
    now: Timestamp,
) -> Profile {
    let mut profile = Profile {
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
        welcomed_at: None,
        asked_about: None,
        links: link.into_iter().collect(),
        consent: Consent::default(),
        updated_at,
        created_at: now,
    };
    take_facts(&mut profile, facts, programs, now);
    profile
}

/// The profile with its links and, where it may claim one, its address.
pub(crate) fn push_new_member(
    plan: &mut Plan,
    profile: Profile,
    address: Option<EmailKey>,
    origin: Option<ConsentOrigin>,
    programs: &Programs,
    now: Timestamp,
) {
    let member = &profile.id;
    for customer in &profile.links {
        plan.writes.push(Write::Customer { customer: customer.clone(), member: member.clone() });
    }
    if let Some(key) = address {
        plan.writes.push(Write::Email { key, member: member.clone() });
    }
    push_profile(plan, ProfileChange { before: None, after: profile, origin }, programs, now);
}
