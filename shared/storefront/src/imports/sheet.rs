//! A CSV (RFC 4180): quoted fields with commas and line breaks in them, either kind of line end, a byte
//! order mark or none. A text that a spreadsheet would take for a formula is a text.

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::RawRow;

/// No export of a storefront has more.
const MAX_COLUMNS: usize = 1_000;
/// A longer field is a quote that was never closed.
const MAX_FIELD_BYTES: usize = 64 * 1024;

pub(crate) struct Sheet {
    header: Vec<String>,
    /// With their numbers in the file.
    pub(crate) records: Vec<(u64, StringRecord)>,
}

impl Sheet {
    /// # Errors
    /// Says why the text is no table.
    pub(crate) fn read(text: &str) -> Result<Sheet, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| format!("is no CSV: {error}"))?;
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err("has no header".to_owned());
        }
        if header.len() > MAX_COLUMNS {
            return Err(format!("has more than {MAX_COLUMNS} columns"));
        }
        let header = header.iter().map(|name| name.trim().to_owned()).collect();
        let records = (2..).zip(reader.records());
        let records: Result<Vec<_>, csv::Error> = records.map(|(number, record)| Ok((number, record?))).collect();
        let records = records.map_err(|error| format!("is no CSV: {error}"))?;
        if let Some((number, _)) = records.iter().find(|(_, record)| is_broken(record)) {
            return Err(format!(
                "has a field of more than {MAX_FIELD_BYTES} bytes from row {number} on: is a quote open?"
            ));
        }
        Ok(Sheet { header, records })
    }

    /// # Errors
    /// Names the first column that is missing.
    pub(crate) fn needs(&self, columns: &[&str]) -> Result<(), String> {
        let missing = columns.iter().find(|name| self.column(name).is_none());
        missing.map_or(Ok(()), |name| Err(format!("has no column `{name}`")))
    }

    /// # Errors
    /// Names the first column that is none of these.
    pub(crate) fn has_only(&self, columns: &[&str]) -> Result<(), String> {
        let other = self.header.iter().find(|name| !columns.iter().any(|column| name.eq_ignore_ascii_case(column)));
        other.map_or(Ok(()), |name| {
            let name: String = name.chars().take(40).collect();
            Err(format!("has a column `{name}`; those that are known are {}", columns.join(", ")))
        })
    }

    /// Each record as an object of these columns.
    pub(crate) fn rows(&self, columns: &[&str]) -> Vec<RawRow> {
        let row = |(number, record): &(u64, StringRecord)| RawRow {
            number: *number,
            lines: Vec::new(),
            json: Value::Object(self.object(record, columns)).to_string(),
        };
        self.records.iter().map(row).collect()
    }

    /// The cells that are not empty, by the names of their columns.
    pub(crate) fn object(&self, record: &StringRecord, columns: &[&str]) -> Map<String, Value> {
        let cell = |name: &&str| Some(((*name).to_owned(), value(self.cell(record, name)?)));
        columns.iter().filter_map(cell).collect()
    }

    pub(crate) fn cell<'r>(&self, record: &'r StringRecord, column: &str) -> Option<&'r str> {
        let text = record.get(self.column(column)?)?.trim();
        if text.is_empty() { None } else { Some(text) }
    }

    /// The first column of that name.
    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column.eq_ignore_ascii_case(name))
    }
}

fn value(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn is_broken(record: &StringRecord) -> bool {
    record.iter().any(|field| field.len() > MAX_FIELD_BYTES)
}
