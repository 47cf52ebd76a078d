//! What must be so for a row to be written or deleted; if it is not, nothing of its plan is.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use rules::ids::MemberId;
use serde::Serialize;

use crate::{
    error::Cause,
    keys::{EXPIRES_AT, Key, PK},
    lookups::Lookup,
    row::{self, Item},
};

/// The attribute of a lookup that says whom it leads to.
const MEMBER: &str = "member";

#[derive(Clone, Copy)]
pub(crate) enum Guard<'a> {
    None,
    IsNew,
    IsThere,
    LeadsToNobody,
    LeadsTo(&'a MemberId),
    Follows { version: u64 },
    IsNewOrExpired { now: i64 },
}

struct Condition {
    expression: &'static str,
    names: HashMap<String, String>,
    values: Option<HashMap<String, AttributeValue>>,
}

impl Guard<'_> {
    fn condition(self) -> Option<Condition> {
        let number = |number: String| AttributeValue::N(number);
        let (expression, names, value): (_, &[(&str, &str)], _) = match self {
            Guard::None => return None,
            Guard::IsNew => ("attribute_not_exists(#pk)", &[("#pk", PK)], None),
            Guard::IsThere => ("attribute_exists(#pk)", &[("#pk", PK)], None),
            Guard::LeadsToNobody => ("attribute_not_exists(#member)", &[("#member", MEMBER)], None),
            Guard::LeadsTo(member) => {
                let member = AttributeValue::S(member.to_string());
                ("#member = :member", &[("#member", MEMBER)], Some((":member", member)))
            }
            Guard::Follows { version } => {
                let version = number(version.to_string());
                ("#version = :version", &[("#version", "version")], Some((":version", version)))
            }
            Guard::IsNewOrExpired { now } => {
                let expression = "attribute_not_exists(#pk) OR #expires_at <= :now";
                (expression, &[("#pk", PK), ("#expires_at", EXPIRES_AT)], Some((":now", number(now.to_string()))))
            }
        };
        let names = names.iter().map(|(name, of)| ((*name).to_owned(), (*of).to_owned())).collect();
        let values = value.map(|(name, value)| HashMap::from([(name.to_owned(), value)]));
        Some(Condition { expression, names, values })
    }
}

/// Its version is one above the stored one's, or 1 where nothing is stored.
pub(crate) fn follows(row: &'static str, version: u64) -> Result<Guard<'static>, Cause> {
    match version {
        0 => Err(Cause::Unguarded(row)),
        1 => Ok(Guard::IsNew),
        version => Ok(Guard::Follows { version: version - 1 }),
    }
}

/// Makes a lookup lead to a member where it leads to nobody.
pub(crate) fn claim(table: &str, key: &Key, member: &MemberId) -> Result<TransactWriteItem, Cause> {
    put(table, key, &Lookup::to(Some(member)), Guard::LeadsToNobody)
}

/// Makes a lookup of one member lead to another, or to nobody.
pub(crate) fn lead(table: &str, key: &Key, from: &MemberId, to: Option<&MemberId>) -> Result<TransactWriteItem, Cause> {
    put(table, key, &Lookup::to(to), Guard::LeadsTo(from))
}

pub(crate) fn put<T: Serialize>(
    table: &str,
    key: &Key,
    value: &T,
    guard: Guard<'_>,
) -> Result<TransactWriteItem, Cause> {
    put_item(table, row::write(key, value)?, guard)
}

pub(crate) fn put_item(table: &str, item: Item, guard: Guard<'_>) -> Result<TransactWriteItem, Cause> {
    let mut put = Put::builder().table_name(table).set_item(Some(item));
    if let Some(Condition { expression, names, values }) = guard.condition() {
        put = put.condition_expression(expression).set_expression_attribute_names(Some(names));
        put = put.set_expression_attribute_values(values);
    }
    let put = put.build().map_err(|error| Cause::Refused(Box::new(error)))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

pub(crate) fn delete(table: &str, key: &Key, guard: Guard<'_>) -> Result<TransactWriteItem, Cause> {
    let mut delete = Delete::builder().table_name(table).set_key(Some(key.attributes()));
    if let Some(Condition { expression, names, values }) = guard.condition() {
        delete = delete.condition_expression(expression).set_expression_attribute_names(Some(names));
        delete = delete.set_expression_attribute_values(values);
    }
    let delete = delete.build().map_err(|error| Cause::Refused(Box::new(error)))?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}
