//! Rows: a value with its key and its format. Every row that is read passes here, so that a later
//! format has one place to bring older ones up to date.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::keys::{self, Key};

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) const FORMAT: &str = "v";
/// The newest format, which is the one that is written.
const NEWEST: u64 = 1;

#[derive(Debug, thiserror::Error)]
pub(crate) enum RowError {
    #[error("the row {row} has format {found}; this version knows formats up to {NEWEST}")]
    TooNew { row: String, found: u64 },
    /// Without serde's reason: it may quote what the row says of a person.
    #[error("the row {row} cannot be read as {kind}")]
    Malformed { row: String, kind: &'static str },
    #[error("a value cannot be written as {kind}")]
    Unwritable { kind: &'static str },
}

pub(crate) fn format() -> AttributeValue {
    AttributeValue::N(NEWEST.to_string())
}

pub(crate) fn write<T: Serialize>(key: &Key, value: &T) -> Result<Item, RowError> {
    let unwritable = |_| RowError::Unwritable { kind: std::any::type_name::<T>() };
    let mut item: Item = serde_dynamo::to_item(value).map_err(unwritable)?;
    item.extend(key.attributes());
    item.insert(FORMAT.to_owned(), format());
    Ok(item)
}

pub(crate) fn read<T: DeserializeOwned>(item: Item) -> Result<T, RowError> {
    let malformed = RowError::malformed::<T>(&item);
    let found: Option<u64> = item.get(FORMAT).and_then(|format| format.as_n().ok()?.parse().ok());
    match found {
        Some(1) => serde_dynamo::from_item(item).map_err(|_| malformed),
        Some(found) if found > NEWEST => Err(RowError::TooNew { row: name_of(&item), found }),
        _ => Err(malformed),
    }
}

impl RowError {
    pub(crate) fn malformed<T>(item: &Item) -> RowError {
        RowError::Malformed { row: name_of(item), kind: std::any::type_name::<T>() }
    }
}

/// The row's key for people, without what a caller made up.
fn name_of(item: &Item) -> String {
    match Key::of(item) {
        Some(key) if key.sk == keys::ANSWER => format!("`{}`", key.sk),
        Some(key) => format!("`{}` `{}`", key.pk, key.sk),
        None => "without a key".to_owned(),
    }
}
