//! One run's way to SES: how fast, how many, and whether anything is taken at all.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use mail::{
    pace::Pace,
    refusal::Refusal,
    ses::{Mailer, Quota},
};
use rules::scenario::Queue;
use tokio::sync::OnceCell;

use crate::{deadline::Deadline, links::Links};

/// Until SES has said what it takes.
const PER_SECOND_UNKNOWN: u32 = 1;
const PER_DAY_UNKNOWN: u64 = 200;
/// One in so many of the day's, and no more than so many, are no marketing's: a confirmation is not to wait until
/// tomorrow.
const ONE_IN_KEPT: u64 = 10;
const MOST_KEPT: u64 = 500;
/// A mail service that is out of order answers nothing to all: each mail would be lost.
const UNKNOWN_AT_MOST: u32 = 3;
const LOOKED_AT_WHILE_CLOSED: u32 = 25;

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
    /// Mails of which nobody knows whether they were sent.
    unknown: AtomicU32,
    /// Mails that were looked at although nothing is taken.
    looked_at: AtomicU32,
    deadline: Deadline,
}

struct Allowance {
    pace: Pace,
    left_today: AtomicU64,
    /// So many of the day's are for what somebody waits for.
    kept: u64,
}

impl Allowance {
    fn kept_from(&self, queue: Queue) -> u64 {
        if queue == Queue::Transactional { 0 } else { self.kept }
    }
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
        Round {
            office,
            allowance: OnceCell::new(),
            // nobody could unsubscribe
            closed: AtomicBool::new(!office.links.can_sign()),
            unknown: AtomicU32::new(0),
            looked_at: AtomicU32::new(0),
            deadline,
        }
    }

    /// Whether anything more of that queue is handed over in this run: asked before anything is done for a mail.
    pub(crate) async fn is_open(&self, queue: Queue) -> bool {
        if self.is_closed() {
            return false;
        }
        let allowance = self.allowance().await;
        allowance.left_today.load(Ordering::Relaxed) > allowance.kept_from(queue) && !self.is_closed()
    }

    /// Whether a mail is looked at that cannot be handed over: it may have to end. Only a few are, the first that were
    /// due: what waits is not read again and again.
    pub(crate) fn looks_all_the_same(&self) -> bool {
        let looked_at = self.looked_at.fetch_add(1, Ordering::Relaxed);
        if looked_at == 0 && !self.office.links.can_sign() {
            tracing::error!("the secrets have no `link_secrets`: mail waits");
        }
        !self.deadline.has_passed() && looked_at < LOOKED_AT_WHILE_CLOSED
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed) || self.deadline.has_passed()
    }

    /// Takes one of the day's and waits for a turn. Who has one of the day's keeps it when the last is taken.
    pub(crate) async fn turn(&self, queue: Queue) -> Turn {
        let allowance = self.allowance().await;
        let Allowance { pace, left_today, .. } = allowance;
        let kept = allowance.kept_from(queue);
        let take = |left: u64| left.checked_sub(1).filter(|after| *after >= kept);
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

    /// Nobody knows whether a mail was sent. Where that happens again and again, no more are risked in this run.
    pub(crate) fn note_unknown(&self) {
        if self.unknown.fetch_add(1, Ordering::Relaxed) + 1 >= UNKNOWN_AT_MOST {
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
        let pace = Pace::shared(per_second, self.office.shared_by);
        Allowance { pace, left_today: AtomicU64::new(left), kept: (per_day / ONE_IN_KEPT).min(MOST_KEPT) }
    }
}
