//! An order event of a storefront: from facts to points and tier, in one commit.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    facts::Content,
    ids::{MemberId, OrderKey, Source},
    order::Order,
    profile::ProfileFacts,
    shipped_to::ShippedTo,
};
use store::{Plan, Write};
use storefront::event::OrderEvent;

use crate::{
    App,
    claim_coupons::{claims, push_claims},
    error::{AppError, Attempt},
    order_owner::{Owner, customer_key, owner},
    planned_mail::without_mail,
    post_order::OrderPosting,
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

/// Whether an event comes when it happens, or a file tells of it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    AsItHappens,
    Afterwards,
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
        self.record_told_order(source, event, Telling::AsItHappens, now).await
    }

    /// The same of an order that a file tells of: it plans no mail.
    ///
    /// # Errors
    /// As those of `record_order`.
    pub(crate) async fn import_order(
        &self,
        source: &Source,
        event: &OrderEvent,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        self.record_told_order(source, event, Telling::Afterwards, now).await
    }

    async fn record_told_order(
        &self,
        source: &Source,
        event: &OrderEvent,
        telling: Telling,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        loop {
            let recorded = self.until_committed(|| self.try_record_order(source, event, telling, now)).await?;
            if let Some(recorded) = recorded {
                return Ok(recorded);
            }
        }
    }

    /// `None` where more is to be taken back than goes into one commit, until the last one, which keeps the facts, or
    /// more mail is to be planned, until all is: what is cut off in between goes on with the next delivery.
    async fn try_record_order(
        &self,
        source: &Source,
        event: &OrderEvent,
        telling: Telling,
        now: Timestamp,
    ) -> Result<Option<Recorded>, Attempt> {
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
        let is_left = |order: &Order| telling == Telling::AsItHappens && order.has_mail_to_plan();
        if order.facts == before.facts && !is_left(&before) {
            return Ok(Some(Recorded::Known));
        }
        order.version += 1;
        let claims = claims(&before, &mut order, std::mem::take(&mut context.coupons));
        let mut plan = Plan { writes: Vec::new() };
        let holds = self.claimed_holds(&order, std::mem::take(&mut context.holds), codes.as_deref()).await?;
        let recorded = async {
            Ok(match owner(&before, &order, event, context, source, &programs, now) {
                Owner::Unknown => {
                    let claims = self.hold_claims(self.holds_at(&holds).await?, None).await?;
                    claims.capture_rest(self, &mut plan, &mut order, &programs, now).await?;
                    Some(Recorded::Waiting)
                }
                owner => {
                    let (plan, order) = (&mut plan, &mut order);
                    let (shipped_to, said) = (shipped_to(event, order), consent_said(event, order));
                    let (before, programs) = (&before, &programs);
                    let mut posting =
                        OrderPosting { app: self, plan, before, order, telling, shipped_to, said, programs, now };
                    posting.post(owner, &holds).await?.map(Recorded::Posted)
                }
            })
        };
        let claimed = async { Ok::<_, Attempt>(self.claimed(&claims).await?) };
        let (Some(recorded), claimed) = try_join!(recorded, claimed)? else { return Ok(None) };
        push_claims(&mut plan, &order, &claims, claimed);
        if telling == Telling::Afterwards {
            without_mail(&mut plan);
        }
        let is_done = !is_left(&order);
        plan.writes.push(Write::Order(order));
        self.store.commit(plan).await?;
        Ok(is_done.then_some(recorded))
    }
}

/// What the event says of the consent of whoever the newest content names.
fn consent_said<'a>(event: &'a OrderEvent, order: &Order) -> Option<&'a ProfileFacts> {
    let named = order.facts.customer().filter(|named| event.facts.customer() == Some(*named));
    let facts = named.and(event.buyer.as_ref()).map(|buyer| &buyer.profile);
    facts.filter(|facts| facts.marketing.is_some() || !facts.topics.is_empty())
}

/// Where the order goes by its newest content; an older one says nothing of that.
fn shipped_to(event: &OrderEvent, order: &Order) -> Option<ShippedTo> {
    let content = order.facts.content().filter(|content| event.facts.content() == Some(*content))?;
    let country = event.buyer.as_ref()?.profile.country.clone()?;
    Some(ShippedTo { country, ordered_at: content.created_at })
}
