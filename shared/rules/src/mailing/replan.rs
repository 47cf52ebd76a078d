//! Planning again what a new program plans otherwise: from one end of the table to the other, in as many runs as
//! that takes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::program::Program;

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replan {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    /// By which version of the program.
    pub program_version: u64,
    /// Where the next run goes on; none at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
}

impl Replan {
    /// From the beginning, by that version.
    pub fn begin(&mut self, program_version: u64) {
        self.version += 1;
        (self.program_version, self.after, self.done_at) = (program_version, None, None);
    }

    /// So far; without a place, to the end.
    pub fn go_on(&mut self, after: Option<String>, now: Timestamp) {
        self.version += 1;
        self.done_at = after.is_none().then_some(now);
        self.after = after;
    }

    pub fn is_under_way(&self) -> bool {
        self.version > 0 && self.done_at.is_none()
    }
}

impl Program {
    /// Whether what is planned under the other program may be planned otherwise under this one.
    pub fn plans_other_mail_than(&self, other: &Program) -> bool {
        let times = |program: &Program| {
            let mail = &program.mail;
            (mail.mode, mail.sender.is_some(), mail.transit_days, mail.scenarios.clone())
        };
        times(self) != times(other) || (self.starts_on, &self.zone) != (other.starts_on, &other.zone)
    }
}
