//! Erasure: nothing names the person any more, and the books still add up.

use jiff::Timestamp;
use rules::{account::Account, ids::MemberId, posting::Posting, profile::Profile};
use store::{Plan, Write};

use crate::{
    App,
    claim_address::has_joined,
    error::{AppError, Attempt},
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
};

/// Links that one commit gives up; of more, the first ones are given up before.
const LINKS_AT_ONCE: usize = 40;

impl App {
    /// Removes the profile and everything that leads to the member. Orders and ledger stay, and what
    /// still happens to those orders is posted. Erasing again changes nothing.
    ///
    /// # Errors
    /// `UnknownMember` if there never was one; `Busy`.
    pub async fn erase_member(&self, member: &MemberId, now: Timestamp) -> Result<(), AppError> {
        while !self.until_committed(|| self.try_erase(member, now)).await? {}
        Ok(())
    }

    /// Whether nothing is left to erase.
    async fn try_erase(&self, member: &MemberId, now: Timestamp) -> Result<bool, Attempt> {
        let (member, mut account, profile) = self.load_account_with_profile(member).await?;
        let Some(mut profile) = profile else { return Ok(true) };
        let programs = self.programs(now).await?;
        let mut plan = Plan { writes: Vec::new() };
        let kept = profile.links.split_off(profile.links.len().min(LINKS_AT_ONCE));
        push_links_given_up(&mut plan, &profile, &account);
        let is_the_last = kept.is_empty();
        if is_the_last {
            self.push_addresses_given_up(&mut plan, &profile, &account).await?;
            plan.writes.push(Write::RemoveProfile(member.clone()));
            account.erased_at = Some(now);
        } else {
            let rest = Profile { links: kept, ..profile.clone() };
            push_profile(
                &mut plan,
                ProfileChange { before: Some(&profile), after: rest, origin: None },
                &programs,
                now,
            );
        }
        let mut posting = Posting::begin(account, &programs, now)?;
        if is_the_last {
            posting.release_all();
        }
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(is_the_last)
    }

    async fn push_addresses_given_up(
        &self,
        plan: &mut Plan,
        profile: &Profile,
        account: &Account,
    ) -> Result<(), Attempt> {
        let remember = has_joined(account);
        for key in self.addresses_of(profile).await? {
            plan.writes.push(Write::RemoveEmail { key, member: profile.id.clone(), remember });
        }
        Ok(())
    }
}

fn push_links_given_up(plan: &mut Plan, profile: &Profile, account: &Account) {
    let remember = has_joined(account);
    for customer in &profile.links {
        let (customer, member) = (customer.clone(), profile.id.clone());
        plan.writes.push(Write::RemoveCustomer { customer, member, remember });
    }
}
