//! One run's way to SES: how fast, how many, and whether anything is taken at all.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use mail::{
    pace::Pace,
    refusal::Refusal,
    ses::{Mailer, Quota},
};

use tokio::sync::OnceCell;

use crate::{deadline::Deadline, links::Links};

/// Until SES has said what it takes.
const PER_SECOND_UNKNOWN: u32 = 1;
const PER_DAY_UNKNOWN: u64 = 200;

/// Where mail is handed over, and where its links lead.
#[derive(Clone, Debug)]
pub struct PostOffice {
    pub mailer: Mailer,
    pub configuration_set: Option<String>,
    /// What the pages' addresses begin with, without a slash at the end.
    pub pages_url: String,
    /// Signs what they end with.
    pub links: Links,
    /// The functions that send share the rate: each takes one part of so many, less than one mail a second if need be.
    pub shared_by: u32,
}

/// One run of it.
pub(crate) struct Round<'a> {
    pub(crate) office: &'a PostOffice,
    /// What SES takes, asked when there is the first mail.
    allowance: OnceCell<Allowance>,
    closed: AtomicBool,
    deadline: Deadline,
}

struct Allowance {
    pace: Pace,
    left_today: AtomicU64,
}

/// Whether the next mail can be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Yours,
    /// The quota of the day is used up.
    NoMoreToday,
    /// The run is over, or SES takes nothing.
    NotInThisRun,
}

impl<'a> Round<'a> {
    pub(crate) fn new(office: &'a PostOffice, deadline: Deadline) -> Round<'a> {
        Round { office, allowance: OnceCell::new(), closed: AtomicBool::new(false), deadline }
    }

    /// Whether anything more is handed over in this run: asked before anything is done for a mail.
    pub(crate) async fn is_open(&self) -> bool {
        if self.is_closed() {
            return false;
        }
        let left_today = self.allowance().await.left_today.load(Ordering::Relaxed);
        left_today > 0 && !self.is_closed()
    }

    /// Whether its time is up.
    pub(crate) fn is_over(&self) -> bool {
        self.deadline.has_passed()
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed) || self.is_over()
    }

    /// Takes one of the day's and waits for a turn. Who has one of the day's keeps it when the last is taken.
    pub(crate) async fn turn(&self) -> Turn {
        let Allowance { pace, left_today } = self.allowance().await;
        let take = |left: u64| left.checked_sub(1);
        if left_today.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_err() {
            return Turn::NoMoreToday;
        }
        let has_turn = self.deadline.wait_for(pace.turn()).await.is_some();
        if !has_turn || self.is_closed() { Turn::NotInThisRun } else { Turn::Yours }
    }

    async fn allowance(&self) -> &Allowance {
        self.allowance.get_or_init(|| self.ask()).await
    }

    /// What SES said of one mail, it may have said of all.
    pub(crate) fn note(&self, refusal: Refusal) {
        if refusal.concerns_every_mail() {
            self.closed.store(true, Ordering::Relaxed);
        }
    }

    async fn ask(&self) -> Allowance {
        let quota = match self.office.mailer.quota().await {
            Ok(quota) => quota,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "quota not known");
                Quota::default()
            }
        };
        let per_second = quota.per_second.unwrap_or(PER_SECOND_UNKNOWN);
        let per_day = quota.per_day.unwrap_or(PER_DAY_UNKNOWN);
        let left = per_day.saturating_sub(quota.sent_last_day.unwrap_or(0));
        if quota.sending_enabled == Some(false) {
            self.closed.store(true, Ordering::Relaxed);
        }
        Allowance { pace: Pace::shared(per_second, self.office.shared_by), left_today: AtomicU64::new(left) }
    }
}
