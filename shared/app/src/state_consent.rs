//! A statement of consent on its way into a profile.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::Timestamp;
use rules::{
    consent::{Consent, ConsentChange, ConsentState, Topic, TopicChoice},
    consent_proof::ConsentOrigin,
    email::Email,
    profile::{Profile, ProfileFacts},
    program::Programs,
};
use storefront::email_keys::EmailKeys;

/// What somebody says now, by the API or on a page.
#[derive(Clone, Debug, Default)]
pub struct ConsentStatement {
    pub marketing: Option<ConsentState>,
    /// When a withdrawal was said that may be told of twice: who has withdrawn since has been heard.
    pub withdrawn_at: Option<Timestamp>,
    /// Said by who is known to hold the mailbox.
    pub confirmed: bool,
    pub topics: BTreeMap<Topic, bool>,
    /// Where it was said; `api` if nothing else is.
    pub source: Option<String>,
    /// The version of the words that they agreed to.
    pub text_version: Option<String>,
    /// Of which only the keyed hash is kept.
    pub ip: Option<IpAddr>,
}

/// Where a statement comes from that says nothing else.
const API: &str = "api";

impl ConsentStatement {
    /// Takes what is said at that instant into the profile. A topic that is as it was said is not chosen again.
    pub(crate) fn state(&self, profile: &mut Profile, programs: &Programs, now: Timestamp) {
        let now = profile.consent.after_all(now);
        if let Some(state) = self.marketing {
            let change = ConsentChange { confirmed: self.confirmed, ..ConsentChange::new(state, now) };
            take_statement(profile, change, programs, now);
        }
        for (topic, on) in &self.topics {
            if profile.consent.is_on(*topic) != *on {
                profile.consent.choose(*topic, TopicChoice { on: *on, at: now });
            }
        }
    }

    /// Of what is told of once more, that it has been taken.
    pub(crate) fn is_heard(&self, consent: &Consent) -> bool {
        self.withdrawn_at.is_some_and(|said_at| consent.withdrawn_at() >= Some(said_at))
    }

    pub(crate) fn origin(&self, keys: &EmailKeys) -> ConsentOrigin {
        ConsentOrigin {
            source: Some(self.source.clone().unwrap_or_else(|| API.to_owned())),
            text_version: self.text_version.clone(),
            origin_key: self.ip.map(|ip| keys.origin(ip)),
        }
    }
}

/// Takes what a storefront tells of consent. The rest of the profile must be up to date: where they live decides
/// whether a grant waits to be confirmed.
pub(crate) fn take_facts(profile: &mut Profile, facts: &ProfileFacts, programs: &Programs, now: Timestamp) {
    if let Some(change) = facts.marketing {
        take_statement(profile, change, programs, now);
    }
    for (topic, choice) in &facts.topics {
        profile.consent.choose(*topic, *choice);
    }
}

/// Takes one statement, as a grant to be confirmed where the program asks for that.
pub(crate) fn take_statement(profile: &mut Profile, change: ConsentChange, programs: &Programs, now: Timestamp) {
    let asks = programs.at(now).program.mail.double_opt_in.asks(profile);
    profile.consent.take(if asks { change.to_be_confirmed() } else { change });
}

/// The same where two members are one: what was granted from the mailbox of whom was merged is asked for from the one
/// that their mail goes to. Says whether it is.
pub(crate) fn ask_own_mailbox(
    profile: &mut Profile,
    (before, merged): (&Profile, Option<&Email>),
    programs: &Programs,
    now: Timestamp,
) -> bool {
    let is_theirs = profile.email.as_ref() != merged && before.consent.marketing != ConsentState::Granted;
    let is_granted = profile.consent.marketing == ConsentState::Granted;
    let is_asked = is_theirs && is_granted && programs.at(now).program.mail.double_opt_in.asks(profile);
    if is_asked {
        profile.consent.ask_anew(now);
    }
    is_asked
}

/// A consent that must be confirmed is a mailbox's: from a new one it is asked for once more. What is said with the
/// new address comes after.
pub(crate) fn ask_new_mailbox(profile: &mut Profile, before: &Profile, programs: &Programs, now: Timestamp) {
    let has_moved = before.email.is_some() && profile.email != before.email;
    if has_moved && programs.at(now).program.mail.double_opt_in.asks(profile) {
        profile.consent.ask_anew(now);
    }
}
