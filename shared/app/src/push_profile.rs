//! Every change of who a member is goes into its plan here, with what follows from it: the proof of a consent, and what
//! endpoints are told.
//!
//! A plan that writes a profile must write its account too (`store::Plan` refuses it otherwise), so that every change
//! of a profile moves the account's version: whoever is about to send mail on a consent that was withdrawn meanwhile
//! meets a conflict.

use jiff::Timestamp;
use rules::{
    consent::Consent,
    consent_proof::{ConsentOrigin, ConsentProof},
    profile::Profile,
    program::Programs,
};
use store::{Plan, Write};

use crate::{outbound_events::push_consent_change, planned_mail::push_consent_mail};

/// What became of a profile.
pub(crate) struct ProfileChange<'a> {
    /// None of a new member.
    pub(crate) before: Option<&'a Profile>,
    pub(crate) after: Profile,
    /// Where a change of consent comes from. None where its proof is in the plan already: of an import, and of a
    /// merge, whose two members have theirs.
    pub(crate) origin: Option<ConsentOrigin>,
}

pub(crate) fn push_profile(plan: &mut Plan, change: ProfileChange<'_>, programs: &Programs, now: Timestamp) {
    let ProfileChange { before, mut after, origin } = change;
    let nothing = Consent::default();
    let had = before.map_or(&nothing, |before| &before.consent);
    let proofs = origin.map(|origin| ConsentProof::of_change(had, &after.consent, &origin)).unwrap_or_default();
    for proof in proofs {
        plan.writes.push(Write::ConsentProof { member: after.id.clone(), proof });
    }
    push_consent_change(plan, programs, &after.id, (had, &after.consent), now);
    push_consent_mail(plan, before, &mut after, programs, now);
    plan.writes.push(Write::Profile(after));
}
