//! What the year came to for one member, read through the API.

use serde_json::Value;

use super::{people::Person, play::DemoError};
use crate::client::Client;

#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) tier: String,
    pub(super) enrolled: bool,
    pub(super) consent: String,
    pub(super) posted: Posted,
    /// The newest entry's balance.
    balance_after: i64,
    pub(super) available: i64,
    pub(super) pending: i64,
    pub(super) held: i64,
    pub(super) debt: i64,
    pub(super) coupons: u64,
    pub(super) coupons_used: u64,
}

/// What ledgers say, by kind of entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// Points that were given.
    pub earned: i64,
    /// Points that refunds, cancellations and edits took back.
    pub taken_back: i64,
    pub expired: i64,
    /// Points that rewards cost, less what came back.
    pub redeemed: i64,
    /// Points that orders took of holds, less what came back.
    pub captured: i64,
    /// Entries of activities, of paid referrals, of merges.
    pub activities: u64,
    pub referrals: u64,
    pub merges: u64,
}

impl Account {
    /// The member whom the shop knows as that person, unless nothing of theirs has arrived yet or
    /// they are forgotten.
    pub(super) async fn of(client: &Client, person: &Person) -> Result<Option<Account>, DemoError> {
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
            consent: text(member, "/consent/marketing"),
            ..Account::default()
        };
        let lots = read(client, &format!("/v1/members/{}/lots", account.id)).await?;
        account.available = number(&lots, "/available");
        account.pending = number(&lots, "/pending");
        account.held = number(&lots, "/held");
        account.debt = number(&lots, "/debt");
        account.read_ledger(client).await?;
        account.read_coupons(client).await?;
        Ok(Some(account))
    }

    async fn read_ledger(&mut self, client: &Client) -> Result<(), DemoError> {
        let ledger = format!("/v1/members/{}/ledger?limit=100", self.id);
        let mut page = read(client, &ledger).await?;
        self.balance_after = number(&page, "/entries/0/balance_after");
        loop {
            for entry in page.pointer("/entries").and_then(Value::as_array).into_iter().flatten() {
                self.posted.add(&text(entry, "/kind"), number(entry, "/points"));
            }
            let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else { return Ok(()) };
            page = read(client, &format!("{ledger}&cursor={cursor}")).await?;
        }
    }

    /// Nobody has more of them in a year than one page.
    async fn read_coupons(&mut self, client: &Client) -> Result<(), DemoError> {
        let page = read(client, &format!("/v1/members/{}/coupons?limit=100", self.id)).await?;
        for coupon in page.pointer("/coupons").and_then(Value::as_array).into_iter().flatten() {
            self.coupons += 1;
            self.coupons_used += u64::from(text(coupon, "/state") == "used");
        }
        Ok(())
    }

    pub(super) fn is_lawful(&self) -> bool {
        let balance = self.available + self.pending + self.held - self.debt;
        balance == self.balance_after && balance == self.posted.sum()
    }
}

impl Posted {
    fn add(&mut self, kind: &str, points: i64) {
        match kind {
            "expiry" => self.expired -= points,
            "redemption" | "redemption_return" => self.redeemed -= points,
            "hold_capture" | "hold_return" => self.captured -= points,
            _ if points >= 0 => self.earned += points,
            _ => self.taken_back -= points,
        }
        self.activities += u64::from(kind == "activity");
        self.referrals += u64::from(kind == "referral");
        self.merges += u64::from(kind == "merge_in");
    }

    pub(super) fn add_all(&mut self, other: Posted) {
        self.earned += other.earned;
        self.taken_back += other.taken_back;
        self.expired += other.expired;
        self.redeemed += other.redeemed;
        self.captured += other.captured;
        self.activities += other.activities;
        self.referrals += other.referrals;
        self.merges += other.merges;
    }

    /// All of it together.
    pub fn sum(&self) -> i64 {
        self.earned - self.taken_back - self.expired - self.redeemed - self.captured
    }
}

pub(super) async fn read(client: &Client, path: &str) -> Result<Value, DemoError> {
    client.get(path).await?.taken(path)
}

pub(super) fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}
