//! Addresses that nothing is sent to. The row is found by the keyed hash of the address, and outlives
//! the member.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::consent::{Consent, ConsentState};

const SOFT_BOUNCES: usize = 3;
const SOFT_BOUNCES_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Enough of them that one which is told late is counted among those of its own days.
const MOST_SOFT_BOUNCES_KEPT: usize = 12;

/// What is known against an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    /// Mail to it cannot be delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced_at: Option<Timestamp>,
    /// Who has it called a mail of ours spam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complained_at: Option<Timestamp>,
    /// Who had it was erased: only a consent that is newer lets mail go there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// The last times that it could not be delivered for the time being.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub soft_bounces: Vec<Timestamp>,
}

impl Suppression {
    /// Whether nothing goes there.
    pub fn holds(&self, consent: &Consent) -> bool {
        // who agrees anew has to be asked to confirm it
        let agrees = matches!(consent.marketing, ConsentState::Granted | ConsentState::Pending);
        let is_new_consent = |erased_at: Timestamp| agrees && consent.marketing_at.is_some_and(|at| at > erased_at);
        self.refuses_mail() || self.erased_at.is_some_and(|erased_at| !is_new_consent(erased_at))
    }

    /// Whether nothing gets there, or is wanted there, whoever has it.
    pub fn refuses_mail(&self) -> bool {
        self.bounced_at.is_some() || self.complained_at.is_some()
    }

    pub fn bounced(&mut self, at: Timestamp) {
        self.version += 1;
        self.bounced_at = earlier(self.bounced_at, at);
    }

    pub fn complained(&mut self, at: Timestamp) {
        self.version += 1;
        self.complained_at = earlier(self.complained_at, at);
    }

    pub fn erased(&mut self, at: Timestamp) {
        self.version += 1;
        self.erased_at = self.erased_at.max(Some(at));
    }

    /// Too many within two weeks are as good as a hard one.
    pub fn bounced_softly(&mut self, at: Timestamp) {
        self.version += 1;
        if self.soft_bounces.contains(&at) {
            return;
        }
        self.soft_bounces.push(at);
        self.soft_bounces.sort_unstable();
        let too_many = self.soft_bounces.windows(SOFT_BOUNCES).find_map(|some| {
            let (first, last) = (some.first()?, some.last()?);
            (last.duration_since(*first) <= SOFT_BOUNCES_WITHIN).then_some(*last)
        });
        if let Some(at) = too_many {
            self.bounced_at = earlier(self.bounced_at, at);
        }
        let too_old = self.soft_bounces.len().saturating_sub(MOST_SOFT_BOUNCES_KEPT);
        self.soft_bounces.drain(..too_old);
    }
}

/// Events come in any order.
fn earlier(known: Option<Timestamp>, at: Timestamp) -> Option<Timestamp> {
    Some(known.map_or(at, |known| known.min(at)))
}
