//! Reads a JSON payload field by field, notes what is wrong and where, and goes on, so that one
//! answer names every field at fault. Numbers are taken from their text: no float ever holds money.

mod field;
mod forms;
mod object;

use std::cell::RefCell;

use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::event::{BadEvent, FieldProblem};
pub(crate) use field::Field;
pub(crate) use forms::{is_country_code, is_language_tag, is_web_address};
pub(crate) use object::Object;

/// More problems of one payload than this are not listed.
pub(crate) const MAX_PROBLEMS: usize = 20;
/// Real payloads nest seven deep.
const MAX_DEPTH: usize = 64;

/// One reading of one payload.
pub(crate) struct Reading {
    now: Timestamp,
    problems: RefCell<Vec<FieldProblem>>,
}

impl Reading {
    pub(crate) fn new(now: Timestamp) -> Self {
        Reading { now, problems: RefCell::default() }
    }

    /// The object that the payload is.
    pub(crate) fn root<'a>(&'a self, body: &'a [u8]) -> Option<Object<'a>> {
        let Ok(text) = str::from_utf8(body) else { return self.refuse("", "is not UTF-8") };
        if deeper_than(MAX_DEPTH, text) {
            return self.refuse("", format!("is nested deeper than {MAX_DEPTH} levels"));
        }
        match serde_json::from_str::<&RawValue>(text) {
            Ok(raw) => Field::new(Some(raw), String::new(), self).object(),
            Err(error) => self.refuse("", format!("is not JSON: {error}")),
        }
    }

    /// What follows from the first problem of a field is not another one.
    fn refuse<T>(&self, pointer: &str, reason: impl Into<String>) -> Option<T> {
        let mut problems = self.problems.borrow_mut();
        let is_known = problems.iter().any(|known| known.pointer == pointer);
        if problems.len() < MAX_PROBLEMS && !is_known {
            problems.push(FieldProblem { pointer: pointer.to_owned(), reason: reason.into() });
        }
        None
    }

    /// What was read, unless anything was wrong.
    pub(crate) fn finish<T>(self, read: Option<T>) -> Result<T, BadEvent> {
        match read {
            Some(read) if self.problems.borrow().is_empty() => Ok(read),
            Some(_) => Err(BadEvent { problems: self.problems.into_inner() }),
            None => {
                if self.problems.borrow().is_empty() {
                    self.refuse::<()>("", "could not be read");
                }
                Err(BadEvent { problems: self.problems.into_inner() })
            }
        }
    }
}

/// Counted by hand: the parser skips what it is not asked for without any limit.
fn deeper_than(limit: usize, json: &str) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

/// As much of what was sent as a problem repeats.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
