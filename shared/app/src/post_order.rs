//! What an order does to accounts: its owner's, and that of whoever had it before.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    account::{Account, Status},
    buyer::Buyer,
    consent_proof::ConsentOrigin,
    deed::{Deed, DeedState},
    hold::HoldPlace,
    ids::MemberId,
    order::Order,
    profile::{Profile, ProfileFacts},
    program::Programs,
    shipped_to::ShippedTo,
};
use store::{Plan, Write};

use crate::{
    App,
    capture_holds::HoldClaims,
    claim_address::remember_joining,
    error::{AppError, Attempt},
    new_member::push_new_member,
    order_owner::{Owner, names_the_same_person},
    push_profile::{ProfileChange, push_profile},
    record_order::Telling,
    settled::push_settled,
    state_consent::take_facts,
};

/// So many deeds are reversed by one commit, with an entry each.
const REVERSED_AT_ONCE: usize = 25;

/// One order on its way to the commit.
pub(crate) struct OrderPosting<'a> {
    pub(crate) app: &'a App,
    pub(crate) plan: &'a mut Plan,
    /// The order as it is stored.
    pub(crate) before: &'a Order,
    pub(crate) order: &'a mut Order,
    pub(crate) telling: Telling,
    /// Where it goes, as far as the event tells.
    pub(crate) shipped_to: Option<ShippedTo>,
    /// What the event tells of its buyer's consent, if it does.
    pub(crate) said: Option<&'a ProfileFacts>,
    pub(crate) programs: &'a Programs,
    pub(crate) now: Timestamp,
}

/// What the owner of an order has, with their profile where the order is to be priced or tells of their consent.
struct Held {
    member: MemberId,
    account: Account,
    profile: Option<Profile>,
}

impl OrderPosting<'_> {
    /// Posts to the owner what the order has earned since, and takes it from whoever had the order before. `None`:
    /// more deeds rested on it than go into one commit, some of them were reversed, and nothing else was done yet.
    pub(crate) async fn post(&mut self, owner: Owner, holds: &[HoldPlace]) -> Result<Option<MemberId>, Attempt> {
        let (before, programs, now) = (self.before, self.programs, self.now);
        let former = self.former(&owner).await?;
        // who was erased keeps what was theirs: nothing tells us again who they are
        let is_erased = former.as_ref().is_some_and(|(_, account)| account.erased_at.is_some());
        let (owner, former) = match former {
            Some((erased, _)) if is_erased && names_the_same_person(before, self.order) => (Owner::Known(erased), None),
            former => (owner, former),
        };
        let app = self.app;
        let (held, holds) = try_join!(self.account_of(owner), app.holds_at(holds))?;
        let Held { member, account: loaded, profile } = held;
        let mut claims = app.hold_claims(holds, Some(&member)).await?;
        let buyer = Buyer::of(profile.as_ref(), &loaded, &programs.at(now).program.zone);
        let mut account = loaded.clone();
        account.ships_to(self.shipped_to.take());
        if self.order.facts.customer().is_some_and(|customer| customer.has_account && customer.email_verified) {
            account.status = Status::Enrolled;
        }
        if let Some(named) = before.member.as_ref().filter(|named| **named != member) {
            self.plan.writes.push(Write::RemoveOrderPointer { member: named.clone(), order: self.order.key.clone() });
        }
        if let Some(former) = former {
            let Some(deeds) = self.last_resting(&former.0, &former.1).await? else { return Ok(None) };
            claims.unprove(&former.0, deeds);
            self.withdraw(former, &mut claims).await?;
        }
        if before.member.as_ref() != Some(&member) {
            self.order.member = Some(member.clone());
            self.plan.writes.push(Write::OrderPointer { member: member.clone(), order: self.order.key.clone() });
        }
        let is_void_proof = self.order.is_void_proof();
        if is_void_proof {
            let Some(deeds) = self.last_resting(&member, &loaded).await? else { return Ok(None) };
            claims.unprove(&member, deeds);
        }
        let mut own = claims.take(&member);
        let settled = self.order.settle_with(&before.facts, account, &buyer, &mut own, programs, now)?;
        // of a proof that is void the account is written: what is being recorded at this moment must not rest on it
        let only_the_order_changed =
            self.plan.writes.is_empty() && !is_void_proof && settled.changes_nothing_of(&loaded);
        if !only_the_order_changed {
            push_settled(self.plan, &member, settled, programs, now);
        }
        claims.push(app, self.plan, &member, own, programs, now).await?;
        claims.capture_rest(app, self.plan, self.order, programs, now).await?;
        self.plan_mail(&member, &loaded).await?;
        Ok(Some(member))
    }

    /// Plans what the facts changed of the order's mail. A member who has taken over another has had theirs.
    async fn plan_mail(&mut self, member: &MemberId, account: &Account) -> Result<(), AppError> {
        if self.telling == Telling::Afterwards {
            self.order.plan_no_mail(member);
            return Ok(());
        }
        let reader = self.order.reader(member, account);
        self.app.push_order_mail(self.plan, self.order, reader.as_ref(), self.programs, self.now).await
    }

    /// The deeds that rest on the order and are not reversed yet, if they go into its commit; else a part of them is
    /// reversed in one of its own.
    async fn last_resting(
        &self,
        member: &MemberId,
        account: &Account,
    ) -> Result<Option<Vec<(MemberId, Deed)>>, Attempt> {
        if !self.order.is_proof {
            return Ok(Some(Vec::new()));
        }
        let mut resting = Vec::new();
        for partition in account.partitions(member) {
            let deeds = self.app.store.deeds_resting_on(partition, &self.order.key).await?;
            let left = deeds.into_iter().filter(|deed| deed.state != DeedState::Reversed);
            resting.extend(left.map(|deed| (partition.clone(), deed)));
        }
        if resting.len() <= REVERSED_AT_ONCE {
            return Ok(Some(resting));
        }
        resting.truncate(REVERSED_AT_ONCE);
        self.app.reverse_deeds(member, account.clone(), resting, self.programs, self.now).await?;
        Ok(None)
    }

    /// The account of another member who had the order so far.
    async fn former(&self, owner: &Owner) -> Result<Option<(MemberId, Account)>, Attempt> {
        let Some(had) =
            self.before.member.as_ref().filter(|had| !matches!(owner, Owner::Known(member) if member == *had))
        else {
            return Ok(None);
        };
        let (former, account) = self.app.load_account_even_erased(had).await?;
        let is_the_owner = matches!(owner, Owner::Known(member) | Owner::Joining(member, _) if *member == former);
        Ok((!is_the_owner).then_some((former, account)))
    }

    /// The account of the owner; a new or newly linked one with the rows that make it so.
    async fn account_of(&mut self, owner: Owner) -> Result<Held, Attempt> {
        let (app, programs, now) = (self.app, self.programs, self.now);
        match owner {
            Owner::Known(member) if self.order.is_to_be_priced() || self.said.is_some() => {
                let (member, account, profile) = app.load_account_with_profile(&member).await?;
                let profile = profile.map(|before| self.listen(&before, before.clone()));
                Ok(Held { member, account, profile })
            }
            Owner::Known(member) => {
                let (member, account) = app.load_account_even_erased(&member).await?;
                Ok(Held { member, account, profile: None })
            }
            Owner::Joining(member, customer) => {
                let (before, account) = app.load_member_found(&member).await?;
                let member = before.id.clone();
                let mut profile = before.clone();
                profile.links.push(customer.clone());
                let profile = self.listen(&before, profile);
                self.plan.writes.push(Write::Customer { customer, member: member.clone() });
                Ok(Held { member, account, profile: Some(profile) })
            }
            Owner::New { profile, joined_before } => {
                let joined_at = self.order.facts.content().map_or(now, |content| content.created_at);
                let member = profile.id.clone();
                let address = self.order.facts.customer().filter(|customer| customer.speaks_for_address());
                let address = address.and_then(|customer| customer.email_key.clone());
                push_new_member(self.plan, Profile::clone(&profile), address, self.origin(), programs, now);
                let mut account = Account::new(Status::Guest, joined_at, programs);
                remember_joining(&mut account, joined_before);
                Ok(Held { member, account, profile: Some(*profile) })
            }
            Owner::Unknown => Err(Attempt::Conflict),
        }
    }

    /// Takes what is said of their consent, and writes what that and the order have changed of their profile.
    fn listen(&mut self, before: &Profile, mut profile: Profile) -> Profile {
        if let Some(said) = self.said {
            let is_theirs = said.email.is_none() || profile.email.is_none() || said.email == profile.email;
            // nobody grants anything for another mailbox
            let said = if is_theirs { said.clone() } else { said.clone().without_grants() };
            // where the order goes decides whether a grant waits to be confirmed, if nobody has said where they live
            let mut judged = profile.clone();
            judged.country = judged.country.or_else(|| said.country.clone());
            judged.locale = judged.locale.or_else(|| said.locale.clone());
            take_facts(&mut judged, &said, self.programs, self.now);
            profile.consent = judged.consent;
        }
        if profile != *before {
            let change = ProfileChange { before: Some(before), after: profile.clone(), origin: self.origin() };
            push_profile(self.plan, change, self.programs, self.now);
        }
        profile
    }

    fn origin(&self) -> Option<ConsentOrigin> {
        Some(ConsentOrigin::of(self.order.key.source.as_str()))
    }

    /// The order was another member's: they lose what it gave them, in the same commit.
    async fn withdraw(
        &mut self,
        (former, account): (MemberId, Account),
        claims: &mut HoldClaims,
    ) -> Result<(), Attempt> {
        let mut theirs = claims.take(&former);
        let settled = self.order.withdraw_with(account, &mut theirs, self.programs, self.now)?;
        push_settled(self.plan, &former, settled, self.programs, self.now);
        claims.push(self.app, self.plan, &former, theirs, self.programs, self.now).await
    }
}
