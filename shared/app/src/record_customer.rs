//! A customer event of a storefront: profile, consent, enrolment.

use jiff::Timestamp;
use rules::{
    account::{Account, Status},
    consent::{ConsentChange, ConsentState},
    consent_proof::ConsentOrigin,
    ids::{CustomerId, CustomerKey, EmailKey, MemberId, Source},
    posting::Posting,
    profile::Profile,
    program::Programs,
};
use store::{Lookups, Plan, Write};
use storefront::event::CustomerEvent;

use crate::{
    App,
    claim_address::{has_joined, remember_joining},
    error::{AppError, Attempt},
    new_member::{new_profile, push_new_member},
    push_profile::{ProfileChange, push_profile},
    record_order::Recorded,
    settled::push_settled,
    state_consent::{ask_new_mailbox, take_facts},
};

impl App {
    /// Takes what the event says of the customer, by its own time; enrols who has an account.
    ///
    /// # Errors
    /// `Busy` if others change the same member for too long.
    pub async fn record_customer(
        &self,
        source: &Source,
        event: &CustomerEvent,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        self.until_committed(|| self.try_record_customer(source, event, now)).await
    }

    async fn try_record_customer(
        &self,
        source: &Source,
        event: &CustomerEvent,
        now: Timestamp,
    ) -> Result<Recorded, Attempt> {
        let key = CustomerKey { source: source.clone(), customer_id: event.customer_id.clone() };
        let email_key = event.profile.email.as_ref().map(|email| self.email_keys.key(email));
        let lookups = self.store.lookups(std::slice::from_ref(&key), email_key.as_ref()).await?;
        let programs = self.programs(now).await?;
        let speaks_for_address = event.profile.email_verified || !event.profile.has_account;
        let address = email_key.filter(|_| speaks_for_address);
        let origin = Some(ConsentOrigin::of(source.as_str()));
        let mut plan = Plan { writes: Vec::new() };
        match known_member(&lookups, address.as_ref()) {
            None if event.profile.email.is_none() => Ok(Recorded::UnknownCustomer),
            // who was erased is told of late; who comes back signs up
            None if lookups.customer_erased && !event.created => Ok(Recorded::UnknownCustomer),
            None => {
                let profile = new_profile(&event.profile, Some(key), event.updated_at, &programs, now);
                let member = profile.id.clone();
                push_new_member(&mut plan, profile, address, origin, &programs, now);
                let mut account = Account::new(Status::Guest, event.updated_at.min(now), &programs);
                remember_joining(&mut account, lookups.joined_before);
                self.commit_account(plan, &member, account, event, &programs, now).await
            }
            Some(member) => {
                let (before, mut account) = self.load_member_found(&member).await?;
                let member = before.id.clone();
                let mut profile = before.clone();
                if lookups.by_customer.iter().all(Option::is_none) {
                    profile.links.push(key.clone());
                    plan.writes.push(Write::Customer { customer: key, member: member.clone() });
                }
                let is_newer = event.updated_at >= profile.updated_at;
                if let (Some(address), None, true) = (&address, &lookups.by_email, is_newer) {
                    self.claim_address(&mut plan, &profile, has_joined(&account), address.clone()).await?;
                }
                remember_joining(&mut account, lookups.joined_before);
                let may_have_it = lookups.by_email.as_ref().is_none_or(|holder| *holder == member);
                update(&mut profile, event, address.is_some() && may_have_it);
                ask_new_mailbox(&mut profile, &before, &programs, now);
                take_facts(&mut profile, &event.profile, &programs, now);
                let enrols = event.profile.has_account && account.status == Status::Guest;
                let rewards = event.created && !account.done_once.contains("enrol") && event.profile.has_account;
                if profile == before && !enrols && !rewards {
                    return Ok(Recorded::Known);
                }
                let change = ProfileChange { before: Some(&before), after: profile, origin };
                push_profile(&mut plan, change, &programs, now);
                self.commit_account(plan, &member, account, event, &programs, now).await
            }
        }
    }

    async fn commit_account(
        &self,
        mut plan: Plan,
        member: &MemberId,
        account: Account,
        event: &CustomerEvent,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Recorded, Attempt> {
        let mut posting = Posting::begin(account, programs, now)?;
        if event.profile.has_account {
            posting.enrol(event.created)?;
        }
        push_settled(&mut plan, member, posting.end()?, programs, now);
        self.store.commit(plan).await?;
        Ok(Recorded::Posted(member.clone()))
    }

    /// The storefront's account is gone: points stay, spending and mail end.
    ///
    /// # Errors
    /// `Busy` if others change the same member for too long.
    pub async fn forget_customer(
        &self,
        source: &Source,
        customer_id: &CustomerId,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        let key = CustomerKey { source: source.clone(), customer_id: customer_id.clone() };
        self.until_committed(|| self.try_forget_customer(&key, now)).await
    }

    async fn try_forget_customer(&self, key: &CustomerKey, now: Timestamp) -> Result<Recorded, Attempt> {
        let lookups = self.store.lookups(std::slice::from_ref(key), None).await?;
        let Some(member) = lookups.by_customer.into_iter().flatten().next() else { return Ok(Recorded::Known) };
        let (before, mut account) = self.load_member_found(&member).await?;
        let member = before.id.clone();
        if account.status == Status::Guest && before.consent.marketing == ConsentState::Withdrawn {
            return Ok(Recorded::Known);
        }
        let programs = self.programs(now).await?;
        let mut profile = before.clone();
        profile.consent.take(ConsentChange::new(ConsentState::Withdrawn, before.consent.after_all(now)));
        account.status = Status::Guest;
        let mut plan = Plan { writes: Vec::new() };
        let origin = Some(ConsentOrigin::of(key.source.as_str()));
        push_profile(&mut plan, ProfileChange { before: Some(&before), after: profile, origin }, &programs, now);
        push_settled(&mut plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(Recorded::Posted(member))
    }
}

/// Newer statements replace older ones.
fn update(profile: &mut Profile, event: &CustomerEvent, may_have_address: bool) {
    let facts = &event.profile;
    if event.updated_at < profile.updated_at {
        return;
    }
    profile.updated_at = event.updated_at;
    let replace = |known: &mut Option<String>, said: &Option<String>| {
        if said.is_some() {
            known.clone_from(said);
        }
    };
    replace(&mut profile.name, &facts.name);
    replace(&mut profile.locale, &facts.locale);
    replace(&mut profile.country, &facts.country);
    if let (Some(email), true) = (&facts.email, may_have_address) {
        profile.change_address(email.clone(), facts.email_verified);
    }
}

fn known_member(lookups: &Lookups, address: Option<&EmailKey>) -> Option<MemberId> {
    let by_customer = lookups.by_customer.iter().flatten().next();
    by_customer.or(lookups.by_email.as_ref().filter(|_| address.is_some())).cloned()
}
