//! What proves a statement of consent. It names nobody: it lies with the member whose it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consent::{Consent, ConsentState, Topic, TopicChoice};

/// One statement, kept as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentProof {
    pub at: Timestamp,
    /// What it says of marketing; nothing where it is about topics alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ConsentState>,
    /// Which topics it switches on or off.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub topics: BTreeMap<Topic, bool>,
    #[serde(flatten)]
    pub origin: ConsentOrigin,
}

/// How a statement came to us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentOrigin {
    /// Where it was made, e.g. `checkout`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The version of the words that they agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_version: Option<String>,
    /// The keyed hash of the network address that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_key: Option<String>,
}

impl ConsentOrigin {
    pub fn of(source: impl Into<String>) -> ConsentOrigin {
        ConsentOrigin { source: Some(source.into()), ..ConsentOrigin::default() }
    }

    /// Whether it shows what they agreed to, or where: a bare claim proves nothing.
    pub fn shows_something(&self) -> bool {
        self.source.is_some() || self.text_version.is_some() || self.origin_key.is_some()
    }
}

impl ConsentProof {
    /// What the change from one consent to the other rests on, a proof for each instant that it speaks of.
    pub fn of_change(before: &Consent, after: &Consent, origin: &ConsentOrigin) -> Vec<ConsentProof> {
        let mut proofs: BTreeMap<Timestamp, ConsentProof> = BTreeMap::new();
        if let (Some(at), true) =
            (after.marketing_at, (before.marketing, before.marketing_at) != (after.marketing, after.marketing_at))
        {
            proofs.entry(at).or_insert_with(|| ConsentProof::bare(at, origin)).state = Some(after.marketing);
        }
        let changed = |(topic, choice): &(&Topic, &TopicChoice)| before.topics.get(topic) != Some(choice);
        for (topic, choice) in after.topics.iter().filter(changed) {
            let proof = proofs.entry(choice.at).or_insert_with(|| ConsentProof::bare(choice.at, origin));
            proof.topics.insert(*topic, choice.on);
        }
        proofs.into_values().collect()
    }

    fn bare(at: Timestamp, origin: &ConsentOrigin) -> ConsentProof {
        ConsentProof { at, state: None, topics: BTreeMap::new(), origin: origin.clone() }
    }
}
