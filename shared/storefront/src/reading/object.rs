//! A JSON object at its place in the payload.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Field, Reading};

pub(crate) struct Object<'a> {
    fields: BTreeMap<String, &'a RawValue>,
    pointer: String,
    reading: &'a Reading,
}

impl<'a> Object<'a> {
    pub(super) fn new(fields: BTreeMap<String, &'a RawValue>, pointer: String, reading: &'a Reading) -> Self {
        Object { fields, pointer, reading }
    }

    /// The field of that name, which may be null or missing.
    pub(crate) fn get(&self, name: &str) -> Field<'a> {
        let raw = self.fields.get(name).copied().filter(|raw| raw.get() != "null");
        Field::new(raw, format!("{}/{}", self.pointer, escaped(name)), self.reading)
    }

    /// The field of that name, which must be there.
    pub(crate) fn need(&self, name: &str) -> Field<'a> {
        let field = self.get(name);
        if field.is_absent() {
            field.refuse::<()>("is missing");
        }
        field
    }

    /// The object in the field of that name, if there is one.
    pub(crate) fn object(&self, name: &str) -> Option<Object<'a>> {
        self.get(name).object()
    }

    /// The objects of the list in the field of that name; none if it is null or missing.
    pub(crate) fn objects(&self, name: &str) -> Vec<Object<'a>> {
        self.get(name).objects()
    }

    /// The field of that name, which must be there and the only one.
    pub(crate) fn need_alone(&self, name: &str) -> Field<'a> {
        let field = self.need(name);
        if self.fields.keys().any(|other| other != name) {
            field.refuse::<()>("must be the only field");
        }
        field
    }

    /// Something is wrong with the object as such.
    pub(crate) fn refuse<T>(&self, reason: impl Into<String>) -> Option<T> {
        self.reading.refuse(&self.pointer, reason)
    }

    /// Refuses every field that is none of these.
    pub(crate) fn has_only(&self, known: &[&str]) {
        for name in self.fields.keys().filter(|name| !known.contains(&name.as_str())) {
            self.reading.refuse::<()>(&format!("{}/{}", self.pointer, escaped(name)), "is not known");
        }
    }

    /// The fields whose names end so.
    pub(crate) fn ending_in(&self, suffix: &str) -> impl Iterator<Item = Field<'a>> {
        self.fields.keys().filter(move |name| name.ends_with(suffix)).map(|name| self.get(name))
    }
}

/// RFC 6901, section 3.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
