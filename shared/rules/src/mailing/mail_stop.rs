//! The automatic stop of marketing mail, before a mail service stops all mail of the shop.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fate::{Fate, Outcome};

/// So many of the last sends are looked at.
pub const SENDS: usize = 1_000;
/// 2 % of them.
const MOST_BOUNCES: usize = 20;
/// 0.08 % of them.
const MOST_COMPLAINTS_IN_100_000: usize = 80;

/// Whether marketing is stopped, and on what it rests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailStop {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
    /// When a person let it go on; what was sent before does not count again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_at: Option<Timestamp>,
    #[serde(default)]
    pub bounces: usize,
    #[serde(default)]
    pub complaints: usize,
}

impl MailStop {
    pub fn is_stopped(&self) -> bool {
        self.stopped_at.is_some()
    }

    /// Stops if too many of the last sends went wrong. Fewer sends count as if all others had gone well.
    pub fn judge(&mut self, newest_first: &[Fate], now: Timestamp) -> bool {
        if self.is_stopped() {
            return false;
        }
        let counts = |fate: &&Fate| {
            let is_new = self.resumed_at.is_none_or(|resumed_at| fate.at >= resumed_at);
            fate.outcome == Outcome::Sent && is_new
        };
        let last: Vec<&Fate> = newest_first.iter().filter(counts).take(SENDS).collect();
        let bounces = last.iter().filter(|fate| fate.has_bounced()).count();
        let complaints = last.iter().filter(|fate| fate.has_complained()).count();
        let stops = bounces >= MOST_BOUNCES || complaints * 100_000 >= MOST_COMPLAINTS_IN_100_000 * SENDS;
        if stops {
            self.version += 1;
            self.stopped_at = Some(now);
            (self.bounces, self.complaints) = (bounces, complaints);
        }
        stops
    }

    pub fn resume(&mut self, now: Timestamp) -> bool {
        let was_stopped = self.stopped_at.take().is_some();
        if was_stopped {
            self.version += 1;
            self.resumed_at = Some(now);
        }
        was_stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MessageId;

    fn fates(sends: usize, bounced: usize, complained: usize) -> Vec<Fate> {
        let at = |index: usize| Timestamp::constant(1_780_000_000 - i64::try_from(index).unwrap(), 0);
        let heard = |index| {
            let bounced = if index < bounced { "b" } else { "" };
            format!("{bounced}{}", if index < complained { "k" } else { "" })
        };
        let fate = |index: usize| Fate {
            message: MessageId::from_hash(&index.to_be_bytes()),
            at: at(index),
            scenario: "welcome_1".to_owned(),
            outcome: Outcome::Sent,
            heard: heard(index),
        };
        (0..sends).map(fate).collect()
    }

    #[test]
    fn marketing_stops_at_two_percent_of_bounces_or_at_a_complaint_in_a_thousand() {
        for (sends, bounced, complained, stops) in [
            (1_000, 19, 0, false),
            (1_000, 20, 0, true),
            (1_000, 0, 1, true),
            (30, 19, 0, false),
            (30, 20, 0, true),
            (0, 0, 0, false),
        ] {
            let mut stop = MailStop::default();
            assert_eq!(
                stop.judge(&fates(sends, bounced, complained), Timestamp::UNIX_EPOCH),
                stops,
                "{sends} {bounced}"
            );
            assert_eq!(stop.is_stopped(), stops);
        }
    }

    #[test]
    fn what_is_told_of_a_message_counts_though_the_index_does_not_have_it_yet() {
        let (known, complained) = (fates(1_000, 0, 0), fates(1_000, 0, 1_000));
        for told in [0, 500, 999] {
            let mut fates = known.clone();
            complained[told].clone().replace_in(&mut fates);
            assert_eq!((fates.len(), &fates[told]), (1_000, &complained[told]));
            assert!(MailStop::default().judge(&fates, Timestamp::UNIX_EPOCH), "{told}");
        }
        let long_ago = Fate { at: Timestamp::UNIX_EPOCH, message: MessageId::from_hash(&[9]), ..complained[0].clone() };
        let mut fates = known;
        long_ago.replace_in(&mut fates);
        assert!(!MailStop::default().judge(&fates, Timestamp::UNIX_EPOCH), "it is none of the last thousand");
    }

    #[test]
    fn what_was_sent_before_it_went_on_does_not_stop_it_again() {
        let mut stop = MailStop::default();
        let now = Timestamp::constant(1_780_000_001, 0);
        assert!(stop.judge(&fates(100, 50, 0), now));
        assert!(!stop.judge(&fates(100, 50, 0), now));
        assert!(stop.resume(now));
        assert!(!stop.resume(now));
        assert!(!stop.judge(&fates(100, 50, 0), now));
    }
}
