//! Reading a program's document: every fault in one go, not only the first. A fault is noted and, on a
//! copy, mended with a sample, so that what comes after it is read too. Nothing of a mended copy is kept.

use serde_json::{Value, json};
use serde_path_to_error::{Error, Path, Segment};

use crate::{program::Program, program_check::Problem};

/// More faults than this are not listed.
const MAX_FAULTS: usize = 50;
/// A version is one row, of which DynamoDB takes 400 KB.
const MAX_DOCUMENT_BYTES: usize = 300_000;

impl Program {
    /// The program that the document is.
    ///
    /// # Errors
    /// Everything that is wrong with its shape and its rules, each with a pointer to it.
    pub fn read(document: &Value) -> Result<Program, Vec<Problem>> {
        let mut reading = Reading { document: document.clone(), found: Vec::new(), samples: samples() };
        let program = reading.program();
        let Reading { mut found, .. } = reading;
        let of_shape: Vec<String> = found.iter().map(|fault| fault.pointer.clone()).collect();
        if let Some(program) = &program {
            // what was mended says nothing of the document
            let is_of_document = |problem: &Problem| {
                !of_shape.iter().any(|mended| covers(mended, &problem.pointer) || covers(&problem.pointer, mended))
            };
            found.extend(program.problems().into_iter().filter(is_of_document));
        }
        found.truncate(MAX_FAULTS);
        match program {
            Some(program) if found.is_empty() => program.within_a_row(),
            _ => Err(found),
        }
    }

    fn within_a_row(self) -> Result<Program, Vec<Problem>> {
        let bytes = serde_json::to_vec(&self).map_or(usize::MAX, |text| text.len());
        if bytes <= MAX_DOCUMENT_BYTES {
            return Ok(self);
        }
        let reason = format!("is {bytes} bytes of JSON; a program may have {MAX_DOCUMENT_BYTES}");
        Err(vec![Problem { pointer: String::new(), reason }])
    }
}

struct Reading {
    document: Value,
    found: Vec<Problem>,
    samples: [Value; 2],
}

/// One fault of the shape.
struct Fault {
    pointer: String,
    reason: String,
    /// The field has no place there.
    is_unknown: bool,
}

impl Reading {
    fn program(&mut self) -> Option<Program> {
        let mut next = self.attempt();
        loop {
            let fault = match next {
                Ok(program) => return Some(program),
                Err(fault) => fault,
            };
            let is_news = !self.found.iter().any(|known| known.pointer == fault.pointer);
            if !is_news || self.found.len() >= MAX_FAULTS {
                return None;
            }
            self.found.push(Problem { pointer: fault.pointer.clone(), reason: fault.reason.clone() });
            next = self.mended(&fault)?;
        }
    }

    fn attempt(&self) -> Result<Program, Fault> {
        serde_path_to_error::deserialize(&self.document).map_err(|error| Fault::of(&error, &self.document))
    }

    /// What is read once the fault is mended, if a sample or leaving it out mends it.
    fn mended(&mut self, fault: &Fault) -> Option<Result<Program, Fault>> {
        // what kind a thing is decides what else is in it, so all of it is replaced
        let place = fault.pointer.strip_suffix("/kind").unwrap_or(&fault.pointer);
        let segments: Vec<&str> = place.split('/').skip(1).collect();
        let mut candidates: Vec<Option<Value>> = Vec::new();
        if !fault.is_unknown {
            let samples = self.samples.iter().flat_map(|sample| at_place(sample, &segments));
            candidates.extend(samples.cloned().map(Some));
        }
        candidates.push(None);
        let before = self.document.clone();
        for candidate in candidates {
            if place_value(&mut self.document, place, candidate).is_some() {
                match self.attempt() {
                    Err(next) if covers(place, &next.pointer) => {}
                    next => return Some(next),
                }
            }
            self.document.clone_from(&before);
        }
        None
    }
}

impl Fault {
    fn of(error: &Error<serde_json::Error>, document: &Value) -> Fault {
        let (mut pointer, message) = (pointer_of(error.path()), error.inner().to_string());
        let is_unknown = message.starts_with("unknown field") || message.contains("is not a field of the kind");
        let is_missing = message.starts_with("missing field");
        let named = message.split('`').nth(1).filter(|_| {
            let of_whole = message.starts_with('`') && document.pointer(&pointer).is_some_and(Value::is_object);
            is_missing || is_unknown || of_whole
        });
        if let Some(field) = named.map(escaped).filter(|field| !pointer.ends_with(&format!("/{field}")) || is_missing) {
            pointer = format!("{pointer}/{field}");
        }
        let reason = if is_missing { "is missing".to_owned() } else { message };
        Fault { pointer, reason, is_unknown }
    }
}

/// Whether the second place is the first or inside it.
fn covers(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn pointer_of(path: &Path) -> String {
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(part).map(|part| format!("/{part}")).collect()
}

/// RFC 6901, section 3.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Puts the value at that place or, without one, leaves the field out.
fn place_value(document: &mut Value, place: &str, value: Option<Value>) -> Option<()> {
    let (parent, name) = place.rsplit_once('/')?;
    match (document.pointer_mut(parent)?, value) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(unescaped(name), value)),
        (Value::Object(fields), None) => drop(fields.remove(&unescaped(name))?),
        (Value::Array(items), Some(value)) => *items.get_mut(name.parse::<usize>().ok()?)? = value,
        _ => return None,
    }
    Some(())
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// What a sample has at such a place: in whichever entry of a list, or of a map with names of its own.
fn at_place<'a>(sample: &'a Value, segments: &[&str]) -> Vec<&'a Value> {
    let Some((first, rest)) = segments.split_first() else { return vec![sample] };
    match sample {
        Value::Array(items) => items.iter().flat_map(|item| at_place(item, rest)).collect(),
        Value::Object(fields) => match fields.get(&unescaped(first)) {
            Some(field) => at_place(field, rest),
            None => fields.values().flat_map(|field| at_place(field, rest)).collect(),
        },
        _ => Vec::new(),
    }
}

/// The program that we ship, and what it has none of.
fn samples() -> [Value; 2] {
    let shipped = Program::starting().and_then(serde_json::to_value).unwrap_or_default();
    let window = json!({"kind": "window", "from_at": "2026-01-01T00:00:00Z", "to_at": "2026-01-02T00:00:00Z"});
    let weekdays = json!({"kind": "weekdays", "days": ["monday"], "zone": "shop"});
    let more = json!({
        "starts_on": "2026-01-01",
        "earning": {"exchange_rates": {"EUR": "1"}, "excluded_products": ["1"]},
        "campaigns": [{"when": window}, {"when": weekdays}],
        "reviews": {"publish": "after_approval"},
    });
    [shipped, more]
}
