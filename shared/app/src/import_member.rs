//! A member from a file. Who is known already is completed: nothing of theirs is overwritten.

use jiff::{Timestamp, civil::Date};
use rules::{
    account::{Account, Status},
    ids::{CustomerKey, MemberId},
    posting::Posting,
    profile::{Profile, ProfileFacts},
    program::Programs,
};
use store::{Lookups, Plan, Write};
use storefront::imports::MemberEntry;

use crate::{
    App,
    claim_address::remember_joining,
    enrol_member::holder,
    error::{AppError, Attempt},
    import::Outcome,
    import_consent::{Kept, another_statement, take_proof},
    new_member::{new_profile, push_new_member},
    planned_mail::without_mail,
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
};

/// The activity that enrolment is.
const ENROL: &str = "enrol";

impl App {
    /// Makes the member, or completes the one whom a link or the address names.
    pub(crate) async fn import_member(&self, entry: &MemberEntry, now: Timestamp) -> Result<Outcome, AppError> {
        self.until_committed(|| self.try_import_member(entry, now)).await
    }

    async fn try_import_member(&self, entry: &MemberEntry, now: Timestamp) -> Result<Outcome, Attempt> {
        let address = entry.email.as_ref().map(|email| self.email_keys.key(email));
        let lookups = self.store.lookups(&entry.links, address.as_ref()).await?;
        let programs = self.programs(now).await?;
        let entered_on = programs.at(now).program.zone.date(entry.joined_at.unwrap_or(now));
        let mut plan = Plan { writes: Vec::new() };
        let Some((member, _)) = holder(&lookups)? else {
            let profile = profile_of(entry, entered_on, &programs, now);
            let member = profile.id.clone();
            push_new_member(&mut plan, profile, address, None, &programs, now);
            plan.writes
                .extend(entry.consent.clone().map(|proof| Write::ConsentProof { member: member.clone(), proof }));
            let mut account = Account::new(Status::Guest, entry.joined_at.map_or(now, |at| at.min(now)), &programs);
            remember_joining(&mut account, lookups.joined_before);
            return self.commit_imported(plan, &member, account, entry, &programs, now).await;
        };
        let (before, account) = self.load_member_found(&member).await?;
        let member = before.id.clone();
        if let Some(proof) = &entry.consent {
            match self.kept(&member, proof).await? {
                Kept::Another => return Ok(another_statement()),
                Kept::Yes => {}
                Kept::No => {
                    plan.writes.push(Write::ConsentProof { member: member.clone(), proof: proof.clone() });
                }
            }
        }
        let mut completed = self.complete(&mut plan, &before, entry, &lookups, entered_on).await?;
        if let Some(proof) = &entry.consent {
            take_proof(&mut completed, proof, &programs, now);
        }
        let joined_earlier = entry.joined_at.is_some_and(|at| at < account.joined_at);
        let enrols = entry.enrolled && account.status == Status::Guest;
        let rewards = entry.enrol_points && !account.done_once.contains(ENROL);
        if completed == before && plan.writes.is_empty() && !joined_earlier && !enrols && !rewards {
            return Ok(Outcome::Unchanged);
        }
        push_profile(
            &mut plan,
            ProfileChange { before: Some(&before), after: completed, origin: None },
            &programs,
            now,
        );
        self.commit_imported(plan, &member, account, entry, &programs, now).await
    }

    /// The profile with what it lacked, and the lookups that lead to it from now on.
    async fn complete(
        &self,
        plan: &mut Plan,
        before: &Profile,
        entry: &MemberEntry,
        lookups: &Lookups,
        entered_on: Date,
    ) -> Result<Profile, Attempt> {
        let mut profile = before.clone();
        let fill = |known: &mut Option<String>, said: &Option<String>| {
            if known.is_none() {
                known.clone_from(said);
            }
        };
        fill(&mut profile.name, &entry.name);
        fill(&mut profile.locale, &entry.locale);
        fill(&mut profile.time_zone, &entry.time_zone);
        fill(&mut profile.country, &entry.country);
        if profile.birthday.is_none() && entry.birthday.is_some() {
            profile.birthday = entry.birthday;
            profile.birthday_entered_on = Some(entered_on);
        }
        let is_new = |(link, holder): (&CustomerKey, &Option<MemberId>)| holder.is_none().then(|| link.clone());
        for customer in entry.links.iter().zip(&lookups.by_customer).filter_map(is_new) {
            plan.writes.push(Write::Customer { customer: customer.clone(), member: profile.id.clone() });
            profile.links.push(customer);
        }
        if let Some(email) = &entry.email
            && profile.email.as_ref().is_none_or(|known| known == email)
        {
            if lookups.by_email.is_none() {
                self.claim_address(plan, before, false, self.email_keys.key(email)).await?;
            }
            profile.email = Some(email.clone());
            profile.email_verified = true;
        }
        Ok(profile)
    }

    async fn commit_imported(
        &self,
        mut plan: Plan,
        member: &MemberId,
        mut account: Account,
        entry: &MemberEntry,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Outcome, Attempt> {
        let enrols = entry.enrolled && account.status == Status::Guest;
        account.joined_at = entry.joined_at.map_or(account.joined_at, |at| at.min(account.joined_at));
        let mut posting = Posting::begin(account, programs, now)?;
        if entry.enrolled {
            posting.enrol(entry.enrol_points)?;
        }
        if enrols {
            // what they have is their opening balance: no event gives them points for joining again
            posting.account.done_once.insert(ENROL.to_owned());
        }
        push_settled(&mut plan, member, posting.end()?, programs, now);
        without_mail(&mut plan);
        self.store.commit(plan).await?;
        Ok(Outcome::Imported)
    }
}

/// The merchant vouches for the address.
fn profile_of(entry: &MemberEntry, entered_on: Date, programs: &Programs, now: Timestamp) -> Profile {
    let facts = ProfileFacts {
        email: entry.email.clone(),
        email_verified: entry.email.is_some(),
        has_account: entry.enrolled,
        name: entry.name.clone(),
        locale: entry.locale.clone(),
        country: entry.country.clone(),
        ..ProfileFacts::default()
    };
    // whatever the storefront tells of them is newer
    let mut profile = new_profile(&facts, None, entry.joined_at.unwrap_or(Timestamp::UNIX_EPOCH), programs, now);
    profile.links.clone_from(&entry.links);
    profile.time_zone.clone_from(&entry.time_zone);
    profile.birthday = entry.birthday;
    profile.birthday_entered_on = entry.birthday.map(|_| entered_on);
    if let Some(proof) = &entry.consent {
        take_proof(&mut profile, proof, programs, now);
    }
    profile
}
