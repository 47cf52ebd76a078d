//! What proves a statement of consent. It names nobody: it lies with the member whose it is.

use serde::{Deserialize, Serialize};

use crate::profile::ConsentChange;

/// One statement, kept as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentProof {
    #[serde(flatten)]
    pub marketing: ConsentChange,
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
