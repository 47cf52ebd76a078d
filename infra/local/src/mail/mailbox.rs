//! All mail that was taken, the oldest first; with a file, one line of JSON for each.

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use serde_json::Value;

use super::{
    events,
    message::{Letter, Mail},
};
use crate::error::LocalError;

pub(crate) struct Mailbox(Mutex<Kept>);

struct Kept {
    mail: Vec<Mail>,
    file: Option<File>,
    /// What SES would tell of it, and has not yet.
    events: VecDeque<Value>,
}

impl Mailbox {
    /// The mail of that file, or none.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Mailbox, LocalError> {
        let Some(path) = path else {
            return Ok(Mailbox(Mutex::new(Kept { mail: Vec::new(), file: None, events: VecDeque::new() })));
        };
        let unreadable = |reason: String| LocalError::Unreadable { file: path.clone(), reason };
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let file = file.map_err(|error| unreadable(error.to_string()))?;
        let lines = fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        // a line without an end was not written whole: its sender was never answered
        let whole = lines.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(u64::try_from(whole).unwrap_or(0)).map_err(|error| unreadable(error.to_string()))?;
        let lines = lines.get(..whole).unwrap_or("").lines();
        let mail = lines.map(serde_json::from_str).collect::<Result<_, _>>();
        let mail = mail.map_err(|error| unreadable(error.to_string()))?;
        Ok(Mailbox(Mutex::new(Kept { mail, file: Some(file), events: VecDeque::new() })))
    }

    /// Keeps it, and returns its id.
    pub(super) fn keep(&self, letter: Letter, sent_at: Timestamp) -> io::Result<String> {
        let mut kept = self.kept();
        let id = format!("local-{:012}", kept.mail.len() + 1);
        let mail = Mail { id: id.clone(), letter, sent_at };
        if let Some(file) = &mut kept.file {
            let mut line = serde_json::to_vec(&mail)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
        kept.events.extend(events::of(&mail));
        kept.mail.push(mail);
        Ok(id)
    }

    /// What SES would tell next, until it is told.
    pub(crate) fn first_event(&self) -> Option<Value> {
        self.kept().events.front().cloned()
    }

    pub(crate) fn drop_first_event(&self) {
        self.kept().events.pop_front();
    }

    /// All of it, or that to one address.
    pub(super) fn mail(&self, to: Option<&str>) -> Vec<Mail> {
        let kept = self.kept();
        kept.mail.iter().filter(|mail| to.is_none_or(|address| mail.is_to(address))).cloned().collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<Mail> {
        self.kept().mail.iter().find(|mail| mail.id == id).cloned()
    }

    pub(super) fn count_since(&self, at: Timestamp) -> usize {
        self.kept().mail.iter().filter(|mail| mail.sent_at > at).count()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
