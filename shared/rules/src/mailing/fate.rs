//! What became of mail, counted: by scenario for the merchant, and of the last sends for the stop of marketing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    ids::MessageId,
    message::{Heard, Message, State},
    reason::Reason,
};

/// What became of one message that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    pub message: MessageId,
    /// When it was sent or, of what was not, when it ended.
    pub at: Timestamp,
    /// With its step.
    pub scenario: String,
    pub outcome: Outcome,
    /// What SES told of it, a letter each.
    pub heard: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Skipped(Reason),
    Unknown,
}

/// One scenario's figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub sent: u64,
    pub delivered: u64,
    pub opened: u64,
    /// By machines that open mail for people.
    pub prefetched: u64,
    pub clicked: u64,
    pub bounced: u64,
    pub soft_bounced: u64,
    /// Not handed on by SES: it had reason to spare the address.
    pub withheld: u64,
    pub complained: u64,
    pub unsubscribed: u64,
    pub unknown: u64,
    pub skipped: BTreeMap<Reason, u64>,
}

const DELIVERED: char = 'd';
const OPENED: char = 'o';
const PREFETCHED: char = 'p';
const CLICKED: char = 'c';
const BOUNCED: char = 'b';
const SOFT_BOUNCED: char = 's';
const COMPLAINED: char = 'k';
const WITHHELD: char = 'w';
const UNSUBSCRIBED: char = 'u';

impl Fate {
    /// Of a message that has ended.
    pub fn of(message: &Message) -> Option<Fate> {
        let outcome = match message.state {
            State::Sent => Outcome::Sent,
            State::Skipped => Outcome::Skipped(message.reason?),
            State::Unknown => Outcome::Unknown,
            State::Planned | State::Claimed | State::Sending => return None,
        };
        let at = message.sent_at.filter(|_| outcome == Outcome::Sent).or(message.ended_at)?;
        let (id, scenario, heard) = (message.id.clone(), message.name(), letters(&message.heard));
        Some(Fate { message: id, at, scenario, outcome, heard })
    }

    /// Puts it in the place of what was known of the same message, the newest first.
    pub fn replace_in(self, newest_first: &mut Vec<Fate>) {
        newest_first.retain(|fate| fate.message != self.message);
        let place = newest_first.partition_point(|fate| fate.at > self.at);
        newest_first.insert(place, self);
    }

    pub fn has_bounced(&self) -> bool {
        self.heard.contains(BOUNCED)
    }

    pub fn has_complained(&self) -> bool {
        self.heard.contains(COMPLAINED)
    }
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Sent => "sent",
            Outcome::Unknown => "unknown",
            Outcome::Skipped(reason) => reason.name(),
        }
    }

    pub fn named(name: &str) -> Option<Outcome> {
        match name {
            "sent" => Some(Outcome::Sent),
            "unknown" => Some(Outcome::Unknown),
            name => Reason::named(name).map(Outcome::Skipped),
        }
    }
}

impl Figures {
    /// Those of each scenario.
    pub fn by_scenario(fates: impl IntoIterator<Item = Fate>) -> BTreeMap<String, Figures> {
        let mut all: BTreeMap<String, Figures> = BTreeMap::new();
        for fate in fates {
            all.entry(fate.scenario).or_default().count(fate.outcome, &fate.heard);
        }
        all
    }

    fn count(&mut self, outcome: Outcome, heard: &str) {
        match outcome {
            Outcome::Skipped(reason) => *self.skipped.entry(reason).or_default() += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::Sent => self.sent += 1,
        }
        let counted = [
            (DELIVERED, &mut self.delivered),
            (OPENED, &mut self.opened),
            (PREFETCHED, &mut self.prefetched),
            (CLICKED, &mut self.clicked),
            (BOUNCED, &mut self.bounced),
            (SOFT_BOUNCED, &mut self.soft_bounced),
            (WITHHELD, &mut self.withheld),
            (COMPLAINED, &mut self.complained),
            (UNSUBSCRIBED, &mut self.unsubscribed),
        ];
        for (letter, count) in counted {
            *count += u64::from(heard.contains(letter));
        }
    }
}

fn letters(heard: &Heard) -> String {
    let told = [
        (DELIVERED, heard.delivered_at),
        (OPENED, heard.opened_at),
        (PREFETCHED, heard.prefetched_at),
        (CLICKED, heard.clicked_at),
        (BOUNCED, heard.bounced_at),
        (SOFT_BOUNCED, heard.soft_bounced_at),
        (WITHHELD, heard.withheld_at),
        (COMPLAINED, heard.complained_at),
        (UNSUBSCRIBED, heard.unsubscribed_at),
    ];
    told.into_iter().filter_map(|(letter, at)| at.map(|_| letter)).collect()
}
