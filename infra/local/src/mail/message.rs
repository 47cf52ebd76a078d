//! A mail as it was taken.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// What SES would call its message id.
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) letter: Letter,
    pub(super) sent_at: Timestamp,
}

/// What the sender said; the first three are their tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    pub(super) message_id: Option<String>,
    pub(super) member_id: Option<String>,
    pub(super) scenario: Option<String>,
    /// All recipients, with commas between them.
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) headers: Vec<Header>,
    pub(super) html: Option<String>,
    pub(super) text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) value: String,
}

impl Mail {
    /// Whether the address is among the recipients, with or without a name around it.
    pub(super) fn is_to(&self, address: &str) -> bool {
        let bare = |recipient: &str| {
            let inside = recipient.split_once('<').and_then(|(_, rest)| Some(rest.split_once('>')?.0.to_owned()));
            inside.unwrap_or_else(|| recipient.to_owned()).trim().to_lowercase()
        };
        self.letter.to.split(',').any(|recipient| bare(recipient) == bare(address))
    }
}

impl Header {
    pub(super) fn new(name: &str, value: impl Into<String>) -> Header {
        Header { name: name.to_owned(), value: value.into() }
    }
}
