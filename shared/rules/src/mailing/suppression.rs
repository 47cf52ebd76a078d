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
    /// Mail to it cannot be delivered: a hard bounce.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced_at: Option<Timestamp>,
    /// Who has it called a mail of ours spam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complained_at: Option<Timestamp>,
    /// Who had it was erased: only a consent that is newer lets mail go there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// What is older is not against it any more: who has it confirmed from it that they want mail, or the shop knows
    /// better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted_at: Option<Timestamp>,
    /// The last mails that could not be delivered for the time being, each by its first soft bounce.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub soft_bounces: Vec<Timestamp>,
}

/// Why mail does not get to somebody who wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    Bounced,
    Complained,
}

impl Suppression {
    /// What holds mail back from there whatever its owner says on a page but that of a confirmation.
    pub fn hindrance(&self) -> Option<Hindrance> {
        let complained = self.complained_at.map(|_| Hindrance::Complained);
        complained.or(self.unreachable_since().map(|_| Hindrance::Bounced))
    }

    /// Since when nothing gets there: too many soft bounces within two weeks are as good as a hard one.
    pub fn unreachable_since(&self) -> Option<Timestamp> {
        let too_many = self.soft_bounces.windows(SOFT_BOUNCES).find_map(|some| {
            let (first, last) = (some.first()?, some.last()?);
            (last.duration_since(*first) <= SOFT_BOUNCES_WITHIN).then_some(*last)
        });
        self.bounced_at.into_iter().chain(too_many).min()
    }

    /// Mail arrives there and is wanted; false if nothing was against it.
    pub fn lift(&mut self, at: Timestamp) -> bool {
        if self.hindrance().is_none() && self.soft_bounces.is_empty() {
            return false;
        }
        self.version += 1;
        self.lifted_at = Some(at);
        (self.bounced_at, self.complained_at) = (None, None);
        self.soft_bounces.clear();
        true
    }

    fn is_outdated(&self, at: Timestamp) -> bool {
        self.lifted_at.is_some_and(|lifted_at| at <= lifted_at)
    }

    /// Whether nothing goes there.
    pub fn holds(&self, consent: &Consent) -> bool {
        // who agrees anew has to be asked to confirm it
        let agrees = matches!(consent.marketing, ConsentState::Granted | ConsentState::Pending);
        let is_new_consent = |erased_at: Timestamp| agrees && consent.marketing_at.is_some_and(|at| at > erased_at);
        self.refuses_mail() || self.erased_at.is_some_and(|erased_at| !is_new_consent(erased_at))
    }

    /// Whether nothing gets there, or is wanted there, whoever has it.
    pub fn refuses_mail(&self) -> bool {
        self.hindrance().is_some()
    }

    pub fn bounced(&mut self, at: Timestamp) {
        self.version += 1;
        if !self.is_outdated(at) {
            self.bounced_at = earlier(self.bounced_at, at);
        }
    }

    pub fn complained(&mut self, at: Timestamp) {
        self.version += 1;
        if !self.is_outdated(at) {
            self.complained_at = earlier(self.complained_at, at);
        }
    }

    pub fn erased(&mut self, at: Timestamp) {
        self.version += 1;
        self.erased_at = self.erased_at.max(Some(at));
    }

    pub fn bounced_softly(&mut self, at: Timestamp) {
        self.version += 1;
        if self.is_outdated(at) || self.soft_bounces.contains(&at) {
            return;
        }
        self.soft_bounces.push(at);
        self.soft_bounces.sort_unstable();
        let too_old = self.soft_bounces.len().saturating_sub(MOST_SOFT_BOUNCES_KEPT);
        self.soft_bounces.drain(..too_old);
    }

    /// The mail that bounced softly then has arrived after all, or did so before.
    pub fn arrived_after_all(&mut self, bounced_at: Timestamp) {
        self.version += 1;
        self.soft_bounces.retain(|at| *at != bounced_at);
    }
}

/// Events come in any order.
fn earlier(known: Option<Timestamp>, at: Timestamp) -> Option<Timestamp> {
    Some(known.map_or(at, |known| known.min(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_confirmation_ends_what_was_against_the_address_and_an_old_event_that_comes_again_does_not_bring_it_back() {
        let (early, late) = (at("2026-06-20T10:00:00Z"), at("2026-06-20T12:00:00Z"));
        let mut address = Suppression::default();
        assert!(!address.lift(early), "nothing was against it");
        address.bounced(early);
        address.complained(early);
        assert_eq!(address.hindrance(), Some(Hindrance::Complained));
        assert!(address.lift(at("2026-06-20T11:00:00Z")));
        for event in [Suppression::bounced, Suppression::complained, Suppression::bounced_softly] {
            event(&mut address, early);
        }
        assert_eq!((address.hindrance(), address.soft_bounces.len()), (None, 0));
        address.bounced(late);
        assert_eq!(address.hindrance(), Some(Hindrance::Bounced));
    }
}
