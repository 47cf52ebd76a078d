//! What the year came to, read through the API, and whether every balance is the sum of its ledger.

use std::{collections::BTreeMap, fmt};

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::{
    account::{Account, Posted, read},
    mailed::Mailed,
    play::DemoError,
    sending::Sent,
    shop::Shop,
};
use crate::client::Client;

const MEMBERS_AT_ONCE: usize = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub members: u64,
    pub enrolled: u64,
    pub guests: u64,
    pub orders: u64,
    /// What people did through the API and the app.
    pub acts: u64,
    pub events: u64,
    pub repeated: u64,
    /// What became of the events.
    pub posted: u64,
    pub known: u64,
    pub waiting: u64,
    pub ignored: u64,
    pub ledgers: Posted,
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
    pub coupons: u64,
    pub coupons_used: u64,
    /// Events that the merchant's own server was sent.
    pub told: u64,
    /// Those of them that `GET /v1/events` still has.
    pub listed: u64,
    /// Members who want no mail any more.
    pub withdrawn: u64,
    pub mail: Mailed,
    /// Members by tier.
    pub tiers: BTreeMap<String, u64>,
    /// Members whose balance is not the sum of their ledger: none, ever.
    pub unlawful: Vec<String>,
}

pub(super) async fn summary(
    client: &Client,
    shop: &Shop,
    sent: Sent,
    told: u64,
    mail: Mailed,
) -> Result<Summary, DemoError> {
    let summary = Summary {
        orders: shop.orders.len() as u64,
        acts: sent.acts,
        events: sent.events,
        repeated: sent.repeated,
        posted: sent.posted,
        known: sent.known,
        waiting: sent.waiting,
        ignored: sent.ignored,
        told,
        listed: listed(client).await?,
        mail,
        ..Summary::default()
    };
    let accounts = stream::iter(&shop.people).map(|person| Account::of(client, person));
    accounts
        .buffer_unordered(MEMBERS_AT_ONCE)
        .try_fold(summary, |mut summary, account| async move {
            account.into_iter().for_each(|account| summary.add(account));
            Ok(summary)
        })
        .await
}

async fn listed(client: &Client) -> Result<u64, DemoError> {
    let (mut count, mut path) = (0, "/v1/events?limit=100".to_owned());
    loop {
        let page = read(client, &path).await?;
        count += page.get("events").and_then(Value::as_array).map_or(0, Vec::len) as u64;
        let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else { return Ok(count) };
        path = format!("/v1/events?limit=100&cursor={cursor}");
    }
}

impl Summary {
    fn add(&mut self, account: Account) {
        if !account.is_lawful() {
            self.unlawful.push(account.id);
        }
        self.members += 1;
        *if account.enrolled { &mut self.enrolled } else { &mut self.guests } += 1;
        self.withdrawn += u64::from(account.consent == "withdrawn");
        *self.tiers.entry(account.tier).or_default() += 1;
        self.ledgers.add_all(account.posted);
        self.available += account.available;
        self.pending += account.pending;
        self.held += account.held;
        self.debt += account.debt;
        self.coupons += account.coupons;
        self.coupons_used += account.coupons_used;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Posted { earned, taken_back, expired, redeemed, captured, .. } = self.ledgers;
        writeln!(f, "members   {} ({} enrolled, {} guests)", self.members, self.enrolled, self.guests)?;
        let tiers: Vec<String> = self.tiers.iter().map(|(tier, members)| format!("{members} {tier}")).collect();
        writeln!(f, "tiers     {}", tiers.join(", "))?;
        writeln!(f, "orders    {}", self.orders)?;
        writeln!(f, "events    {} sent, {} of them again", self.events, self.repeated)?;
        writeln!(
            f,
            "          {} posted, {} said nothing new, {} waited for their member, {} ignored",
            self.posted, self.known, self.waiting, self.ignored
        )?;
        let Posted { activities, referrals, merges, .. } = self.ledgers;
        writeln!(f, "acts      {} by people and the shop, beside orders", self.acts)?;
        writeln!(f, "          {activities} activities, {referrals} referrals paid, {merges} members merged")?;
        writeln!(f, "points    {earned} earned, {taken_back} taken back, {expired} expired")?;
        writeln!(f, "          {redeemed} redeemed, {captured} captured at the checkout")?;
        let Summary { available, pending, held, debt, .. } = self;
        writeln!(f, "          {available} available, {pending} pending, {held} held, {debt} debt")?;
        writeln!(f, "coupons   {} issued, {} used", self.coupons, self.coupons_used)?;
        writeln!(f, "told      {} events to the merchant's own server, {} still listed", self.told, self.listed)?;
        writeln!(f, "{}", self.mail)?;
        writeln!(f, "consent   withdrawn by {}", self.withdrawn)?;
        match self.unlawful.as_slice() {
            [] => write!(f, "balances  each is the sum of its ledger"),
            unlawful => write!(f, "balances  NOT the sum of the ledger: {}", unlawful.join(", ")),
        }
    }
}
