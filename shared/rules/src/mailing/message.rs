//! One mail to one member for one occasion, from its plan to its end. Whatever becomes of it, it is
//! sent at most once: from `sending` on nobody sends it again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::{MemberId, MessageId},
    mail_settings::ScenarioSettings,
    offset::Offset,
    program::Program,
    reason::Reason,
};

const ID_BYTES: usize = 16;
/// How long a message is kept after it was due.
pub const KEPT: SignedDuration = SignedDuration::from_hours(13 * 31 * 24);
/// What waits asks again before that long.
const NEARLY: SignedDuration = SignedDuration::from_hours(1);
/// How long a claim holds; longer than a run needs from the claim to the sending.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// What was being sent and had no answer is settled by an event of SES within this time, or ends as unknown.
const QUARANTINE: SignedDuration = SignedDuration::from_hours(1);
/// The pauses after refusals for the time being; the last one repeats.
const PAUSES_SECS: [i64; 5] = [60, 300, 900, 1_800, 3_600];
const MOST_STEPS_KEPT: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: MessageId,
    /// For whom it was planned; a merge may have made them another since.
    pub member: MemberId,
    pub scenario: String,
    /// From 1.
    pub step: u8,
    /// What it is about, e.g. the order; empty where it comes once.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    pub state: State,
    /// When it is next to be looked at, while it is planned; when it was due, afterwards.
    pub due_at: Timestamp,
    pub deadline_at: Timestamp,
    pub planned_at: Timestamp,
    /// What its times are counted from, where no order tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// Why it waits, or why it was not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Since when it is claimed or being sent; when it was, while nobody knows what became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// Refusals for the time being, so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refusals: u32,
    /// What SES calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ses_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Heard::is_empty")]
    pub heard: Heard,
    /// What became of it so far, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Planned,
    /// A run has it; another may take it once the lease is over.
    Claimed,
    /// Written before SES is called: whether it was sent is known once it has left this state.
    Sending,
    Sent,
    Skipped,
    Unknown,
}

/// One line of what became of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    pub state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Until when it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What SES told of it, each the first time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// Opened by what opens mail for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefetched_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clicked_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft_bounced_at: Option<Timestamp>,
    /// SES did not hand it on: the address is on the list of those that the AWS account spares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complained_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribed_at: Option<Timestamp>,
}

/// What a message is for.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    pub member: &'a MemberId,
    pub scenario: &'a str,
    pub step: u8,
    pub subject: &'a str,
}

/// When a message is due, and how long it can wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    pub due_at: Timestamp,
    pub deadline_at: Timestamp,
}

impl Timing {
    /// Of a step that follows what happened at that instant.
    pub fn of(settings: &ScenarioSettings, offset: Offset, starts_at: Timestamp, program: &Program) -> Timing {
        let due_at = offset.from(starts_at, &program.zone);
        Timing { due_at, deadline_at: settings.deadline.from(due_at, &program.zone) }
    }
}

impl Occasion<'_> {
    /// The same for the same occasion, so that a message that is planned twice is one.
    pub fn id(&self) -> MessageId {
        let Occasion { member, scenario, step, subject } = self;
        let digest = Sha256::digest(format!("{member}#{scenario}#{step}#{subject}"));
        MessageId::from_hash(digest.split_at(ID_BYTES).0)
    }
}

impl Message {
    pub fn plan(occasion: Occasion<'_>, timing: Timing, now: Timestamp) -> Message {
        Message {
            version: 1,
            id: occasion.id(),
            member: occasion.member.clone(),
            scenario: occasion.scenario.to_owned(),
            step: occasion.step,
            subject: occasion.subject.to_owned(),
            state: State::Planned,
            due_at: timing.due_at,
            deadline_at: timing.deadline_at,
            planned_at: now,
            starts_at: None,
            reason: None,
            taken_at: None,
            refusals: 0,
            ses_id: None,
            sent_at: None,
            ended_at: None,
            heard: Heard::default(),
            steps: Vec::new(),
        }
    }

    pub fn timing(&self) -> Timing {
        Timing { due_at: self.due_at, deadline_at: self.deadline_at }
    }

    /// The name of the scenario with the step, as the API and SES's tags have it.
    pub fn name(&self) -> String {
        format!("{}_{}", self.scenario, self.step)
    }

    /// The id of what it is about, where that has one: the first part of its subject.
    pub fn about(&self) -> Option<&str> {
        self.subject.split('#').next().filter(|about| !about.is_empty())
    }

    /// Which of the shop's staff it is for, from 0; the last part of its subject.
    pub fn staff_place(&self) -> Option<usize> {
        self.subject.rsplit('#').next()?.parse().ok()
    }

    /// When somebody has to look at it next; nothing once it has ended.
    pub fn next_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Planned => Some(self.due_at),
            State::Claimed => self.taken_at.map(|at| at + LEASE),
            State::Sending => self.taken_at.map(|at| at + QUARANTINE),
            State::Sent | State::Skipped | State::Unknown => None,
        }
    }

    /// Takes it for a while; nothing if it is not due, or is another run's.
    pub fn claim(&mut self, now: Timestamp) -> bool {
        let is_takeable = matches!(self.state, State::Planned | State::Claimed);
        if !is_takeable || self.next_at().is_none_or(|next| next > now) {
            return false;
        }
        self.turns(State::Claimed);
        self.taken_at = Some(now);
        true
    }

    /// Ends what was not sent by its deadline, for the reason that it waited for.
    pub fn miss_deadline(&mut self, now: Timestamp) -> bool {
        let is_due = self.next_at().is_some_and(|next| next <= now);
        is_due && self.deadline_at <= now && self.skip(self.why_late(), now)
    }

    /// What it waited for until its deadline, or nearly: what ended long before did not keep it.
    pub(crate) fn why_late(&self) -> Reason {
        let waits_for_the_service =
            matches!(self.reason, Some(Reason::Throttled | Reason::QuotaReached | Reason::Refused));
        let waited_until = self.due_at.checked_add(NEARLY).unwrap_or(self.due_at);
        let waited_for = self.reason.filter(|_| waits_for_the_service || waited_until >= self.deadline_at);
        waited_for.unwrap_or(Reason::DeadlinePassed)
    }

    /// Puts it to other times, unless it may be sent already or has ended. Whoever has claimed it finds it changed.
    pub fn move_to(&mut self, timing: Timing) -> bool {
        let moves = matches!(self.state, State::Planned | State::Claimed)
            && (self.due_at, self.deadline_at) != (timing.due_at, timing.deadline_at);
        if moves {
            self.turns(State::Planned);
            self.taken_at = None;
            (self.due_at, self.deadline_at) = (timing.due_at, timing.deadline_at);
            self.reason = None;
        }
        moves
    }

    /// Lets it wait until then, and no longer, unless somebody has it or it has ended.
    pub fn may_wait_until(&mut self, deadline_at: Timestamp) -> bool {
        let changes = self.state == State::Planned && self.deadline_at != deadline_at;
        if changes {
            self.version += 1;
            self.deadline_at = deadline_at;
        }
        changes
    }

    /// Puts it to the times that the program has for it now, if what it is counted from is its own. What the program
    /// does not send any more is left to its day: it may be switched on again by then.
    pub fn follow(&mut self, program: &Program) -> bool {
        let Some(starts_at) = self.starts_at else { return false };
        let settings = program.mail.of(&self.scenario);
        let offset = settings.and_then(|settings| settings.steps.get(usize::from(self.step).checked_sub(1)?));
        let Some((settings, offset)) = settings.zip(offset) else { return false };
        let timing = Timing::of(settings, *offset, starts_at, program);
        // what waits for another reason goes on waiting for it
        if self.reason.is_some() { self.may_wait_until(timing.deadline_at) } else { self.move_to(timing) }
    }

    /// Plans it once more, if it ended only because facts were against it that are so no longer.
    pub fn plan_again(&mut self, timing: Timing) -> bool {
        let can = self.state == State::Skipped && self.reason.is_some_and(Reason::is_of_facts);
        if can {
            self.turns(State::Planned);
            (self.due_at, self.deadline_at) = (timing.due_at, timing.deadline_at);
            (self.reason, self.ended_at) = (None, None);
        }
        can
    }

    /// Ends it unsent, if that can still be.
    pub fn skip(&mut self, reason: Reason, now: Timestamp) -> bool {
        let can = matches!(self.state, State::Planned | State::Claimed);
        if can {
            self.turns(State::Skipped);
            self.end(Some(reason), now);
        }
        can
    }

    /// Puts off what is claimed.
    pub fn defer(&mut self, until: Timestamp, reason: Reason, now: Timestamp) {
        self.turns(State::Planned);
        self.taken_at = None;
        self.due_at = until;
        self.reason = Some(reason);
        self.note(Step { at: now, state: State::Planned, reason: Some(reason), until: Some(until) });
    }

    /// The last that is written before SES is called. Only what is claimed can be sent.
    pub fn begin_sending(&mut self, now: Timestamp) -> bool {
        let can = self.state == State::Claimed;
        if can {
            self.turns(State::Sending);
            self.taken_at = Some(now);
            self.reason = None;
        }
        can
    }

    /// SES took it: its answer says so, or one of its events does, which may come after all hope was lost.
    pub fn was_sent(&mut self, ses_id: Option<&str>, at: Timestamp) -> bool {
        let can = matches!(self.state, State::Sending | State::Unknown);
        if can {
            self.turns(State::Sent);
            self.sent_at = self.taken_at.or(Some(at));
            self.ses_id = ses_id.map(ToOwned::to_owned).or(self.ses_id.take());
            self.end(None, at);
        }
        can
    }

    /// SES said that it sent nothing, and may send it later.
    pub fn was_refused_for_now(&mut self, reason: Reason, now: Timestamp) {
        let pause = usize::try_from(self.refusals).ok().and_then(|index| PAUSES_SECS.get(index));
        let pause = pause.or(PAUSES_SECS.last()).copied().unwrap_or(0);
        self.refusals = self.refusals.saturating_add(1);
        self.defer(now + SignedDuration::from_secs(pause), reason, now);
    }

    /// SES said that it will never send it.
    pub fn was_refused(&mut self, reason: Reason, now: Timestamp) {
        self.turns(State::Skipped);
        self.end(Some(reason), now);
    }

    /// SES took it and found afterwards that it may not go out.
    pub fn was_rejected(&mut self, reason: Reason, now: Timestamp) -> bool {
        let can = matches!(self.state, State::Sending | State::Sent | State::Unknown);
        if can {
            self.turns(State::Skipped);
            self.sent_at = None;
            self.end(Some(reason), now);
        }
        can
    }

    /// Notes what SES told, once.
    pub fn hear(&mut self, note: impl FnOnce(&mut Heard)) {
        let before = self.heard.clone();
        note(&mut self.heard);
        if self.heard != before {
            self.version += 1;
        }
    }

    /// Nobody knows whether it was sent, and nobody will.
    pub fn give_up(&mut self, now: Timestamp) -> bool {
        let can = self.state == State::Sending && self.next_at().is_some_and(|end| end <= now);
        if can {
            let taken_at = self.taken_at;
            self.turns(State::Unknown);
            self.end(Some(Reason::NoAnswer), now);
            self.taken_at = taken_at;
        }
        can
    }

    fn turns(&mut self, state: State) {
        self.version += 1;
        self.state = state;
    }

    fn end(&mut self, reason: Option<Reason>, now: Timestamp) {
        self.reason = reason;
        self.taken_at = None;
        self.ended_at = Some(now);
        self.note(Step { at: now, state: self.state, reason, until: None });
    }

    fn note(&mut self, step: Step) {
        if self.steps.len() >= MOST_STEPS_KEPT {
            self.steps.remove(0);
        }
        self.steps.push(step);
    }
}

impl Heard {
    pub fn is_empty(&self) -> bool {
        *self == Heard::default()
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
