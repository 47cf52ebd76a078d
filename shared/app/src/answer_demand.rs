//! What the law lets a storefront's customer demand, and what a shop's leaving does.

use jiff::Timestamp;
use rules::{
    case::{About, Case},
    ids::{CustomerId, CustomerKey, HappeningId, MemberId, Source},
};
use store::{Plan, Write};
use storefront::event::{PrivacyDemand, PrivacyEvent};

use crate::{
    App,
    error::{AppError, Attempt},
    record_order::Recorded,
};

impl App {
    /// Erases who demands it at once. What a person must do or decide becomes a case, once.
    ///
    /// # Errors
    /// `Busy` if others change the same member for too long.
    pub async fn answer_demand(&self, event: &PrivacyEvent, now: Timestamp) -> Result<Recorded, AppError> {
        let shop = &event.shop;
        match &event.demand {
            PrivacyDemand::Redact { customer_id } => self.redact_customer(shop, customer_id, now).await,
            PrivacyDemand::Data { customer_id, request } => {
                self.until_committed(|| self.try_open_data_request(shop, customer_id, request, now)).await
            }
            PrivacyDemand::RedactShop => self.until_committed(|| self.try_open_shop_redact(shop, now)).await,
        }
    }

    async fn redact_customer(
        &self,
        source: &Source,
        customer_id: &CustomerId,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        let Some(member) = self.linked_member(source, customer_id).await? else { return Ok(Recorded::UnknownCustomer) };
        self.erase_member(&member, now).await?;
        Ok(Recorded::Posted(member))
    }

    async fn try_open_data_request(
        &self,
        source: &Source,
        customer_id: &CustomerId,
        request: &HappeningId,
        now: Timestamp,
    ) -> Result<Recorded, Attempt> {
        let Some(member) = self.linked_member(source, customer_id).await? else { return Ok(Recorded::UnknownCustomer) };
        let (profile, account) = self.load_member_found(&member).await?;
        let member = profile.id;
        let about = About::DataRequest { member: member.clone(), source: source.clone(), request: request.clone() };
        let case = Case::open(about, now);
        let partitions: Vec<MemberId> = std::iter::once(member.clone()).chain(account.aliases).collect();
        if self.store.case_of_any(&partitions, &case.id).await?.is_some() {
            return Ok(Recorded::Known);
        }
        self.store.commit(Plan { writes: vec![Write::Case { member: member.clone(), case }] }).await?;
        Ok(Recorded::Posted(member))
    }

    /// A shop that came back and leaves again long after is another occasion.
    async fn try_open_shop_redact(&self, source: &Source, now: Timestamp) -> Result<Recorded, Attempt> {
        let case = Case::open(About::ShopRedact { source: source.clone() }, now);
        let known = self.store.shop_case(source, &case.id).await?;
        if known.and_then(|known| known.due_at).is_some_and(|due_at| now <= due_at) {
            return Ok(Recorded::Known);
        }
        self.store.commit(Plan { writes: vec![Write::ShopCase { source: source.clone(), case }] }).await?;
        Ok(Recorded::Kept)
    }

    async fn linked_member(&self, source: &Source, customer_id: &CustomerId) -> Result<Option<MemberId>, AppError> {
        let key = CustomerKey { source: source.clone(), customer_id: customer_id.clone() };
        let found = self.store.lookups(std::slice::from_ref(&key), None).await?;
        Ok(found.by_customer.into_iter().flatten().next())
    }
}
