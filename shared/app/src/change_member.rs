//! A change of what is known of a member, by the storefront's API.

use jiff::{Timestamp, civil::Date};
use rules::{
    email::Email,
    ids::{CustomerKey, MemberId},
    posting::Posting,
    profile::Profile,
    program::Programs,
};
use store::{Lookups, Plan, Write};

use crate::{
    App,
    answered::Request,
    claim_address::{has_joined, remember_joining},
    error::{AppError, Attempt},
    merge_members::MAX_MERGED_LINKS,
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
    state_consent::{ConsentStatement, ask_new_mailbox},
};

/// What is said anew. `None` is not said; what is said to be `None` is removed.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    pub name: Option<Option<String>>,
    pub locale: Option<Option<String>>,
    pub time_zone: Option<Option<String>>,
    pub country: Option<Option<String>>,
    pub birthday: Option<Option<Date>>,
    pub email: Option<Email>,
    pub consent: ConsentStatement,
    /// To be added to those that there are.
    pub links: Vec<CustomerKey>,
}

const OK: u16 = 200;

impl App {
    /// Answers with the member's id, which is another if they were merged.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased; `MemberExists` and `LinksOfDifferentMembers`
    /// if the address or a link is another member's; `TooManyLinks`; `BirthdayLocked`; `KeyReused`; `Busy`.
    pub async fn change_member(
        &self,
        member: &MemberId,
        change: &MemberChange,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<MemberId, AppError> {
        self.until_committed(|| self.try_change(member, change, request, now)).await
    }

    async fn try_change(
        &self,
        member: &MemberId,
        change: &MemberChange,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<MemberId, Attempt> {
        if let Some(saved) = self.answered_before(request, now).await? {
            return Ok(MemberId::parse(&saved.resource).map_err(|_| AppError::UnknownEntry)?);
        }
        let (before, mut account) = self.load_member(member).await?;
        let member = before.id.clone();
        let address = change.email.as_ref().map(|email| self.email_keys.key(email));
        let lookups = self.store.lookups(&change.links, address.as_ref()).await?;
        let programs = self.programs(now).await?;
        let mut plan = Plan { writes: Vec::new() };
        match (address, &lookups.by_email) {
            (Some(address), None) => self.claim_address(&mut plan, &before, has_joined(&account), address).await?,
            (_, Some(holder)) if *holder != member => {
                return Err(AppError::MemberExists(self.other_than(&member, holder).await?).into());
            }
            _ => {}
        }
        let mut profile = changed(&before, change, &programs, now);
        if let Some(birthday) = change.birthday {
            let today = programs.at(now).program.zone.date(now);
            profile.set_birthday(birthday, today).map_err(AppError::BirthdayLocked)?;
        }
        self.push_links(&mut plan, &mut profile, change, &lookups).await?;
        if profile != before || !plan.writes.is_empty() {
            let origin = Some(change.consent.origin(&self.email_keys));
            push_profile(&mut plan, ProfileChange { before: Some(&before), after: profile, origin }, &programs, now);
            remember_joining(&mut account, lookups.joined_before);
            push_settled(&mut plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
        }
        plan.writes.extend(request.map(|request| request.answer(OK, member.to_string(), now)));
        if !plan.writes.is_empty() {
            self.store.commit(plan).await?;
        }
        Ok(member)
    }

    async fn push_links(
        &self,
        plan: &mut Plan,
        profile: &mut Profile,
        change: &MemberChange,
        lookups: &Lookups,
    ) -> Result<(), Attempt> {
        for (link, holder) in change.links.iter().zip(&lookups.by_customer) {
            match holder {
                None => {
                    plan.writes.push(Write::Customer { customer: link.clone(), member: profile.id.clone() });
                    profile.links.push(link.clone());
                    if profile.links.len() > MAX_MERGED_LINKS {
                        return Err(AppError::TooManyLinks.into());
                    }
                }
                Some(holder) if *holder == profile.id => {}
                Some(holder) => {
                    let other = self.other_than(&profile.id, holder).await?;
                    return Err(AppError::LinksOfDifferentMembers(profile.id.clone(), other).into());
                }
            }
        }
        Ok(())
    }

    /// The member that a lookup leads to. If that is this one by now, all is to be looked up again.
    async fn other_than(&self, member: &MemberId, holder: &MemberId) -> Result<MemberId, Attempt> {
        let (other, _) = self.load_member_found(holder).await?;
        if other.id == *member { Err(Attempt::Conflict) } else { Ok(other.id) }
    }
}

fn changed(before: &Profile, change: &MemberChange, programs: &Programs, now: Timestamp) -> Profile {
    let mut profile = before.clone();
    let replace = |known: &mut Option<String>, said: &Option<Option<String>>| {
        if let Some(said) = said {
            known.clone_from(said);
        }
    };
    replace(&mut profile.name, &change.name);
    replace(&mut profile.locale, &change.locale);
    replace(&mut profile.country, &change.country);
    if let Some(email) = &change.email {
        profile.change_address(email.clone(), true);
    }
    if profile != *before {
        // storefronts tell these too, and what they said before is older
        profile.updated_at = profile.updated_at.max(now);
    }
    replace(&mut profile.time_zone, &change.time_zone);
    ask_new_mailbox(&mut profile, before, programs, now);
    change.consent.state(&mut profile, programs, now);
    profile
}
