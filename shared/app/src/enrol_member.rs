//! Enrolment by the storefront's API.

use jiff::{Timestamp, civil::Date};
use rules::{
    account::{Account, Status},
    email::Email,
    ids::{CustomerKey, MemberId},
    posting::Posting,
    profile::{Profile, ProfileFacts},
    program::Programs,
};
use store::{Lookups, Plan, Write};

use crate::{
    App,
    answered::Request,
    claim_address::{has_joined, remember_joining},
    error::{AppError, Attempt},
    new_member::{new_profile, push_new_member},
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
    state_consent::{ConsentStatement, ask_new_mailbox},
};

/// Who is to be enrolled.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub email: Email,
    pub name: Option<String>,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub country: Option<String>,
    pub birthday: Option<Date>,
    pub consent: ConsentStatement,
    pub links: Vec<CustomerKey>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolled {
    New(MemberId),
    /// One of the links was known already.
    Known(MemberId),
}

const CREATED: u16 = 201;
const OK: u16 = 200;

impl App {
    /// Enrols a new member, or the guest that the address or a link names.
    ///
    /// # Errors
    /// `MemberExists` if the address is an enrolled member's; `KeyReused` if the key came with
    /// another request; `Busy`.
    pub async fn enrol_member(
        &self,
        enrolment: &Enrolment,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Enrolled, AppError> {
        self.until_committed(|| self.try_enrol(enrolment, request, now)).await
    }

    async fn try_enrol(
        &self,
        enrolment: &Enrolment,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Enrolled, Attempt> {
        if let Some(saved) = self.answered_before(request, now).await? {
            let member = MemberId::parse(&saved.resource).map_err(|_| AppError::UnknownEntry)?;
            return Ok(if saved.status == CREATED { Enrolled::New(member) } else { Enrolled::Known(member) });
        }
        let address = self.email_keys.key(&enrolment.email);
        let lookups = self.store.lookups(&enrolment.links, Some(&address)).await?;
        let programs = self.programs(now).await?;
        let mut plan = Plan { writes: Vec::new() };
        let (enrolled, mut account) = match holder(&lookups)? {
            Some((member, by_link)) => {
                let (profile, account) = self.load_member_found(&member).await?;
                let member = profile.id.clone();
                match (account.status, by_link) {
                    (Status::Enrolled, true) => return Ok(Enrolled::Known(member)),
                    (Status::Enrolled, false) => return Err(AppError::MemberExists(member).into()),
                    (Status::Guest, _) => {}
                }
                self.push_guest(&mut plan, (profile, &account), enrolment, &lookups, &programs, now).await?;
                (if by_link { Enrolled::Known(member) } else { Enrolled::New(member) }, account)
            }
            None => {
                let profile = profile_of(enrolment, &programs, now);
                let enrolled = Enrolled::New(profile.id.clone());
                let origin = Some(enrolment.consent.origin(&self.email_keys));
                push_new_member(&mut plan, profile, Some(address), origin, &programs, now);
                (enrolled, Account::new(Status::Enrolled, now, &programs))
            }
        };
        let (Enrolled::New(member) | Enrolled::Known(member)) = &enrolled;
        remember_joining(&mut account, lookups.joined_before);
        let mut posting = Posting::begin(account, &programs, now)?;
        posting.enrol(true)?;
        push_settled(&mut plan, member, posting.end()?, &programs, now);
        let status = if matches!(enrolled, Enrolled::New(_)) { CREATED } else { OK };
        plan.writes.extend(request.map(|request| request.answer(status, member.to_string(), now)));
        self.store.commit(plan).await?;
        Ok(enrolled)
    }

    /// A guest keeps what is known of them where the enrolment says nothing.
    async fn push_guest(
        &self,
        plan: &mut Plan,
        (guest, account): (Profile, &Account),
        enrolment: &Enrolment,
        lookups: &Lookups,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let said = profile_of(enrolment, programs, now);
        let new_links = enrolment.links.iter().zip(&lookups.by_customer).filter(|(_, holder)| holder.is_none());
        let new_links: Vec<CustomerKey> = new_links.map(|(link, _)| link.clone()).collect();
        for customer in &new_links {
            plan.writes.push(Write::Customer { customer: customer.clone(), member: guest.id.clone() });
        }
        if lookups.by_email.is_none() {
            self.claim_address(plan, &guest, has_joined(account), self.email_keys.key(&enrolment.email)).await?;
        }
        let before = guest.clone();
        let mut profile = Profile {
            email: said.email,
            email_verified: true,
            name: said.name.or(guest.name),
            locale: said.locale.or(guest.locale),
            time_zone: said.time_zone.or(guest.time_zone),
            country: said.country.or(guest.country),
            updated_at: now,
            ..guest
        };
        profile.links.extend(new_links);
        if let Some(birthday) = said.birthday {
            // whoever was enrolled before keeps the birthday that they may not change yet
            profile.set_birthday(Some(birthday), programs.at(now).program.zone.date(now)).ok();
        }
        ask_new_mailbox(&mut profile, &before, programs, now);
        enrolment.consent.state(&mut profile, programs, now);
        let origin = Some(enrolment.consent.origin(&self.email_keys));
        push_profile(plan, ProfileChange { before: Some(&before), after: profile, origin }, programs, now);
        Ok(())
    }
}

/// The member whom a link or else the address names, and whether it was a link.
pub(crate) fn holder(lookups: &Lookups) -> Result<Option<(MemberId, bool)>, AppError> {
    let mut by_link = lookups.by_customer.iter().flatten();
    let Some(first) = by_link.next() else {
        return Ok(lookups.by_email.clone().map(|member| (member, false)));
    };
    if let Some(other) = by_link.chain(&lookups.by_email).find(|other| *other != first) {
        return Err(AppError::LinksOfDifferentMembers(first.clone(), other.clone()));
    }
    Ok(Some((first.clone(), true)))
}

fn profile_of(enrolment: &Enrolment, programs: &Programs, now: Timestamp) -> Profile {
    let facts = ProfileFacts {
        email: Some(enrolment.email.clone()),
        email_verified: true,
        has_account: true,
        name: enrolment.name.clone(),
        locale: enrolment.locale.clone(),
        country: enrolment.country.clone(),
        ..ProfileFacts::default()
    };
    let mut profile = new_profile(&facts, None, now, programs, now);
    profile.links.clone_from(&enrolment.links);
    profile.time_zone.clone_from(&enrolment.time_zone);
    profile.birthday = enrolment.birthday;
    profile.birthday_entered_on = enrolment.birthday.map(|_| programs.at(now).program.zone.date(now));
    enrolment.consent.state(&mut profile, programs, now);
    profile
}
