//! One person at one moment, who does something through the API.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{acts::Act, memory::Memory, people::Person, play::DemoError, shop::Shop};
use crate::client::{Answer, Client};

/// The source of the shop's own app, whose events are signed by Standard Webhooks.
pub(super) const APP: &str = "storefront:local";

pub(super) struct Actor<'a> {
    pub(super) client: &'a Client,
    pub(super) shop: &'a Shop,
    pub(super) person: &'a Person,
    pub(super) memory: &'a mut Memory,
    /// When it is done; the machine's clock may be some hours on.
    pub(super) at: Timestamp,
    /// What the machine's clock was set to.
    pub(super) now: Timestamp,
}

impl Actor<'_> {
    pub(super) async fn does(&mut self, act: Act) -> Result<(), DemoError> {
        match act {
            Act::Enrol => self.enrol().await,
            Act::AcceptInvitation { from } => self.accept_invitation(from).await,
            Act::CheckIn => self.check_in("posted").await,
            Act::CheckInAgain => self.check_in("ignored").await,
            Act::Share => self.tell(json!({ "type": "share", "occurred_at": self.at })).await.map(drop),
            Act::Review { product, by_event } => self.review(product, by_event).await,
            Act::ShowPicture => self.show_picture().await,
            Act::Redeem => self.redeem().await,
            Act::CheckOut { order, wants_hold } => self.check_out(order, wants_hold).await,
            Act::AbandonCheckout => self.hold(4_000, 1_800).await.map(drop),
            Act::EnrolAgain => self.enrol_again().await,
            Act::Merge => self.merge().await,
            Act::Erase => self.erase().await,
            Act::FollowInvitation { stars } => self.follow_invitation(stars).await,
            Act::Confirm => self.confirm().await,
            Act::LeaveByMail => self.leave_by_mail().await,
            Act::TendCases => self.tend_cases().await,
        }
    }

    /// The member they are, unless the storefront's word of them is still on its way.
    pub(super) async fn member(&mut self) -> Result<Option<String>, DemoError> {
        if self.memory.member.is_none() {
            self.memory.member = member_of(self.client, self.person).await?;
        }
        Ok(self.memory.member.clone())
    }

    async fn enrol(&mut self) -> Result<(), DemoError> {
        let person = self.person;
        let id = person.customer_id().to_string();
        let shopify = format!("shopify:{}", person.market.domain);
        let body = json!({
            "email": person.email(),
            "name": format!("{} {}", person.first_name, person.last_name),
            "birthday": person.birthday(),
            "links": [{ "source": shopify, "customer_id": id }, { "source": APP, "customer_id": id }],
        });
        let answer = self.client.post_once("/v1/members", &self.key("enrol"), &body).await?;
        self.memory.member = id_in(&answer.is(StatusCode::CREATED, "POST /v1/members")?);
        Ok(())
    }

    async fn enrol_again(&mut self) -> Result<(), DemoError> {
        let body = json!({ "email": format!("at.work.{}", self.person.email()) });
        let answer = self.client.post_once("/v1/members", &self.key("enrol-again"), &body).await?;
        self.memory.second_member = id_in(&answer.is(StatusCode::CREATED, "POST /v1/members")?);
        Ok(())
    }

    async fn accept_invitation(&mut self, from: usize) -> Result<(), DemoError> {
        let Some(host) = self.shop.people.get(from) else { return Ok(()) };
        let (Some(member), Some(host)) = (self.member().await?, member_of(self.client, host).await?) else {
            return Ok(());
        };
        let referral = self.client.get(&format!("/v1/members/{host}/referral")).await?.taken("GET referral")?;
        let code = referral.get("code").and_then(Value::as_str).unwrap_or_default();
        let path = format!("/v1/referrals/{code}/claim");
        let answer = self.client.post_once(&path, &self.key("claim"), &json!({ "member_id": member })).await?;
        let claimed = answer.is(StatusCode::CREATED, &path)?;
        self.keep_coupon(claimed.get("coupon"));
        Ok(())
    }

    async fn merge(&mut self) -> Result<(), DemoError> {
        let (Some(member), Some(second)) = (self.member().await?, self.memory.second_member.take()) else {
            return Ok(());
        };
        let path = format!("/v1/members/{member}/merge");
        let answer = self.client.post_once(&path, &self.key("merge"), &json!({ "from": second })).await?;
        answer.is(StatusCode::OK, &path).map(drop)
    }

    async fn erase(&mut self) -> Result<(), DemoError> {
        let Some(member) = self.member().await? else { return Ok(()) };
        let path = format!("/v1/members/{member}");
        self.client.delete(&path).await?.is(StatusCode::NO_CONTENT, "DELETE /v1/members/{id}")?;
        self.is_left_alone().await
    }

    /// One for every act.
    pub(super) fn key(&self, act: &str) -> String {
        format!("{act}-{}-{}", self.person.number, self.at.as_second())
    }
}

impl Answer {
    /// The body, if the answer is that one.
    pub(super) fn is(self, status: StatusCode, what: &str) -> Result<Value, DemoError> {
        if self.status == status { Ok(self.body) } else { Err(DemoError::refused(what, self)) }
    }
}

/// The member whom the storefront's customer is.
async fn member_of(client: &Client, person: &Person) -> Result<Option<String>, DemoError> {
    let query = format!("source=shopify:{}&customer_id={}", person.market.domain, person.customer_id());
    let found = client.get(&format!("/v1/members?{query}")).await?.taken("GET /v1/members")?;
    Ok(found.pointer("/members/0").and_then(id_in))
}

pub(super) fn id_in(body: &Value) -> Option<String> {
    body.get("id").and_then(Value::as_str).map(str::to_owned)
}
