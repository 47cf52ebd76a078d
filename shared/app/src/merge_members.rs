//! Two members who are one person: all that one has is the other's, and their id leads there.

use jiff::Timestamp;
use rules::{
    account::Account,
    consent_proof::ConsentOrigin,
    coupon::CouponPlace,
    ids::{EmailKey, MemberId},
    merge::merge,
    profile::Profile,
};
use store::{Plan, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
    state_consent::ask_own_mailbox,
};

/// How many members may have been merged into one, directly or before.
pub const MAX_ALIASES: usize = 20;
/// How many links a merged member may have, so that one commit can still write them all.
pub const MAX_MERGED_LINKS: usize = 40;

const OK: u16 = 200;

impl App {
    /// Merges `from` into a member, once, however often the same request comes; returns the member.
    ///
    /// # Errors
    /// `UnknownMember`, also of who was erased; `MergedWithItself`; `AlreadyMerged`; `TooManyAliases`;
    /// `TooManyLinks`; `KeyReused`; `Busy`.
    pub async fn merge_members(
        &self,
        into: &MemberId,
        from: &MemberId,
        request: &Request,
        now: Timestamp,
    ) -> Result<MemberId, AppError> {
        loop {
            if let Some(member) = self.until_committed(|| self.try_merge(into, from, request, now)).await? {
                return Ok(member);
            }
        }
    }

    /// `None` where more was done twice than one commit reverses: some of it is, and nothing is merged yet.
    async fn try_merge(
        &self,
        into: &MemberId,
        from: &MemberId,
        request: &Request,
        now: Timestamp,
    ) -> Result<Option<MemberId>, Attempt> {
        if let Some(saved) = self.answered_before(Some(request), now).await? {
            let member = MemberId::parse(&saved.resource).map_err(|_| AppError::UnknownMember(into.clone()))?;
            return Ok(Some(member));
        }
        if into == from {
            return Err(AppError::MergedWithItself.into());
        }
        let (profile, account) = self.load_member(into).await?;
        let (from_profile, from_account) = self.load_unmerged(from, &profile.id).await?;
        let programs = self.programs(now).await?;
        let mut plan = Plan { writes: Vec::new() };
        self.push_lookups(&mut plan, &from_profile, &profile.id).await?;
        self.push_aliases(&mut plan, &from_account, &profile.id).await?;
        let into = profile.id.clone();
        let from_email = from_profile.email.clone();
        let mut after = united(profile.clone(), from_profile)?;
        let is_asked = ask_own_mailbox(&mut after, (&profile, from_email.as_ref()), &programs, now);
        let origin = is_asked.then(|| ConsentOrigin::of("merge"));
        let (held, own) = ((from.clone(), from_account), (into.clone(), account));
        if held.1.aliases.len() + own.1.aliases.len() >= MAX_ALIASES {
            return Err(AppError::TooManyAliases.into());
        }
        let Some(mut twice) = self.last_done_twice(&held, &own, &programs, now).await? else { return Ok(None) };
        let merged = merge(held, own, &mut twice, &programs, now)?;
        let reversed = twice.from.into_iter().chain(twice.into);
        plan.writes.extend(reversed.map(|(member, deed)| Write::Deed { member, deed }));
        push_profile(&mut plan, ProfileChange { before: Some(&profile), after, origin }, &programs, now);
        plan.writes.push(Write::RemoveProfile(from.clone()));
        self.push_withdrawn(&mut plan, &merged.withdrawn, now).await?;
        push_settled(&mut plan, from, merged.from, &programs, now);
        push_settled(&mut plan, &into, merged.into, &programs, now);
        plan.writes.push(request.answer(OK, into.to_string(), now));
        self.store.commit(plan).await?;
        Ok(Some(into))
    }

    async fn push_withdrawn(&self, plan: &mut Plan, coupons: &[CouponPlace], now: Timestamp) -> Result<(), Attempt> {
        for (place, mut redemption) in self.store.redemptions_at(coupons).await? {
            if redemption.withdraw(now) {
                plan.writes.push(Write::Redemption { member: place.member, redemption });
            }
        }
        Ok(())
    }

    /// Who is to be merged: nobody's alias.
    async fn load_unmerged(&self, from: &MemberId, into: &MemberId) -> Result<(Profile, Account), Attempt> {
        let (id, account, profile) = self.load_account_with_profile(from).await?;
        if id != *from || id == *into {
            return Err(AppError::AlreadyMerged(id).into());
        }
        let profile = profile.ok_or_else(|| AppError::UnknownMember(from.clone()))?;
        Ok((profile, account))
    }

    /// The customers and the addresses that led to one lead to the other.
    async fn push_lookups(&self, plan: &mut Plan, from: &Profile, into: &MemberId) -> Result<(), Attempt> {
        for customer in &from.links {
            let (from, into) = (from.id.clone(), into.clone());
            plan.writes.push(Write::MoveCustomer { customer: customer.clone(), from, into });
        }
        for key in self.addresses_of(from).await? {
            plan.writes.push(Write::MoveEmail { key, from: from.id.clone(), into: into.clone() });
        }
        Ok(())
    }

    /// The keys of the addresses that lead to the member.
    pub(crate) async fn addresses_of(&self, profile: &Profile) -> Result<Vec<EmailKey>, Attempt> {
        let emails = profile.email.iter().chain(&profile.other_emails);
        let keys: Vec<EmailKey> = emails.map(|email| self.email_keys.key(email)).collect();
        let holders = self.store.holders(&keys).await?;
        let theirs = keys.into_iter().zip(holders).filter(|(_, holder)| holder.as_ref() == Some(&profile.id));
        Ok(theirs.map(|(key, _)| key).collect())
    }

    /// Who was merged into one before leads to the other: reads follow one alias.
    async fn push_aliases(&self, plan: &mut Plan, from: &Account, into: &MemberId) -> Result<(), Attempt> {
        let aliases: Vec<MemberId> = from.aliases.iter().cloned().collect();
        let accounts = self.store.accounts(&aliases).await?;
        for (member, account) in aliases.into_iter().zip(accounts) {
            let account = account.ok_or_else(|| AppError::UnknownMember(member.clone()))?;
            let account = Account { version: account.version + 1, merged_into: Some(into.clone()), ..account };
            plan.writes.push(Write::Account { member, account, due: None });
        }
        Ok(())
    }
}

fn united(mut into: Profile, from: Profile) -> Result<Profile, AppError> {
    into.absorb(from);
    if into.links.len() > MAX_MERGED_LINKS {
        return Err(AppError::TooManyLinks);
    }
    Ok(into)
}
