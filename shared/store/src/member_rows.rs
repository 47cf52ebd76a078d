//! All rows of one member.

use aws_sdk_dynamodb::types::AttributeValue;
use rules::ids::MemberId;
use serde_json::{Map, Value};

use crate::{
    error::StoreError,
    keys::{self, DUE_PK, DUE_SK, Key, PK, SK},
    row::{self, FORMAT, Item, RowError},
    table::Store,
};

/// One row as it is stored, without its key and format.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// What comes before the `#` of its sort key.
    pub kind: String,
    pub content: Map<String, Value>,
}

impl Store {
    /// Everything in the member's partition, in the order of its sort keys.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn member_rows(&self, member: &MemberId) -> Result<Vec<MemberRow>, StoreError> {
        // no sort key begins before `!` or after `~`
        let query = self.between(&keys::partition(member), "!", "~");
        self.query_while("read all of a member", query, usize::MAX, read, |_| true).await
    }
}

fn read(mut item: Item) -> Result<MemberRow, RowError> {
    let sort_key = Key::of(&item).map(|key| key.sk).unwrap_or_default();
    item.values_mut().for_each(spell_out);
    let mut content: Map<String, Value> = row::read(item)?;
    for name in [PK, SK, FORMAT, DUE_PK, DUE_SK] {
        content.remove(name);
    }
    let kind = sort_key.split('#').next().unwrap_or_default().to_owned();
    Ok(MemberRow { kind, content })
}

/// JSON has no bytes: they become lists of numbers.
fn spell_out(value: &mut AttributeValue) {
    match value {
        AttributeValue::B(bytes) => {
            let numbers = bytes.as_ref().iter().map(|byte| AttributeValue::N(byte.to_string()));
            *value = AttributeValue::L(numbers.collect());
        }
        AttributeValue::L(values) => values.iter_mut().for_each(spell_out),
        AttributeValue::M(fields) => fields.values_mut().for_each(spell_out),
        _ => {}
    }
}
