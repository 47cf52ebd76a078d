//! An order event of a storefront: from facts to points and tier, in one commit.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    account::{Account, Status},
    buyer::Buyer,
    facts::{Content, CustomerRef},
    hold::HoldPlace,
    ids::{CustomerKey, MemberId, OrderKey, Source},
    order::Order,
    profile::{ConsentState, Profile},
    program::Programs,
};
use store::{OrderContext, Plan, Write};
use storefront::event::OrderEvent;

use crate::{
    App,
    capture_holds::HoldClaims,
    claim_address::remember_joining,
    claim_coupons::{claims, push_claims},
    error::{AppError, Attempt},
    new_member::{new_profile, push_new_member},
    outbound_events::push_consent_change,
    settled::push_settled,
};

/// What became of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It said nothing that was not known.
    Known,
    /// Its facts wait on the order until an event names the member.
    Waiting,
    /// It is of a customer whom no event has introduced, and has nothing to introduce them by.
    UnknownCustomer,
    Posted(MemberId),
    /// It is of no member, and is known now.
    Kept,
}

/// Who an order belongs to, as far as the lookups tell.
enum Owner {
    /// No event has named them yet.
    Unknown,
    Known(MemberId),
    /// Known by their verified address; this customer account of theirs is new to us.
    Joining(MemberId, CustomerKey),
    New {
        profile: Box<Profile>,
        joined_before: bool,
    },
}

/// What the owner of an order has, with their profile where the order is to be priced.
struct Held {
    member: MemberId,
    account: Account,
    profile: Option<Profile>,
}

impl App {
    /// Merges the facts into the order and posts what it has earned since.
    ///
    /// # Errors
    /// `Busy` if others change the same account for too long; `Overflow` if the order is worth more
    /// than can be counted.
    pub async fn record_order(
        &self,
        source: &Source,
        event: &OrderEvent,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        self.until_committed(|| self.try_record_order(source, event, now)).await
    }

    async fn try_record_order(&self, source: &Source, event: &OrderEvent, now: Timestamp) -> Result<Recorded, Attempt> {
        let key = OrderKey { source: source.clone(), id: event.id.clone() };
        let customer = event.facts.customer();
        let customer_key = customer.and_then(|customer| customer_key(source, customer));
        let email_key = customer.and_then(|customer| customer.email_key.as_ref());
        let codes = event.facts.content().map(Content::named_codes);
        let context = async {
            let context =
                self.store.order_context(&key, customer_key.as_ref(), email_key, codes.as_deref().unwrap_or_default());
            context.await.map_err(AppError::from)
        };
        let (mut context, programs) = try_join!(context, self.programs(now))?;
        let before = context.order.clone().unwrap_or_else(|| Order::unknown(key));
        let mut order = before.learn(event.facts.clone());
        if order.facts == before.facts {
            return Ok(Recorded::Known);
        }
        order.version += 1;
        let claims = claims(&before, &mut order, std::mem::take(&mut context.coupons));
        let mut plan = Plan { writes: Vec::new() };
        let holds = self.claimed_holds(&order, std::mem::take(&mut context.holds), codes.as_deref()).await?;
        let recorded = async {
            Ok(match owner(&before, &order, event, context, source, now) {
                Owner::Unknown => {
                    let claims = self.hold_claims(self.holds_at(&holds).await?, None).await?;
                    claims.capture_rest(&mut plan, &mut order, &programs, now)?;
                    Recorded::Waiting
                }
                owner => {
                    let member = self.post(&mut plan, &before, &mut order, owner, &holds, &programs, now).await?;
                    Recorded::Posted(member)
                }
            })
        };
        let claimed = async { Ok::<_, Attempt>(self.claimed(&claims).await?) };
        let (recorded, claimed) = try_join!(recorded, claimed)?;
        push_claims(&mut plan, &order, &claims, claimed);
        plan.writes.push(Write::Order(order));
        self.store.commit(plan).await?;
        Ok(recorded)
    }

    async fn post(
        &self,
        plan: &mut Plan,
        before: &Order,
        order: &mut Order,
        owner: Owner,
        holds: &[HoldPlace],
        programs: &Programs,
        now: Timestamp,
    ) -> Result<MemberId, Attempt> {
        let former = self.former(before, &owner).await?;
        // who was erased keeps what was theirs: nothing tells us again who they are
        let is_erased = former.as_ref().is_some_and(|(_, account)| account.erased_at.is_some());
        let (owner, former) = match former {
            Some((erased, _)) if is_erased && names_the_same_person(before, order) => (Owner::Known(erased), None),
            former => (owner, former),
        };
        let held = self.account_of(plan, order, owner, programs, now);
        let (held, holds) = try_join!(held, self.holds_at(holds))?;
        let Held { member, account: loaded, profile } = held;
        let mut claims = self.hold_claims(holds, Some(&member)).await?;
        let buyer = Buyer::of(profile.as_ref(), &loaded, &programs.at(now).program.zone);
        let mut account = loaded.clone();
        if order.facts.customer().is_some_and(|customer| customer.has_account && customer.email_verified) {
            account.status = Status::Enrolled;
        }
        if let Some(named) = before.member.as_ref().filter(|named| **named != member) {
            plan.writes.push(Write::RemoveOrderPointer { member: named.clone(), order: order.key.clone() });
        }
        if let Some(former) = former {
            Self::withdraw(plan, order, former, &mut claims, programs, now)?;
        }
        if before.member.as_ref() != Some(&member) {
            order.member = Some(member.clone());
            plan.writes.push(Write::OrderPointer { member: member.clone(), order: order.key.clone() });
        }
        let mut own = claims.take(&member);
        let settled = order.settle_with(&before.facts, account, &buyer, &mut own, programs, now)?;
        let only_the_order_changed = plan.writes.is_empty() && settled.changes_nothing_of(&loaded);
        if !only_the_order_changed {
            push_settled(plan, &member, settled, programs, now);
        }
        claims.push(plan, &member, own);
        claims.capture_rest(plan, order, programs, now)?;
        Ok(member)
    }

    /// The account of another member who had the order so far.
    async fn former(&self, before: &Order, owner: &Owner) -> Result<Option<(MemberId, Account)>, Attempt> {
        let Some(had) = before.member.as_ref().filter(|had| !matches!(owner, Owner::Known(member) if member == *had))
        else {
            return Ok(None);
        };
        let (former, account) = self.load_account_even_erased(had).await?;
        let is_the_owner = matches!(owner, Owner::Known(member) | Owner::Joining(member, _) if *member == former);
        Ok((!is_the_owner).then_some((former, account)))
    }

    /// The account of the owner; a new or newly linked one with the rows that make it so.
    async fn account_of(
        &self,
        plan: &mut Plan,
        order: &Order,
        owner: Owner,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Held, Attempt> {
        match owner {
            Owner::Known(member) if order.is_to_be_priced() => {
                let (member, account, profile) = self.load_account_with_profile(&member).await?;
                Ok(Held { member, account, profile })
            }
            Owner::Known(member) => {
                let (member, account) = self.load_account_even_erased(&member).await?;
                Ok(Held { member, account, profile: None })
            }
            Owner::Joining(member, customer) => {
                let (mut profile, account) = self.load_member_found(&member).await?;
                let member = profile.id.clone();
                profile.links.push(customer.clone());
                plan.writes.push(Write::Profile(profile.clone()));
                plan.writes.push(Write::Customer { customer, member: member.clone() });
                Ok(Held { member, account, profile: Some(profile) })
            }
            Owner::New { profile, joined_before } => {
                let joined_at = order.facts.content().map_or(now, |content| content.created_at);
                let member = profile.id.clone();
                let address = order.facts.customer().filter(|customer| customer.speaks_for_address());
                let address = address.and_then(|customer| customer.email_key.clone());
                let said = (ConsentState::default(), profile.consent.marketing);
                push_consent_change(plan, programs, &member, said, now);
                push_new_member(plan, Profile::clone(&profile), address);
                let mut account = Account::new(Status::Guest, joined_at, programs);
                remember_joining(&mut account, joined_before);
                Ok(Held { member, account, profile: Some(*profile) })
            }
            Owner::Unknown => Err(Attempt::Conflict),
        }
    }

    /// The order was another member's: they lose what it gave them, in the same commit.
    fn withdraw(
        plan: &mut Plan,
        order: &mut Order,
        (former, account): (MemberId, Account),
        claims: &mut HoldClaims,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let mut theirs = claims.take(&former);
        let settled = order.withdraw_with(account, &mut theirs, programs, now)?;
        push_settled(plan, &former, settled, programs, now);
        claims.push(plan, &former, theirs);
        Ok(())
    }
}

/// Whom the newest content names; whoever had the order before, while it names nobody or nothing new.
fn owner(
    before: &Order,
    order: &Order,
    event: &OrderEvent,
    context: OrderContext,
    source: &Source,
    now: Timestamp,
) -> Owner {
    let named = order.facts.customer();
    let known = order.member.clone().map_or(Owner::Unknown, Owner::Known);
    let (Some(customer), Some(buyer)) = (named.filter(|named| Some(*named) == event.facts.customer()), &event.buyer)
    else {
        return known;
    };
    // whoever was found by it once keeps the order: the lookup may be gone, or another's by now
    if order.member.is_some() && before.facts.customer().is_some_and(|before| is_same_reference(before, customer)) {
        return known;
    }
    let key = customer_key(source, customer);
    let by_address = context.by_email.filter(|_| customer.speaks_for_address());
    match (context.by_customer, by_address, key) {
        (Some(member), ..) | (None, Some(member), None) => Owner::Known(member),
        (None, Some(member), Some(key)) => Owner::Joining(member, key),
        (None, None, None) if customer.email_key.is_none() => known,
        (None, None, key) => {
            let profile = Box::new(new_profile(&buyer.profile, key, buyer.updated_at, now));
            Owner::New { profile, joined_before: context.joined_before }
        }
    }
}

fn names_the_same_person(before: &Order, order: &Order) -> bool {
    before.facts.customer().zip(order.facts.customer()).is_some_and(|(before, now)| is_same_person(before, now))
}

/// The same customer or, of those who are none, the same address.
fn is_same_reference(one: &CustomerRef, other: &CustomerRef) -> bool {
    one.id == other.id && (one.id.is_some() || one.email_key == other.email_key)
}

/// The same address at the least, whether there is a customer by now or not.
fn is_same_person(one: &CustomerRef, other: &CustomerRef) -> bool {
    let numbers_agree = one.id.is_none() || other.id.is_none() || one.id == other.id;
    numbers_agree && one.email_key.is_some() && one.email_key == other.email_key
}

fn customer_key(source: &Source, customer: &CustomerRef) -> Option<CustomerKey> {
    let customer_id = customer.id.clone()?;
    Some(CustomerKey { source: source.clone(), customer_id })
}
