//! A deed: one activity of a member, from what is told of it to what it posts and gives back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    activity::{Activity, CapPeriod, ENROL, Proof, Subject},
    earned::expires_on,
    ids::{ActivityId, HappeningId, OrderKey, Source},
    ledger::EntryKind,
    lots::LotDates,
    order::Order,
    points::{Overflow, Points},
    posting::{Changes, Note, Posting},
    program::{Basis, Program},
    purchases::Contribution,
    tallies::NotCounted,
};

/// A sender's clock may be ahead by this.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);
const MAX_AGE: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What is told of a deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The name that the program has for it.
    pub activity: String,
    pub subject: Option<Subject>,
    /// For expiry and display alone: caps and tiers count when it is recorded, which nobody else sets.
    pub occurred_at: Timestamp,
}

/// Why a deed earns nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("is not an activity of the program")]
    UnknownActivity,
    #[error("comes with enrolment alone")]
    ByEnrolmentAlone,
    #[error("is missing: this activity is about something")]
    SubjectMissing,
    #[error("is more than 24 hours ahead")]
    Ahead,
    #[error("is more than 366 days ago")]
    LongAgo,
    #[error("members cannot record this activity of themselves")]
    NotSelfService,
    #[error("the member has no order that is paid and kept")]
    NoOrder,
    #[error("the member has not bought and kept the subject in their newest 100 orders")]
    NotBought,
    #[error("the subject has earned already")]
    SubjectUsed,
    #[error("the cap for the {} is reached", period_name(*.0))]
    CapReached(CapPeriod),
    #[error("the activity was declined or reversed")]
    Reversed,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

fn period_name(period: CapPeriod) -> &'static str {
    match period {
        CapPeriod::Day => "day",
        CapPeriod::Month => "month",
        CapPeriod::Year => "year",
        CapPeriod::Lifetime => "lifetime",
    }
}

/// What can be claimed once: the hash of an activity's subject, or of a storefront's event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimKey(String);

impl ClaimKey {
    pub fn of_subject(activity: &str, subject: &Subject) -> ClaimKey {
        ClaimKey::hash(["subject", activity, subject.as_str()])
    }

    pub fn of_event(source: &Source, id: &HappeningId) -> ClaimKey {
        ClaimKey::hash(["event", source.numbering(), id.as_str()])
    }

    fn hash(parts: [&str; 3]) -> ClaimKey {
        let digest = Sha256::digest(parts.join("\n"));
        ClaimKey(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }

    /// As it was written to a row.
    pub fn of_row(hash: &str) -> ClaimKey {
        ClaimKey(hash.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A deed as it is kept. What it earns is fixed when it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: ActivityId,
    #[serde(rename = "type")]
    pub activity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    pub state: DeedState,
    pub points: Points,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    /// The order that proved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<OrderKey>,
    /// What the account has had of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<PostedDeed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeedState {
    Posted,
    PendingApproval,
    /// Taken back, or declined before it was approved.
    Reversed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedDeed {
    /// The dates of the lot, as they were given.
    #[serde(flatten)]
    pub dates: LotDates,
    /// How much it put into that lot; the rest paid a debt.
    pub put: Points,
    /// The instant at which it counts toward tiers.
    pub counted_at: Timestamp,
}

impl Told {
    /// The activity of the program that it is.
    ///
    /// # Errors
    /// `UnknownActivity`, `ByEnrolmentAlone`, `SubjectMissing`, `Ahead`, `LongAgo`.
    pub fn activity<'a>(&self, program: &'a Program, now: Timestamp) -> Result<&'a Activity, Refusal> {
        let activity = program.activities.get(&self.activity).ok_or(Refusal::UnknownActivity)?;
        let age = now.duration_since(self.occurred_at);
        match () {
            () if self.activity == ENROL => Err(Refusal::ByEnrolmentAlone),
            () if activity.needs_subject() && self.subject.is_none() => Err(Refusal::SubjectMissing),
            () if -age > MAX_AHEAD => Err(Refusal::Ahead),
            () if age > MAX_AGE => Err(Refusal::LongAgo),
            () => Ok(activity),
        }
    }
}

impl Proof {
    /// Which of the member's orders proves it. Of any that will do it is the one paid first, which is the least
    /// likely to go back.
    ///
    /// # Errors
    /// `NoOrder`, `NotBought`.
    pub fn check<'a>(self, subject: Option<&Subject>, orders: &'a [Order]) -> Result<&'a Order, Refusal> {
        let mut kept = orders.iter().filter(|order| order.is_kept());
        match self {
            Proof::HasOrder => kept.min_by_key(|order| order.facts.paid_at()).ok_or(Refusal::NoOrder),
            Proof::VerifiedPurchase => {
                kept.find(|order| subject.is_some_and(|s| order.keeps(s))).ok_or(Refusal::NotBought)
            }
        }
    }
}

impl Posting<'_> {
    /// Records what was told under a new id: it takes its place under the caps, and is posted unless a
    /// person has to approve it first.
    ///
    /// # Errors
    /// `CapReached`; `Overflow`.
    pub fn record_deed(&mut self, id: ActivityId, told: Told, activity: &Activity) -> Result<Deed, Refusal> {
        let today = self.today();
        self.account.tallies.count(&told.activity, activity, today)?;
        let mut deed = Deed {
            version: 1,
            id,
            activity: told.activity,
            subject: told.subject,
            state: DeedState::PendingApproval,
            points: activity.points,
            occurred_at: told.occurred_at,
            recorded_at: self.now(),
            rests_on: None,
            posted: None,
        };
        if !activity.approval {
            self.post_deed(&mut deed)?;
        }
        Ok(deed)
    }

    /// Posts what waits for approval; what was approved before stays as it is.
    ///
    /// # Errors
    /// `Reversed`; `Overflow`.
    pub fn approve_deed(&mut self, deed: &mut Deed) -> Result<(), Refusal> {
        match deed.state {
            DeedState::Posted => return Ok(()),
            DeedState::Reversed => return Err(Refusal::Reversed),
            DeedState::PendingApproval => self.post_deed(deed)?,
        }
        deed.version += 1;
        Ok(())
    }

    /// Takes back what it gave, or declines what waits. Its place under the caps stays taken, and its
    /// subject used: what was reversed is not earned again.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn reverse_deed(&mut self, deed: &mut Deed) -> Result<(), Overflow> {
        if deed.state == DeedState::Reversed {
            return Ok(());
        }
        if let Some(had) = deed.posted.take() {
            let mut changes = Changes::default();
            self.take_back(&mut changes, had.dates, had.put, deed.points)?;
            self.record(changes, deed.note(EntryKind::ActivityReversal, "reversed"))?;
            self.count(had.counted_at, deed.contribution(), Contribution::default())?;
        }
        deed.state = DeedState::Reversed;
        deed.version += 1;
        Ok(())
    }

    fn post_deed(&mut self, deed: &mut Deed) -> Result<(), Overflow> {
        deed.state = DeedState::Posted;
        if deed.points.is_zero() {
            return Ok(());
        }
        let program = self.program();
        let expires_on = expires_on(&program.expiry, program.zone.date(deed.occurred_at));
        let dates = LotDates { available_on: None, expires_on };
        let counted_at = self.counts_toward_tiers_at();
        let mut changes = Changes::default();
        let put = self.grant(&mut changes, dates, deed.points)?;
        self.record(changes, deed.note(EntryKind::Activity, "recorded"))?;
        self.count(counted_at, Contribution::default(), deed.contribution())?;
        deed.posted = Some(PostedDeed { dates, put, counted_at });
        Ok(())
    }

    /// Now, where tiers are by points. Elsewhere nothing rests on it until the program's basis changes, so
    /// the deeds of a month are kept as one, and the account stays small.
    fn counts_toward_tiers_at(&self) -> Timestamp {
        let program = self.program();
        if program.tiers.basis == Basis::Points {
            return self.now();
        }
        program.zone.start_of(self.today().first_of_month()).max(self.account.joined_at)
    }
}

impl Deed {
    /// Of a member who was erased, if it was about something.
    #[must_use]
    pub fn without_words(self) -> Option<Deed> {
        self.subject.is_some().then(|| Deed { version: self.version + 1, subject: None, ..self })
    }

    fn contribution(&self) -> Contribution {
        Contribution { points: self.points.get(), ..Contribution::default() }
    }

    fn note(&self, kind: EntryKind, what: &str) -> Note {
        let about = self.subject.as_ref().map(|subject| format!(" of `{}`", subject.as_str())).unwrap_or_default();
        Note::new(kind, format!("{}{about} {what}", self.activity))
    }
}

impl From<NotCounted> for Refusal {
    fn from(reason: NotCounted) -> Refusal {
        match reason {
            NotCounted::Reached(period) => Refusal::CapReached(period),
            NotCounted::Overflow(overflow) => Refusal::Overflow(overflow),
        }
    }
}
