//! A consent with its proof. The latest statement holds, so that an old one revives nothing.

use jiff::Timestamp;
use rules::{consent_proof::ConsentProof, ids::MemberId, posting::Posting};
use store::{Plan, Write};
use storefront::imports::ConsentEntry;

use crate::{
    App,
    error::{AppError, Attempt},
    import::{Outcome, nobody},
    settled::push_settled,
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
        profile.consent.take(entry.consent.marketing);
        if profile != before {
            let programs = self.programs(now).await?;
            plan.writes.push(Write::Profile(profile));
            push_settled(&mut plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
        }
        if plan.writes.is_empty() {
            return Ok(Outcome::Unchanged);
        }
        self.store.commit(plan).await?;
        Ok(Outcome::Imported)
    }

    pub(crate) async fn kept(&self, member: &MemberId, proof: &ConsentProof) -> Result<Kept, AppError> {
        Ok(match self.store.consent_proof(member, proof.marketing.at).await? {
            None => Kept::No,
            Some(kept) if kept == *proof => Kept::Yes,
            Some(_) => Kept::Another,
        })
    }
}

pub(crate) fn another_statement() -> Outcome {
    Outcome::refused("at", "is the time of another statement of theirs")
}
