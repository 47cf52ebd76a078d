//! What another program would have made of the orders that are known, from every row there is.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use jiff::Timestamp;
use rules::{
    account::Account,
    ids::MemberId,
    money::Money,
    order::Order,
    points::Points,
    preview::{Change, History, Outcome, Preview, Window},
    profile::Profile,
    program::Program,
};
use store::Scan;
use tokio::time::Instant;

use crate::{App, error::AppError, find_by_tier::log_unreadable};

/// When a preview stops, and says of what it has covered that it is not all.
#[derive(Clone, Copy, Debug)]
pub struct PreviewLimits {
    /// From its beginning.
    pub reads_for: Duration,
    /// From its beginning too.
    pub counts_for: Duration,
    pub rows: usize,
}

impl Default for PreviewLimits {
    /// The gateway gives an answer up after 30 seconds, the function after 15.
    fn default() -> PreviewLimits {
        PreviewLimits { reads_for: Duration::from_secs(8), counts_for: Duration::from_secs(12), rows: 100_000 }
    }
}

#[derive(Clone, Debug)]
pub struct Previewed {
    /// Whether every member and order was covered.
    pub complete: bool,
    pub outcome: Outcome,
    /// The outstanding points as money, where the program in force makes money of them.
    pub value_now: Option<Money>,
    /// The same by the candidate.
    pub value_then: Option<Money>,
}

/// What was read of the table.
#[derive(Default)]
struct Read {
    accounts: BTreeMap<MemberId, Account>,
    profiles: HashMap<MemberId, Profile>,
    orders: HashMap<MemberId, Vec<Order>>,
    complete: bool,
}

impl App {
    /// Reads alone: nothing of a preview is kept. It covers what can be read and counted in time.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit; whatever the database fails with.
    pub async fn preview_program(
        &self,
        candidate: Program,
        window: Window,
        now: Timestamp,
    ) -> Result<Previewed, AppError> {
        let started = Instant::now();
        let programs = self.programs(now).await?;
        let read = self.read_for_preview(window, started).await?;
        let mut preview = Preview::of(candidate.clone(), &programs, window, now);
        let mut complete = read.complete;
        for (member, account) in &read.accounts {
            if started.elapsed() >= self.preview_limits.counts_for {
                complete = false;
                break;
            }
            let orders = read.orders.get(member).map(Vec::as_slice).unwrap_or_default();
            preview.add(&History { member, account, profile: read.profiles.get(member), orders })?;
        }
        let outcome = preview.outcome();
        let Change { now: has, then } = outcome.outstanding;
        let value = |program: &Program, points: Points| program.value_of(points);
        Ok(Previewed {
            complete,
            value_now: value(&programs.at(now).program, has)?,
            value_then: value(&candidate, then)?,
            outcome,
        })
    }

    async fn read_for_preview(&self, window: Window, started: Instant) -> Result<Read, AppError> {
        let (mut read, limits) = (Read::default(), self.preview_limits);
        let mut aliases: HashMap<MemberId, MemberId> = HashMap::new();
        let (mut orders, mut rows, mut unread, mut from) = (Vec::new(), 0_usize, 0_usize, None);
        let is_of_window =
            |order: &Order| order.facts.paid_at.is_some_and(|at| (window.from..=window.to).contains(&at));
        loop {
            let page = self.store.scan(from).await?;
            rows += page.rows.len();
            for one in page.rows {
                match one.row {
                    Scan::Order(order) if is_of_window(&order) => orders.push(*order),
                    Scan::Order(_) => {}
                    Scan::Profile(profile) => drop(read.profiles.insert(profile.id.clone(), *profile)),
                    Scan::Account(member, account) => match account.merged_into.clone() {
                        Some(into) => drop(aliases.insert(member, into)),
                        None => drop(read.accounts.insert(member, *account)),
                    },
                    Scan::Unreadable(error) => {
                        log_unreadable(&error);
                        unread += 1;
                    }
                }
            }
            from = page.next;
            if from.is_none() || rows >= limits.rows || started.elapsed() >= limits.reads_for {
                break;
            }
        }
        read.complete = from.is_none() && unread == 0;
        for order in orders {
            let Some(member) = order.member.clone() else { continue };
            let member = aliases.get(&member).cloned().unwrap_or(member);
            read.orders.entry(member).or_default().push(order);
        }
        Ok(read)
    }
}
