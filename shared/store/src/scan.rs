//! Every order and account there is, page by page: for the few questions that are about all of them.

use std::fmt;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use rules::{account::Account, ids::MemberId, order::Order, profile::Profile};

use crate::{
    error::{Cause, StoreError},
    keys::{self, Key, SK},
    row::{self, Item, RowError},
    table::Store,
};

const OPERATION: &str = "scan orders and accounts";
/// Of whatever kind: an answer of a whole megabyte takes longer than any other call.
const ROWS_OF_A_PAGE: i32 = 1_000;

/// What one page of the table has.
#[derive(Debug, Default)]
pub struct Scanned {
    /// In the order of the scan.
    pub rows: Vec<ScannedRow>,
    /// Where the next page begins; nothing after the last.
    pub next: Option<ScanFrom>,
}

/// One row, and where a scan goes on after it.
#[derive(Debug)]
pub struct ScannedRow {
    pub at: ScanFrom,
    pub row: Scan,
}

#[derive(Debug)]
pub enum Scan {
    Order(Box<Order>),
    Account(MemberId, Box<Account>),
    Profile(Box<Profile>),
    /// Of a newer format, or broken: one row must not keep all others from being read.
    Unreadable(StoreError),
}

/// A key after which a scan goes on; as text, of characters that an address takes.
#[derive(Clone, Debug)]
pub struct ScanFrom(Key);

impl ScanFrom {
    pub fn after_account(member: &MemberId) -> ScanFrom {
        ScanFrom(keys::account(member))
    }

    /// Reads the text of one.
    pub fn parse(text: &str) -> Option<ScanFrom> {
        let (pk, sk) = text.split_once('.')?;
        Some(ScanFrom(Key::new(unspelled(pk)?, unspelled(sk)?)))
    }
}

impl fmt::Display for ScanFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelled =
            |f: &mut fmt::Formatter<'_>, text: &str| text.bytes().try_for_each(|byte| write!(f, "{byte:02x}"));
        spelled(f, &self.0.pk)?;
        f.write_str(".")?;
        spelled(f, &self.0.sk)
    }
}

fn unspelled(digits: &str) -> Option<String> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(pairs.collect::<Option<_>>()?).ok().filter(|text| !text.is_empty())
}

impl Store {
    /// One page, of at most a thousand rows of whatever kind. What was committed in the last moments
    /// may be missing.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn scan(&self, from: Option<ScanFrom>) -> Result<Scanned, StoreError> {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let answer = self
            .client
            .scan()
            .table_name(&self.table)
            .limit(ROWS_OF_A_PAGE)
            .filter_expression("#sk IN (:order, :account, :profile)")
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":order", text(keys::ORDER))
            .expression_attribute_values(":account", text(keys::ACCOUNT))
            .expression_attribute_values(":profile", text(keys::PROFILE))
            .set_exclusive_start_key(from.map(|from| from.0.attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .send()
            .await
            .map_err(|error| StoreError::of_call(OPERATION, error))?;
        let next = answer.last_evaluated_key.and_then(|item| Key::of(&item)).map(ScanFrom);
        Ok(Scanned { rows: answer.items.unwrap_or_default().into_iter().filter_map(scanned).collect(), next })
    }

    /// Whether anybody has bought or joined yet.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn has_orders_or_accounts(&self) -> Result<bool, StoreError> {
        let is_either = |one: &ScannedRow| !matches!(one.row, Scan::Profile(_));
        let mut page = self.scan(None).await?;
        while !page.rows.iter().any(is_either) {
            let Some(next) = page.next else { return Ok(false) };
            page = self.scan(Some(next)).await?;
        }
        Ok(true)
    }
}

fn scanned(item: Item) -> Option<ScannedRow> {
    let key = Key::of(&item)?;
    let row = read(&key, item).unwrap_or_else(|error| Scan::Unreadable(StoreError::new(OPERATION, Cause::Row(error))));
    Some(ScannedRow { at: ScanFrom(key), row })
}

fn read(key: &Key, item: Item) -> Result<Scan, RowError> {
    Ok(match key.sk.as_str() {
        keys::ORDER => Scan::Order(Box::new(row::read(item)?)),
        keys::PROFILE => Scan::Profile(Box::new(row::read(item)?)),
        _ => {
            let member = keys::member_of(&key.pk).ok_or_else(|| RowError::malformed::<Account>(&item))?;
            Scan::Account(member, Box::new(row::read(item)?))
        }
    })
}
