//! What points buy: rewards, whose codes stand in the next order, and money off at the checkout.

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    actor::{Actor, id_in},
    order::{Discount, Off, Order},
    payloads::{amount, minor},
    play::DemoError,
};

/// Rewards of the default program, the best first, with what they cost.
const REWARDS: &[(&str, i64)] = &[
    ("consultation", 2_000),
    ("gift_sample", 1_000),
    ("coupon_10", 900),
    ("percent_10", 700),
    ("coupon_5", 500),
    ("free_shipping", 300),
];
/// A hold that waits for its order, which may be some hours on its way.
const UNTIL_THE_ORDER: SignedDuration = SignedDuration::from_hours(24);

impl Actor<'_> {
    pub(super) async fn redeem(&mut self) -> Result<(), DemoError> {
        let Some(member) = self.member().await? else { return Ok(()) };
        if self.memory.coupon.is_some() {
            return Ok(());
        }
        let path = format!("/v1/members/{member}");
        let read = self.client.get(&path).await?.taken(&path)?;
        let available = read.pointer("/points/available").and_then(Value::as_i64).unwrap_or_default();
        let Some((reward, _)) = REWARDS.iter().find(|(_, points)| *points <= available) else { return Ok(()) };
        let path = format!("{path}/redemptions");
        let answer = self.client.post_once(&path, &self.key("redeem"), &json!({ "reward_id": reward })).await?;
        let redemption = answer.is(StatusCode::CREATED, &format!("{path} {reward}"))?;
        if redemption.get("coupon").is_some_and(Value::is_object) {
            self.keep_coupon(redemption.get("coupon"));
            return Ok(());
        }
        // somebody at the shop sees to it
        let path = format!("{path}/{}", id_in(&redemption).unwrap_or_default());
        self.client.patch(&path, &json!({ "state": "fulfilled" })).await?.is(StatusCode::OK, &path).map(drop)
    }

    pub(super) fn keep_coupon(&mut self, coupon: Option<&Value>) {
        self.memory.coupon = coupon.and_then(discount_of);
    }

    /// The order is to be sent with the code that stands in it, unless the shop has one of its own there.
    pub(super) async fn check_out(&mut self, position: usize, wants_hold: bool) -> Result<(), DemoError> {
        let Some(order) = self.shop.orders.get(position) else { return Ok(()) };
        let coupon = self.memory.coupon.take();
        let is_coupon = coupon.is_some();
        let discount = match coupon {
            Some(coupon) => self.valid(coupon, order).await?,
            None if wants_hold => self.hold(order.subtotal(), UNTIL_THE_ORDER.as_secs()).await?,
            None => None,
        };
        let Some(discount) = discount else { return Ok(()) };
        // a cancellation reopens it
        self.memory.coupon = Some(discount.clone()).filter(|_| is_coupon && order.cancelled_at.is_some());
        self.memory.orders.insert(position, Order { discount: Some(discount), ..order.clone() });
        Ok(())
    }

    /// What the shop is told of a code when somebody enters it.
    async fn valid(&mut self, coupon: Discount, order: &Order) -> Result<Option<Discount>, DemoError> {
        let path = format!("/v1/coupons/{}/validate", coupon.code);
        let total = json!({ "amount": amount(order.subtotal()), "currency": self.person.market.currency });
        let said = self.client.post(&path, &json!({ "order_total": total })).await?.is(StatusCode::OK, &path)?;
        Ok((said.get("valid") == Some(&Value::Bool(true))).then_some(coupon))
    }

    /// As many points as the member has and the order allows; none, if they have too few.
    pub(super) async fn hold(&mut self, order_total: i64, ttl_secs: i64) -> Result<Option<Discount>, DemoError> {
        let Some(member) = self.member().await? else { return Ok(None) };
        let path = format!("/v1/members/{member}/holds");
        let total = json!({ "amount": amount(order_total), "currency": self.person.market.currency });
        let ask = json!({ "points": "max", "order_total": total, "ttl_secs": ttl_secs });
        let answer = self.client.post_once(&path, &self.key("hold"), &ask).await?;
        let problem = answer.body.get("type").and_then(Value::as_str).unwrap_or_default();
        if answer.status == StatusCode::CONFLICT && problem.ends_with(":insufficient-points") {
            return Ok(None);
        }
        let hold = answer.is(StatusCode::CREATED, &path)?;
        let code = hold.get("code").and_then(Value::as_str);
        let value = hold.pointer("/value/amount").and_then(minor);
        Ok(code.zip(value).map(|(code, value)| Discount { code: code.to_owned(), off: Off::Amount(value) }))
    }
}

fn discount_of(coupon: &Value) -> Option<Discount> {
    let value = coupon.get("value")?;
    let off = match value.get("kind")?.as_str()? {
        "amount_off" => Off::Amount(minor(value.get("amount")?)?),
        "percent_off" => Off::Percent(value.get("percent")?.as_str()?.parse().ok()?),
        "free_shipping" => Off::Shipping(value.pointer("/up_to/amount").and_then(minor).unwrap_or(i64::MAX)),
        _ => Off::Nothing,
    };
    Some(Discount { code: coupon.get("code")?.as_str()?.to_owned(), off })
}
