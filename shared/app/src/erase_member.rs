//! Erasure: nothing names the person any more, and the books still add up.

use futures::future::try_join_all;
use jiff::Timestamp;
use rules::{
    account::Account,
    hold::{Hold, HoldEnd, HoldPlace, HoldState},
    holds::OpenHold,
    ids::MemberId,
    posting::Posting,
    profile::Profile,
    review::Review,
};
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
/// Reviews that one commit takes the words of; of more, the first ones lose theirs before.
const REVIEWS_AT_ONCE: usize = 30;

impl App {
    /// Removes the profile, what the member wrote, and everything that leads to them. Orders and ledger stay, and what
    /// still happens to those orders is posted. Erasing again changes nothing.
    ///
    /// # Errors
    /// `UnknownMember` if there never was one; `Busy`.
    pub async fn erase_member(&self, member: &MemberId, now: Timestamp) -> Result<(), AppError> {
        while !self.until_committed(|| self.try_erase(member, now)).await? {}
        while !self.until_committed(|| self.try_erase_words(member)).await? {}
        Ok(())
    }

    /// Whether nothing is left to erase.
    async fn try_erase(&self, member: &MemberId, now: Timestamp) -> Result<bool, Attempt> {
        let (member, mut account, profile) = self.load_account_with_profile(member).await?;
        let Some(mut profile) = profile else { return Ok(true) };
        let programs = self.programs(now).await?;
        let mut plan = Plan { writes: Vec::new() };
        if self.push_words_removed(&mut plan, &member, &account).await? {
            push_settled(&mut plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
            self.store.commit(plan).await?;
            return Ok(false);
        }
        let kept = profile.links.split_off(profile.links.len().min(LINKS_AT_ONCE));
        push_links_given_up(&mut plan, &profile, &account);
        let is_the_last = kept.is_empty();
        if is_the_last {
            self.push_addresses_given_up(&mut plan, &profile, &account, now).await?;
            plan.writes.push(Write::RemoveProfile(member.clone()));
            (account.erased_at, account.shipped_to) = (Some(now), None);
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
            plan.writes.extend(self.holds_ended(&member, &posting.account, now).await?);
            posting.release_all();
            posting.account.openings.clear();
        }
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(is_the_last)
    }

    /// Those that are open; the row of a merged member's is where it was made.
    async fn holds_ended(&self, member: &MemberId, account: &Account, now: Timestamp) -> Result<Vec<Write>, Attempt> {
        let partitions = || account.partitions(member).cloned();
        let places_of = |hold: &OpenHold| {
            let hold = hold.id.clone();
            partitions().map(move |member| HoldPlace { member, hold: hold.clone() })
        };
        let places: Vec<HoldPlace> = account.holds.iter().flat_map(places_of).collect();
        let open = self.store.holds_at(&places).await?.into_iter();
        let ended = open.filter(|(_, hold)| hold.state(now) == HoldState::Open).map(|(place, hold)| {
            let hold = Hold { version: hold.version + 1, end: Some(HoldEnd::Released { at: now }), ..hold };
            Write::Hold { member: place.member, hold }
        });
        Ok(ended.collect())
    }

    /// What they wrote about products goes, and under which name; the stars stay. Returns whether there is any: a review
    /// that is recorded meanwhile changes the account, and is met again.
    async fn push_words_removed(&self, plan: &mut Plan, member: &MemberId, account: &Account) -> Result<bool, Attempt> {
        let partitions: Vec<&MemberId> = account.partitions(member).collect();
        let reviews = try_join_all(partitions.into_iter().map(|partition| self.store.reviews_of(partition))).await?;
        let with_words = reviews.into_iter().flatten().filter(Review::has_words).take(REVIEWS_AT_ONCE);
        let write = |review: Review| Write::Review { review: review.without_words(), moves: false };
        plan.writes.extend(with_words.map(write));
        Ok(!plan.writes.is_empty())
    }

    async fn push_addresses_given_up(
        &self,
        plan: &mut Plan,
        profile: &Profile,
        account: &Account,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let remember = has_joined(account);
        for key in self.addresses_of(profile).await? {
            // nobody writes there again unless somebody there agrees anew
            let mut suppression = self.store.suppression(&key).await?;
            suppression.erased(now);
            plan.writes.push(Write::Suppression { address: key.clone(), suppression });
            plan.writes.push(Write::RemoveEmail { key, member: profile.id.clone(), remember });
        }
        Ok(())
    }
}

fn push_links_given_up(plan: &mut Plan, profile: &Profile, account: &Account) {
    let has_joined = has_joined(account);
    for customer in &profile.links {
        let (customer, member) = (customer.clone(), profile.id.clone());
        plan.writes.push(Write::EraseCustomer { customer, member, has_joined });
    }
}
