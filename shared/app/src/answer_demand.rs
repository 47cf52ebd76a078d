//! What the law lets a storefront's customer demand, and what a shop's leaving does.

use jiff::Timestamp;
use rules::{
    case::{About, Case, CasePlace},
    email::Email,
    ids::{CustomerId, CustomerKey, HappeningId, MemberId, Source},
};
use store::Plan;
use storefront::event::{PrivacyDemand, PrivacyEvent};

use crate::{
    App,
    error::{AppError, Attempt},
    open_case::push_opened,
    record_order::Recorded,
};

/// Who demands it: the storefront's number of them, and their address.
type Named<'a> = (&'a CustomerId, Option<&'a Email>);

impl App {
    /// Erases who demands it at once. What a person must do or decide becomes a case, once.
    ///
    /// # Errors
    /// `Busy` if others change the same member for too long.
    pub async fn answer_demand(&self, event: &PrivacyEvent, now: Timestamp) -> Result<Recorded, AppError> {
        let shop = &event.shop;
        match &event.demand {
            PrivacyDemand::Redact { customer_id, email } => {
                self.redact_customer(shop, (customer_id, email.as_ref()), now).await
            }
            PrivacyDemand::Data { customer_id, email, request } => {
                let customer = (customer_id, email.as_ref());
                self.until_committed(|| self.try_open_data_request(shop, customer, request, now)).await
            }
            PrivacyDemand::RedactShop => self.until_committed(|| self.try_open_shop_redact(shop, now)).await,
        }
    }

    async fn redact_customer(
        &self,
        source: &Source,
        customer: Named<'_>,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        let Some(member) = self.named_member(source, customer).await? else { return Ok(Recorded::UnknownCustomer) };
        self.erase_member(&member, now).await?;
        Ok(Recorded::Posted(member))
    }

    async fn try_open_data_request(
        &self,
        source: &Source,
        customer: Named<'_>,
        request: &HappeningId,
        now: Timestamp,
    ) -> Result<Recorded, Attempt> {
        let Some(member) = self.named_member(source, customer).await? else { return Ok(Recorded::UnknownCustomer) };
        let (profile, _) = self.load_member_found(&member).await?;
        let member = profile.id;
        let about = About::DataRequest { member: member.clone(), source: source.clone(), request: request.clone() };
        let programs = self.programs(now).await?;
        let mut plan = Plan::default();
        self.push_case(&mut plan, &programs, &member, Case::open(about, now), now).await?;
        if plan.writes.is_empty() {
            return Ok(Recorded::Known);
        }
        self.store.commit(plan).await?;
        Ok(Recorded::Posted(member))
    }

    /// A shop that came back and leaves again long after is another occasion.
    async fn try_open_shop_redact(&self, source: &Source, now: Timestamp) -> Result<Recorded, Attempt> {
        let case = Case::open(About::ShopRedact { source: source.clone() }, now);
        let known = self.store.case(&case.id).await?.map(|(_, known)| known);
        if known.as_ref().and_then(|known| known.due_at).is_some_and(|due_at| now <= due_at) {
            return Ok(Recorded::Known);
        }
        let case = known.map_or(case.clone(), |known| known.reopened(case));
        let programs = self.programs(now).await?;
        let mut plan = Plan::default();
        push_opened(&mut plan, &programs, CasePlace::Shop(source.clone()), case, now);
        self.store.commit(plan).await?;
        Ok(Recorded::Kept)
    }

    /// By the number; else by the address, as a guest whose orders never named it.
    async fn named_member(&self, source: &Source, (id, email): Named<'_>) -> Result<Option<MemberId>, AppError> {
        let key = CustomerKey { source: source.clone(), customer_id: id.clone() };
        let email = email.map(|email| self.email_keys.key(email));
        let found = self.store.lookups(std::slice::from_ref(&key), email.as_ref()).await?;
        Ok(found.by_customer.into_iter().flatten().next().or(found.by_email))
    }
}
