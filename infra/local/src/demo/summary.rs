//! What the year came to, read through the API, and whether every balance is the sum of its ledger.

use std::{collections::BTreeMap, fmt};

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::{people::Person, play::DemoError, sending::Sent, shop::Shop};
use crate::client::Client;

const MEMBERS_AT_ONCE: usize = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub members: u64,
    pub enrolled: u64,
    pub guests: u64,
    pub orders: u64,
    pub events: u64,
    pub repeated: u64,
    /// What became of the events.
    pub posted: u64,
    pub known: u64,
    pub waiting: u64,
    pub ignored: u64,
    /// Points that the ledgers were given.
    pub earned: i64,
    /// Points that refunds, cancellations and edits took back.
    pub taken_back: i64,
    pub expired: i64,
    pub available: i64,
    pub pending: i64,
    pub debt: i64,
    /// Members by tier.
    pub tiers: BTreeMap<String, u64>,
    /// Members whose balance is not the sum of their ledger: none, ever.
    pub unlawful: Vec<String>,
}

/// One member's part.
#[derive(Default)]
struct Account {
    id: String,
    tier: String,
    enrolled: bool,
    earned: i64,
    taken_back: i64,
    expired: i64,
    /// The newest entry's balance.
    balance_after: i64,
    available: i64,
    pending: i64,
    held: i64,
    debt: i64,
}

pub(super) async fn summary(client: &Client, shop: &Shop, sent: Sent) -> Result<Summary, DemoError> {
    let summary = Summary {
        orders: shop.orders.len() as u64,
        events: sent.events,
        repeated: sent.repeated,
        posted: sent.posted,
        known: sent.known,
        waiting: sent.waiting,
        ignored: sent.ignored,
        ..Summary::default()
    };
    let accounts = stream::iter(&shop.people).map(|person| account(client, person)).buffer_unordered(MEMBERS_AT_ONCE);
    accounts
        .try_fold(summary, |mut summary, account| async move {
            account.into_iter().for_each(|account| summary.add(account));
            Ok(summary)
        })
        .await
}

/// The member whom the shop knows as that person, unless none of their events has arrived yet.
async fn account(client: &Client, person: &Person) -> Result<Option<Account>, DemoError> {
    let query = match person.customer_since() {
        Some(_) => format!("source=shopify:{}&customer_id={}", person.market.domain, person.customer_id()),
        None => format!("email={}", person.email()),
    };
    let found = read(client, &format!("/v1/members?{query}")).await?;
    let Some(member) = found.pointer("/members/0") else { return Ok(None) };
    let mut account = Account {
        id: text(member, "/id"),
        tier: text(member, "/tier/id"),
        enrolled: text(member, "/status") == "enrolled",
        ..Account::default()
    };
    let lots = read(client, &format!("/v1/members/{}/lots", account.id)).await?;
    account.available = number(&lots, "/available");
    account.pending = number(&lots, "/pending");
    account.held = number(&lots, "/held");
    account.debt = number(&lots, "/debt");
    account.read_ledger(client).await?;
    Ok(Some(account))
}

impl Account {
    async fn read_ledger(&mut self, client: &Client) -> Result<(), DemoError> {
        let ledger = format!("/v1/members/{}/ledger?limit=100", self.id);
        let mut page = read(client, &ledger).await?;
        self.balance_after = number(&page, "/entries/0/balance_after");
        loop {
            for entry in page.pointer("/entries").and_then(Value::as_array).into_iter().flatten() {
                match (number(entry, "/points"), text(entry, "/kind")) {
                    (points, kind) if kind == "expiry" => self.expired -= points,
                    (points @ 0.., _) => self.earned += points,
                    (points, _) => self.taken_back -= points,
                }
            }
            let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else { return Ok(()) };
            page = read(client, &format!("{ledger}&cursor={cursor}")).await?;
        }
    }

    fn is_lawful(&self) -> bool {
        let balance = self.available + self.pending + self.held - self.debt;
        balance == self.balance_after && balance == self.earned - self.taken_back - self.expired
    }
}

impl Summary {
    fn add(&mut self, account: Account) {
        if !account.is_lawful() {
            self.unlawful.push(account.id);
        }
        self.members += 1;
        *if account.enrolled { &mut self.enrolled } else { &mut self.guests } += 1;
        *self.tiers.entry(account.tier).or_default() += 1;
        self.earned += account.earned;
        self.taken_back += account.taken_back;
        self.expired += account.expired;
        self.available += account.available;
        self.pending += account.pending;
        self.debt += account.debt;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        writeln!(f, "points    {} earned, {} taken back, {} expired", self.earned, self.taken_back, self.expired)?;
        writeln!(f, "          {} available, {} pending, {} debt", self.available, self.pending, self.debt)?;
        match self.unlawful.as_slice() {
            [] => write!(f, "balances  each is the sum of its ledger"),
            unlawful => write!(f, "balances  NOT the sum of the ledger: {}", unlawful.join(", ")),
        }
    }
}

async fn read(client: &Client, path: &str) -> Result<Value, DemoError> {
    client.get(path).await?.taken(path)
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}
