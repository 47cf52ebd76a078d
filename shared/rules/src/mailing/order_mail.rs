//! The mail that an order's facts plan. The order remembers what it has planned, so that new facts
//! plan, move or end exactly what changed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    clearance::why_off,
    ids::{MemberId, MessageId},
    message::{Message, Occasion, Timing},
    order::Order,
    program::{Program, Programs},
    reason::Reason,
    scenario::{Scenario, Starts},
    scenarios,
};

/// What of an order's mail is planned, or has been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderMail {
    /// Whose messages they are.
    pub member: MemberId,
    /// When each is due, in seconds, by scenario, step and part.
    pub due: BTreeMap<String, i64>,
    /// Some of it was ended: what is wanted again may be there already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
    /// More changes than one commit takes: the rest is still to come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
}

/// What was due so long ago waits no more, whatever its deadline was.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(60 * 24);

/// So many of an order's messages change in one commit: each parcel may have one.
pub const CHANGED_AT_ONCE: usize = 20;

impl OrderMail {
    fn of(member: &MemberId) -> OrderMail {
        OrderMail { member: member.clone(), due: BTreeMap::new(), ended: false, unfinished: false }
    }
}

/// One difference between what is planned and what is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailChange {
    Plan(Box<Message>),
    /// The same for one that may have been planned before, and ended.
    PlanAgain(Box<Message>),
    Move {
        member: MemberId,
        id: MessageId,
        timing: Timing,
    },
    End {
        member: MemberId,
        id: MessageId,
        reason: Reason,
    },
}

/// A message that the facts want.
struct Wanted {
    place: Place,
    timing: Timing,
}

/// Where the order remembers a message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    scenario: String,
    step: u8,
    part: String,
}

impl Order {
    /// To whom its mail goes: who had some of it before they were merged into its member has had theirs. To nobody
    /// once they were erased.
    pub fn reader(&self, member: &MemberId, account: &Account) -> Option<MemberId> {
        let had = self.mail.as_ref().map(|mail| &mail.member);
        let reader = had.filter(|had| account.aliases.contains(*had)).unwrap_or(member);
        account.erased_at.is_none().then(|| reader.clone())
    }

    /// Of what a file alone has told no mail is planned, not even by a later program.
    pub fn plan_no_mail(&mut self, member: &MemberId) {
        self.mail.get_or_insert_with(|| OrderMail::of(member));
    }

    /// Why nothing more is written about it.
    pub(crate) fn no_mail_because(&self) -> Option<Reason> {
        if self.facts.cancelled_at().is_some() {
            return Some(Reason::Cancelled);
        }
        (self.facts.paid_at.is_some() && !self.is_kept()).then_some(Reason::Refunded)
    }

    /// Whether a commit that was to follow another did not.
    pub fn has_mail_to_plan(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| mail.unfinished)
    }

    /// What is to change of its mail, now that it is that member's; remembered with it. Without a member
    /// there is nobody to write to. What is more than one commit takes is `unfinished`, and comes with the next call.
    pub fn plan_mail(&mut self, member: Option<&MemberId>, programs: &Programs, now: Timestamp) -> Vec<MailChange> {
        let mut changes = Vec::new();
        let mut mail = self.mail.take();
        if let Some(mut had) = mail.take_if(|mail| member != Some(&mail.member)) {
            let reason = if member.is_some() { Reason::Moved } else { Reason::Erased };
            while changes.len() < CHANGED_AT_ONCE
                && let Some((key, _)) = had.due.pop_first()
            {
                changes.extend(self.end(&had.member, &key, reason));
            }
            if !had.due.is_empty() || member.is_none() {
                self.mail = (!had.due.is_empty()).then_some(OrderMail { ended: true, unfinished: true, ..had });
                return changes;
            }
            mail = member.map(|member| OrderMail { ended: true, ..OrderMail::of(member) });
        }
        let Some(member) = member else { return changes };
        let mut mail = mail.unwrap_or_else(|| OrderMail::of(member));
        mail.unfinished = false;
        for (key, change) in self.mail_differences(&mail, programs, now) {
            if changes.len() == CHANGED_AT_ONCE {
                mail.unfinished = true;
                break;
            }
            match &change {
                MailChange::Plan(message) | MailChange::PlanAgain(message) => {
                    mail.due.insert(key, message.due_at.as_second());
                }
                MailChange::Move { timing, .. } => {
                    mail.due.insert(key, timing.due_at.as_second());
                }
                MailChange::End { .. } => {
                    mail.due.remove(&key);
                    mail.ended = true;
                }
            }
            changes.push(change);
        }
        self.mail = (mail.ended || mail.unfinished || !mail.due.is_empty()).then_some(mail);
        changes
    }

    /// By the key of its message each difference between what that mail is and what it is to be; what ends, first.
    fn mail_differences(&self, mail: &OrderMail, programs: &Programs, now: Timestamp) -> Vec<(String, MailChange)> {
        let program = &programs.at(now).program;
        let gone = self.no_mail_because();
        let wanted = if gone.is_some() { Vec::new() } else { self.wanted_mail(program) };
        let wanted: Vec<(String, Wanted)> = wanted.into_iter().map(|wanted| (wanted.place.key(), wanted)).collect();
        // of what is too late, only what is planned already is kept
        let is_to_be = |key: &str| wanted.iter().any(|(wanted, _)| wanted == key);
        let reason = |key: &str| gone.unwrap_or_else(|| why_unwanted(key, program));
        let unwanted = mail.due.keys().filter(|key| !is_to_be(key));
        let mut differences: Vec<(String, MailChange)> =
            unwanted.filter_map(|key| Some((key.clone(), self.end(&mail.member, key, reason(key))?))).collect();
        let ended = mail.ended || !differences.is_empty();
        for (key, Wanted { place, timing }) in wanted {
            let subject = self.subject_of(&place.part);
            let member = &mail.member;
            let occasion = Occasion { member, scenario: &place.scenario, step: place.step, subject: &subject };
            let change = match mail.due.get(&key) {
                Some(known) if *known == timing.due_at.as_second() => continue,
                Some(_) => MailChange::Move { member: member.clone(), id: occasion.id(), timing },
                None if timing.deadline_at <= now => continue,
                None => {
                    let message = Box::new(Message::plan(occasion, timing, now));
                    if ended { MailChange::PlanAgain(message) } else { MailChange::Plan(message) }
                }
            };
            differences.push((key, change));
        }
        differences
    }

    /// How long each message that is planned of it may wait by that program, unless that is over.
    pub fn mail_deadlines(&self, programs: &Programs, now: Timestamp) -> Vec<(MemberId, MessageId, Timestamp)> {
        let Some(mail) = self.mail.as_ref().filter(|_| self.no_mail_because().is_none()) else { return Vec::new() };
        let wanted = self.wanted_mail(&programs.at(now).program).into_iter();
        let is_over = |timing: &Timing| now.duration_since(timing.due_at) > LONGEST_WAIT;
        let planned = wanted.filter(|wanted| !is_over(&wanted.timing) && mail.due.contains_key(&wanted.place.key()));
        let deadline = planned.map(|Wanted { place, timing }| {
            let subject = self.subject_of(&place.part);
            let member = &mail.member;
            let occasion = Occasion { member, scenario: &place.scenario, step: place.step, subject: &subject };
            (member.clone(), occasion.id(), timing.deadline_at)
        });
        deadline.collect()
    }

    fn end(&self, member: &MemberId, key: &str, reason: Reason) -> Option<MailChange> {
        let place = Place::of(key)?;
        let subject = self.subject_of(&place.part);
        let occasion = Occasion { member, scenario: &place.scenario, step: place.step, subject: &subject };
        Some(MailChange::End { member: member.clone(), id: occasion.id(), reason })
    }

    fn wanted_mail(&self, program: &Program) -> Vec<Wanted> {
        // an order of which an export alone tells plans no mail
        let counts = self.facts.content.as_ref().is_some_and(|content| !content.value.test);
        let paid_on = self.facts.paid_at().map(|at| program.zone.date(at));
        let is_before_start = program.starts_on.zip(paid_on).is_some_and(|(starts_on, paid_on)| paid_on < starts_on);
        if !counts || is_before_start {
            return Vec::new();
        }
        scenarios::ALL.iter().flat_map(|scenario| self.wanted_of(scenario, program)).collect()
    }

    fn wanted_of(&self, scenario: &Scenario, program: &Program) -> Vec<Wanted> {
        let Starts::Order(starts) = scenario.starts else { return Vec::new() };
        let Some(settings) = program.mail.of(scenario.name) else { return Vec::new() };
        let starts = starts(self, &program.mail, program).into_iter();
        let steps = |start: crate::scenario::Start| {
            (1..=scenario.steps).zip(&settings.steps).map(move |(step, offset)| {
                let timing = Timing::of(settings, *offset, start.at, program);
                let place = Place { scenario: scenario.name.to_owned(), step, part: start.part.clone() };
                Wanted { place, timing }
            })
        };
        starts.flat_map(steps).collect()
    }

    /// How a message names what it is about: the order and, after a `#`, the part of it.
    fn subject_of(&self, part: &str) -> String {
        let order = self.key.as_subject();
        if part.is_empty() { order } else { format!("{order}#{part}") }
    }
}

/// What the program still sends lacks its occasion: another parcel is on its way, say.
fn why_unwanted(key: &str, program: &Program) -> Reason {
    let is_sent = |place: Place| {
        let settings = program.mail.of(&place.scenario);
        settings.is_some_and(|settings| usize::from(place.step) <= settings.steps.len())
    };
    if Place::of(key).is_some_and(is_sent) { Reason::NothingToSay } else { why_off(&program.mail) }
}

impl Place {
    fn key(&self) -> String {
        let Place { scenario, step, part } = self;
        if part.is_empty() { format!("{scenario}_{step}") } else { format!("{scenario}_{step}#{part}") }
    }

    fn of(key: &str) -> Option<Place> {
        let (name, part) = key.split_once('#').unwrap_or((key, ""));
        let (scenario, step) = name.rsplit_once('_')?;
        Some(Place { scenario: scenario.to_owned(), step: step.parse().ok()?, part: part.to_owned() })
    }
}
