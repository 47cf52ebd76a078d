//! A consent with its proof. The latest statement holds, so that an old one revives nothing.

use jiff::Timestamp;
use rules::{
    consent::ConsentChange, consent_proof::ConsentProof, ids::MemberId, posting::Posting, profile::Profile,
    program::Programs,
};
use store::{Plan, Write};
use storefront::imports::ConsentEntry;

use crate::{
    App,
    error::{AppError, Attempt},
    import::{Outcome, nobody},
    planned_mail::without_mail,
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
    state_consent::take_statement,
};

/// What is kept of a statement already.
pub(crate) enum Kept {
    No,
    Yes,
    /// Of the same instant, and not the same.
    Another,
}

impl App {
    /// Keeps the proof, and takes the statement if it is the latest.
    pub(crate) async fn import_consent(&self, entry: &ConsentEntry, now: Timestamp) -> Result<Outcome, AppError> {
        self.until_committed(|| self.try_import_consent(entry, now)).await
    }

    async fn try_import_consent(&self, entry: &ConsentEntry, now: Timestamp) -> Result<Outcome, Attempt> {
        let Some(member) = self.member_named(&entry.who).await? else { return Ok(nobody(&entry.who)) };
        let (before, account) = self.load_member(&member).await?;
        let member = before.id.clone();
        let mut plan = Plan { writes: Vec::new() };
        match self.kept(&member, &entry.consent).await? {
            Kept::Another => return Ok(another_statement()),
            Kept::Yes => {}
            Kept::No => plan.writes.push(Write::ConsentProof { member: member.clone(), proof: entry.consent.clone() }),
        }
        let mut profile = before.clone();
        let programs = self.programs(now).await?;
        take_proof(&mut profile, &entry.consent, &programs, now);
        if profile != before {
            let change = ProfileChange { before: Some(&before), after: profile, origin: None };
            push_profile(&mut plan, change, &programs, now);
            push_settled(&mut plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
        }
        if plan.writes.is_empty() {
            return Ok(Outcome::Unchanged);
        }
        without_mail(&mut plan);
        self.store.commit(plan).await?;
        Ok(Outcome::Imported)
    }

    pub(crate) async fn kept(&self, member: &MemberId, proof: &ConsentProof) -> Result<Kept, AppError> {
        let kept = self.store.consent_proofs_at(member, proof.at).await?;
        Ok(match kept.as_slice() {
            [] => Kept::No,
            kept if kept.contains(proof) => Kept::Yes,
            _ => Kept::Another,
        })
    }
}

/// Takes what is proved: what shows where they said it, or to which words, needs no confirmation.
pub(crate) fn take_proof(profile: &mut Profile, proof: &ConsentProof, programs: &Programs, now: Timestamp) {
    if let Some(state) = proof.state {
        let change = ConsentChange { confirmed: proof.origin.shows_something(), ..ConsentChange::new(state, proof.at) };
        take_statement(profile, change, programs, now);
    }
}

pub(crate) fn another_statement() -> Outcome {
    Outcome::refused("at", "is the time of another statement of theirs")
}
