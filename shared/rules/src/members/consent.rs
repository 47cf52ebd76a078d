//! What a member has said to mail: to marketing as a whole, and to each topic inside it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A statement of consent to marketing, dated by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentChange {
    pub state: ConsentState,
    pub at: Timestamp,
    /// The holder of the mailbox is known to have said it: whoever states it has a proof of that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub confirmed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    #[default]
    Unknown,
    /// Said once, and not yet confirmed from the mailbox.
    Pending,
    Granted,
    Withdrawn,
}

/// What marketing mail is about. Each can be switched off alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Reviews,
    Replenishment,
    Loyalty,
    Offers,
}

/// What was said of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicChoice {
    pub on: bool,
    pub at: Timestamp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    #[serde(default)]
    pub marketing: ConsentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketing_at: Option<Timestamp>,
    /// Topics of which nothing was said are on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub topics: BTreeMap<Topic, TopicChoice>,
    /// The latest statement of each other kind: which one holds must not hang on which came first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub earlier: BTreeMap<ConsentState, Timestamp>,
}

impl ConsentChange {
    pub fn new(state: ConsentState, at: Timestamp) -> ConsentChange {
        ConsentChange { state, at, confirmed: false }
    }

    /// The same, said by who is known to hold the mailbox.
    #[must_use]
    pub fn confirmed(self) -> ConsentChange {
        ConsentChange { confirmed: true, ..self }
    }

    /// What it is worth where a grant must be confirmed from the mailbox.
    #[must_use]
    pub fn to_be_confirmed(self) -> ConsentChange {
        match self.state {
            ConsentState::Granted if !self.confirmed => ConsentChange { state: ConsentState::Pending, ..self },
            _ => self,
        }
    }
}

impl Topic {
    pub const ALL: [Topic; 4] = [Topic::Reviews, Topic::Replenishment, Topic::Loyalty, Topic::Offers];

    pub fn name(self) -> &'static str {
        match self {
            Topic::Reviews => "reviews",
            Topic::Replenishment => "replenishment",
            Topic::Loyalty => "loyalty",
            Topic::Offers => "offers",
        }
    }
}

impl Consent {
    /// The later statement holds; at the same instant the one further from `unknown`. Asking again for what was
    /// granted takes nothing away: a grant holds against a later `pending`, until a withdrawal.
    pub fn take(&mut self, change: ConsentChange) {
        if change.state == ConsentState::Unknown {
            return;
        }
        let mut stated = std::mem::take(&mut self.earlier);
        for (state, at) in
            self.marketing_at.map(|at| (self.marketing, at)).into_iter().chain([(change.state, change.at)])
        {
            let latest = stated.entry(state).or_insert(at);
            *latest = at.max(*latest);
        }
        let latest = |state| stated.get(&state).copied();
        let withdrawn = latest(ConsentState::Withdrawn);
        let yes = [ConsentState::Granted, ConsentState::Pending].into_iter().find(|state| latest(*state) > withdrawn);
        self.marketing = yes.unwrap_or(ConsentState::Withdrawn);
        self.marketing_at = stated.remove(&self.marketing);
        self.earlier = stated;
    }

    /// What was said until then ends, and whoever had agreed is asked once more: they have not agreed from the mailbox
    /// that is theirs now. Nothing that is told of before revives it.
    pub fn ask_anew(&mut self, now: Timestamp) {
        if matches!(self.marketing, ConsentState::Granted | ConsentState::Pending) {
            self.take(ConsentChange::new(ConsentState::Withdrawn, self.after_all(now)));
            self.take(ConsentChange::new(ConsentState::Pending, self.after_all(now)));
        }
    }

    /// Of two choices for one topic the later one holds; at the same instant the one that switches it off.
    pub fn choose(&mut self, topic: Topic, choice: TopicChoice) {
        let rank = |choice: TopicChoice| (choice.at, !choice.on);
        if self.topics.get(&topic).is_none_or(|known| rank(choice) > rank(*known)) {
            self.topics.insert(topic, choice);
        }
    }

    /// All that the other knows, too.
    pub fn absorb(&mut self, other: &Consent) {
        let newest = other.marketing_at.map(|at| (other.marketing, at));
        for (state, at) in other.earlier.iter().map(|(state, at)| (*state, *at)).chain(newest) {
            self.take(ConsentChange::new(state, at));
        }
        for (topic, choice) in &other.topics {
            self.choose(*topic, *choice);
        }
    }

    /// That instant or, where something is dated ahead of it, the next one after that: who says something now is not
    /// outdone by a storefront's clock.
    pub fn after_all(&self, now: Timestamp) -> Timestamp {
        let topics = self.topics.values().map(|choice| choice.at);
        let latest = self.earlier.values().copied().chain(self.marketing_at).chain(topics).max();
        let next = |at: Timestamp| at.checked_add(SignedDuration::from_micros(1)).unwrap_or(at);
        latest.map_or(now, |latest| if latest < now { now } else { next(latest) })
    }

    /// Their last no, also where they have said yes since.
    pub fn withdrawn_at(&self) -> Option<Timestamp> {
        let is_last = self.marketing == ConsentState::Withdrawn;
        if is_last { self.marketing_at } else { self.earlier.get(&ConsentState::Withdrawn).copied() }
    }

    pub fn is_on(&self, topic: Topic) -> bool {
        self.topics.get(&topic).is_none_or(|choice| choice.on)
    }

    /// Whether mail of that topic may be sent: no topic stops another, and none goes without consent to marketing.
    pub fn allows(&self, topic: Topic) -> bool {
        self.marketing == ConsentState::Granted && self.is_on(topic)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
