//! What the year's mail came to, read through the API, and whether all of it was right.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use super::{
    account::{read, text},
    memory::Memory,
    play::DemoError,
    shop::Shop,
};
use crate::client::{Answer, Client};

/// A report counts no more days at once.
const DAYS_AT_ONCE: i64 = 92;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Mails by their scenario.
    pub sent: BTreeMap<String, u64>,
    /// Those that were not sent, by their reason.
    pub skipped: BTreeMap<String, u64>,
    pub bounced: u64,
    pub complained: u64,
    /// Nobody knows whether they were sent: none, on this machine.
    pub unknown: u64,
    /// People who said no by the link of a mail.
    pub left_by_mail: u64,
    /// Reviews by their stars, from one to five, and those of them that came by the page of a mail.
    pub reviews: [u64; 5],
    pub reviews_by_mail: u64,
    /// Cases by kind and state.
    pub cases: BTreeMap<String, u64>,
    /// What should not have been: a mail twice, or one after a no.
    pub wrong: Vec<String>,
}

/// A mail as the capture has it.
#[derive(Deserialize)]
struct Mail {
    id: String,
    message_id: Option<String>,
    scenario: Option<String>,
    to: String,
    sent_at: Timestamp,
}

#[derive(Deserialize)]
struct Captured {
    mail: Vec<Mail>,
}

pub(super) async fn mailed(
    client: &Client,
    shop: &Shop,
    memories: &BTreeMap<usize, Memory>,
    (start, end): (Timestamp, Timestamp),
) -> Result<Mailed, DemoError> {
    let mut mailed = Mailed {
        left_by_mail: memories.values().filter(|memory| memory.left_by_mail).count() as u64,
        ..Mailed::default()
    };
    let mut first = day_of(start);
    while first <= day_of(end) {
        let last = first.saturating_add((DAYS_AT_ONCE - 1).days());
        let report = read(client, &format!("/v1/reports/scenarios?from={first}&to={last}")).await?;
        listed(&report, "scenarios").for_each(|figures| mailed.add_figures(figures));
        first = last.saturating_add(1.day());
    }
    pages(client, "/v1/reviews?limit=100", "reviews", |review| mailed.add_review(review)).await?;
    pages(client, "/v1/cases?limit=100", "cases", |case| {
        *mailed.cases.entry(format!("{} {}", text(case, "/kind"), text(case, "/state"))).or_default() += 1;
    })
    .await?;
    mailed.judge(&captured(client).await?, shop, memories);
    Ok(mailed)
}

fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

async fn captured(client: &Client) -> Result<Vec<Mail>, DemoError> {
    let page = client.page("/local/mail").await?;
    match serde_json::from_str(&page.text) {
        Ok(Captured { mail }) => Ok(mail),
        Err(_) => Err(DemoError::refused("GET /local/mail", Answer { status: page.status, body: page.text.into() })),
    }
}

fn listed<'a>(page: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    page.get(list).and_then(Value::as_array).into_iter().flatten()
}

/// Takes each of a list, page by page.
async fn pages(client: &Client, path: &str, list: &str, mut take: impl FnMut(&Value)) -> Result<(), DemoError> {
    let mut page = read(client, path).await?;
    loop {
        listed(&page, list).for_each(&mut take);
        let Some(cursor) = page.get("next_cursor").and_then(Value::as_str) else { return Ok(()) };
        page = read(client, &format!("{path}&cursor={cursor}")).await?;
    }
}

impl Mailed {
    fn add_figures(&mut self, figures: &Value) {
        let count = |field: &str| figures.get(field).and_then(Value::as_u64).unwrap_or_default();
        if count("sent") > 0 {
            *self.sent.entry(text(figures, "/scenario")).or_default() += count("sent");
        }
        self.bounced += count("bounced");
        self.complained += count("complained");
        self.unknown += count("unknown");
        for (reason, skipped) in figures.get("skipped").and_then(Value::as_object).into_iter().flatten() {
            *self.skipped.entry(reason.clone()).or_default() += skipped.as_u64().unwrap_or_default();
        }
    }

    fn add_review(&mut self, review: &Value) {
        let stars = review.get("rating").and_then(Value::as_u64).and_then(|stars| usize::try_from(stars).ok());
        if let Some(count) = stars.and_then(|stars| self.reviews.get_mut(stars.checked_sub(1)?)) {
            *count += 1;
        }
        self.reviews_by_mail += u64::from(text(review, "/source") == "page");
    }

    /// No message is there twice, and nobody was written to whom no mail was right.
    fn judge(&mut self, captured: &[Mail], shop: &Shop, memories: &BTreeMap<usize, Memory>) {
        let mut seen = BTreeSet::new();
        let twice = captured.iter().filter(|mail| mail.message_id.as_ref().is_none_or(|id| !seen.insert(id)));
        self.wrong.extend(twice.map(|mail| format!("{} is there twice", mail.name())));
        for person in &shop.people {
            let address = person.email();
            let mut to_them = captured.iter().filter(|mail| mail.to == address).peekable();
            let first_at = to_them.peek().filter(|_| person.gets_one_mail()).map(|mail| mail.sent_at);
            let said_no_at = memories.get(&person.number).and_then(|memory| memory.alone_since);
            let alone_since = [first_at, said_no_at].into_iter().flatten().min();
            let late = to_them.filter(|mail| alone_since.is_some_and(|since| mail.sent_at > since));
            self.wrong.extend(late.map(|mail| format!("{} came after a no", mail.name())));
        }
    }

    /// How many mails were sent.
    pub fn sum(&self) -> u64 {
        self.sent.values().sum()
    }
}

impl Mail {
    fn name(&self) -> String {
        format!("{} ({})", self.id, self.scenario.as_deref().unwrap_or("no scenario"))
    }
}

impl fmt::Display for Mailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mailed { bounced, complained, left_by_mail, .. } = self;
        let counts = |counts: &BTreeMap<String, u64>| {
            counts.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
        };
        writeln!(f, "mail      {} sent: {}", self.sum(), counts(&self.sent))?;
        writeln!(f, "          {} skipped: {}", self.skipped.values().sum::<u64>(), counts(&self.skipped))?;
        writeln!(f, "          {bounced} bounced, {complained} called spam, {left_by_mail} people left by a link")?;
        let stars: Vec<String> = (1..).zip(self.reviews).map(|(stars, count)| format!("{count} of {stars}")).collect();
        let reviews: u64 = self.reviews.iter().sum();
        writeln!(f, "reviews   {reviews}, {} by a mail's link; by stars {}", self.reviews_by_mail, stars.join(", "))?;
        writeln!(f, "cases     {}", counts(&self.cases))?;
        match self.wrong.as_slice() {
            [] => write!(f, "          no mail came twice, and none after a no"),
            wrong => write!(f, "          WRONG: {}", wrong.join(", ")),
        }
    }
}
