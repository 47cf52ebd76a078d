//! Files of what was before: members, opening balances, consents and past orders, as a merchant exports
//! them from their storefront or writes them in our own format. A row that cannot be read is told with
//! its number, its field and the reason, and keeps no other from being read.
//!
//! | kind | formats |
//! | --- | --- |
//! | `members` | `regulars`, `shopify_csv` (customers), `woocommerce_csv` (customers, of its analytics) |
//! | `balances`, `consents` | `regulars` |
//! | `orders` | `regulars` (the order of Standard Webhooks), `shopify_csv`, `woocommerce_json` (REST) |
//!
//! WooCommerce has no CSV of orders that could be imported: the one of its analytics tells neither an
//! address nor the lines' prices, and those of plugins have columns as their users choose them.

mod balances;
mod consents;
mod members;
mod sheet;
mod who;

use jiff::{Timestamp, civil::Date};
use rules::{
    consent_proof::ConsentProof,
    email::Email,
    ids::{CustomerKey, MemberId, Source},
    points::Points,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    email_keys::EmailKeys,
    event::{BadEvent, Event, OrderEvent},
    reading::{Object, Reading},
    shopify, standard_webhooks, woocommerce,
};
pub(crate) use members::is_name;
pub(crate) use sheet::Sheet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Members,
    Balances,
    Consents,
    Orders,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Regulars,
    ShopifyCsv,
    WooCommerceCsv,
    WooCommerceJson,
}

/// What was sent: a CSV with its header, or rows that are JSON objects.
#[derive(Clone, Debug)]
pub enum Data<'a> {
    Csv(&'a str),
    Rows(Vec<&'a RawValue>),
}

/// One row, or the rows that tell of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As the file numbers it: the header of a CSV is 1, and so is the first of a list.
    pub number: u64,
    pub read: Result<Entry, BadRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "a file has many of one kind, and most are orders")]
pub enum Entry {
    Member(MemberEntry),
    Balance(BalanceEntry),
    Consent(ConsentEntry),
    Order(OrderEvent),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    pub number: u64,
    pub field: Option<String>,
    pub reason: String,
}

/// Whom a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Email(Email),
    Customer(CustomerKey),
    Member(MemberId),
}

/// Somebody who is, or is to be, a member.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberEntry {
    pub email: Option<Email>,
    pub name: Option<String>,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub country: Option<String>,
    pub birthday: Option<Date>,
    pub links: Vec<CustomerKey>,
    pub enrolled: bool,
    /// They get the points that the program gives for enrolment.
    pub enrol_points: bool,
    pub joined_at: Option<Timestamp>,
    pub consent: Option<ConsentProof>,
}

/// Points that somebody has from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceEntry {
    pub who: Who,
    pub points: Points,
    pub expires_on: Option<Date>,
    pub reference: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEntry {
    pub who: Who,
    pub consent: ConsentProof,
}

/// A file that cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {reason}")]
pub struct BadFile {
    pub field: &'static str,
    pub reason: String,
}

/// One row as JSON, with the numbers of the rows that its lines came from.
pub(crate) struct RawRow {
    pub(crate) number: u64,
    pub(crate) lines: Vec<u64>,
    pub(crate) json: String,
}

type ReadRow = fn(&Object, &Context) -> Option<Entry>;

/// What a row is read with.
pub(crate) struct Context<'a> {
    pub(crate) source: &'a Source,
    pub(crate) keys: &'a EmailKeys,
    pub(crate) today: Date,
}

/// Reads a part of a file. Orders come in the order in which they were paid, so that each is priced
/// by the tier that the earlier ones made.
///
/// # Errors
/// `BadFile` if it is no CSV with the columns that the format needs, or no format of that kind.
pub fn read(
    source: &Source,
    kind: Kind,
    format: Format,
    data: &Data,
    keys: &EmailKeys,
    now: Timestamp,
) -> Result<Vec<Row>, BadFile> {
    let (raw, read_row) = raw_rows(kind, format, data)?;
    let context = Context { source, keys, today: now.to_zoned(jiff::tz::TimeZone::UTC).date() };
    let mut rows: Vec<Row> = raw.iter().map(|raw| row(raw, read_row, &context, now)).collect();
    if kind == Kind::Orders {
        rows.sort_by_key(|row| (paid_at(row), row.number));
    }
    Ok(rows)
}

fn raw_rows(kind: Kind, format: Format, data: &Data) -> Result<(Vec<RawRow>, ReadRow), BadFile> {
    let raw: (Result<Vec<RawRow>, String>, ReadRow) = match (kind, format, data) {
        (Kind::Members, Format::Regulars, _) => (plain(data, members::COLUMNS), members::read),
        (Kind::Balances, Format::Regulars, _) => (plain(data, balances::COLUMNS), balances::read),
        (Kind::Consents, Format::Regulars, _) => (plain(data, consents::COLUMNS), consents::read),
        (Kind::Orders, Format::Regulars, Data::Rows(list)) => (Ok(listed(list)), order_of_standard_webhooks),
        (Kind::Orders, Format::WooCommerceJson, Data::Rows(list)) => (Ok(listed(list)), order_of_woocommerce),
        (Kind::Members, Format::ShopifyCsv, Data::Csv(text)) => {
            (shopify::customers_csv::rows(text), shopify::customers_csv::read)
        }
        (Kind::Orders, Format::ShopifyCsv, Data::Csv(text)) => {
            (shopify::orders_csv::rows(text), shopify::orders_csv::read)
        }
        (Kind::Members, Format::WooCommerceCsv, Data::Csv(text)) => {
            (woocommerce::customers_csv::rows(text), woocommerce::customers_csv::read)
        }
        (_, Format::Regulars | Format::WooCommerceJson, Data::Csv(_)) if kind == Kind::Orders => {
            return Err(BadFile { field: "data", reason: "must be a list of orders".to_owned() });
        }
        (Kind::Members, Format::ShopifyCsv | Format::WooCommerceCsv, Data::Rows(_))
        | (Kind::Orders, Format::ShopifyCsv, Data::Rows(_)) => {
            return Err(BadFile { field: "data", reason: "must be the text of a CSV".to_owned() });
        }
        _ => return Err(BadFile { field: "format", reason: "is no format of this kind".to_owned() }),
    };
    match raw {
        (Ok(rows), read_row) => Ok((rows, read_row)),
        (Err(reason), _) => Err(BadFile { field: "data", reason }),
    }
}

/// Rows of our own format: objects, or a CSV whose columns are their fields.
fn plain(data: &Data, columns: &[&str]) -> Result<Vec<RawRow>, String> {
    match data {
        Data::Rows(list) => Ok(listed(list)),
        Data::Csv(text) => {
            let sheet = Sheet::read(text)?;
            sheet.has_only(columns)?;
            Ok(sheet.rows(columns))
        }
    }
}

fn listed(list: &[&RawValue]) -> Vec<RawRow> {
    let raw = |(number, row): (u64, &&RawValue)| RawRow { number, lines: Vec::new(), json: row.get().to_owned() };
    (1..).zip(list).map(raw).collect()
}

fn row(raw: &RawRow, read_row: ReadRow, context: &Context, now: Timestamp) -> Row {
    let reading = Reading::new(now);
    let entry = reading.root(raw.json.as_bytes()).and_then(|object| read_row(&object, context));
    let read = reading.finish(entry).map_err(|bad| raw.bad(bad));
    Row { number: raw.number, read }
}

impl RawRow {
    /// The first fault, at the row and the field that it is in.
    fn bad(&self, bad: BadEvent) -> BadRow {
        let Some(first) = bad.problems.into_iter().next() else {
            return BadRow { number: self.number, field: None, reason: "cannot be read".to_owned() };
        };
        let path = first.pointer.strip_prefix('/').unwrap_or("");
        let in_line = path.strip_prefix("lines/").and_then(|rest| rest.split_once('/'));
        let line = in_line.and_then(|(index, field)| Some((*self.lines.get(index.parse::<usize>().ok()?)?, field)));
        let (number, field) = line.unwrap_or((self.number, path));
        BadRow { number, field: Some(field.to_owned()).filter(|field| !field.is_empty()), reason: first.reason }
    }
}

fn order_of_standard_webhooks(row: &Object, context: &Context) -> Option<Entry> {
    order(row, standard_webhooks::exported(row, context.keys)?)
}

fn order_of_woocommerce(row: &Object, context: &Context) -> Option<Entry> {
    order(row, woocommerce::order(row, context.keys)?)
}

pub(crate) fn order(row: &Object, event: Event) -> Option<Entry> {
    match event {
        Event::Order(order) => Some(Entry::Order(order)),
        Event::Ignored { reason } => row.refuse(reason),
        _ => row.refuse("is no order"),
    }
}

/// Orders that are not paid, and rows that cannot be read, come first.
fn paid_at(row: &Row) -> Option<Timestamp> {
    match &row.read {
        Ok(Entry::Order(order)) => order.facts.paid_at(),
        _ => None,
    }
}

impl std::fmt::Debug for MemberEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemberEntry(***)")
    }
}
