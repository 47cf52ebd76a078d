//! The export of orders (`orders_export.csv`): a row for each line, of which the first tells of the order.
//!
//! It tells less than a webhook does, so all of it gives way to the first webhook that tells the order:
//!
//! - Lines have no ids and name no products; gift cards and tips are told by the names that Shopify gives
//!   them. Products that are excluded from earning cannot be told.
//! - What lines cost is their prices less what they lack to the order's subtotal, pro rata.
//! - Tax is in the prices where the total is less than subtotal, shipping and taxes together.
//! - Refunds are one sum without ids or dates. It is taken to be for the lines until they are paid back
//!   with their tax, and makes them cost less; refunds that are told by themselves wait for the order.
//! - Deliveries are not told, and no consent is proved by it.

use jiff::{SignedDuration, Timestamp};
use rules::{
    facts::{Content, Exported, Line, LineKind, OrderFacts},
    ids::LineId,
    money::Currency,
    profile::ProfileFacts,
    register::Register,
};
use serde_json::{Map, Value};

use super::exported_lines::{Amounts, share_out};
use crate::{
    event::{Event, OrderEvent},
    imports::{self, Context, Entry, RawRow, Sheet, is_name},
    order_lines,
    person::{self, Person},
    reading::{Object, is_country_code},
};

const ORDER: &[&str] = &[
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfilled at",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Created at",
    "Billing Name",
    "Billing Country",
    "Shipping Country",
    "Cancelled at",
    "Canceled at",
    "Payment Method",
    "Refunded Amount",
    "Id",
];
const LINE: &[&str] = &["Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem discount"];
const NEEDED: &[&str] = &[
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem discount",
    "Refunded Amount",
    "Id",
];

/// The rows of one name are one order.
///
/// # Errors
/// Says which column is missing.
pub(crate) fn rows(text: &str) -> Result<Vec<RawRow>, String> {
    let sheet = Sheet::read(text)?;
    sheet.needs(NEEDED)?;
    let mut orders = Vec::new();
    for group in sheet.records.chunk_by(|(_, one), (_, next)| sheet.cell(one, "Name") == sheet.cell(next, "Name")) {
        let Some((number, first)) = group.first() else { continue };
        let mut order = sheet.object(first, ORDER);
        order.insert("lines".to_owned(), group.iter().map(|(_, record)| line_of(sheet.object(record, LINE))).collect());
        let lines = group.iter().map(|(number, _)| *number).collect();
        orders.push(RawRow { number: *number, lines, json: Value::Object(order).to_string() });
    }
    Ok(orders)
}

/// A quantity is a number, as it is in a webhook.
fn line_of(mut line: Map<String, Value>) -> Value {
    if let Some(quantity) = line.get_mut("Lineitem quantity")
        && let Some(units) = quantity.as_str().and_then(|text| text.parse::<i64>().ok())
    {
        *quantity = Value::from(units);
    }
    Value::Object(line)
}

pub(crate) fn read(order: &Object, context: &Context) -> Option<Entry> {
    if ["Id", "Currency"].iter().all(|name| order.get(name).is_absent()) {
        return order.get("Name").refuse("is of an order whose first row is not in this part");
    }
    let id = order.need("Id").id();
    let created_at = order.need("Created at").exported_time();
    let currency = order.need("Currency").currency();
    let cancelled_at = order.get("Cancelled at").exported_time().or_else(|| order.get("Canceled at").exported_time());
    let paid_at = is_paid(order).then(|| order.get("Paid at").exported_time().or(created_at)).flatten();
    let person = buyer(order);
    let amounts = Amounts::read(order, currency);
    let lines = lines(order, currency);
    let (created_at, amounts) = (created_at?, amounts?);
    let lines = share_out(order, lines?, &amounts)?;
    let content = Content {
        currency: currency?,
        lines,
        customer: person.customer(context.keys),
        test: order.get("Payment Method").text().is_some_and(|method| method.contains("(for testing)")),
        created_at,
        refunds_counted: [].into(),
        codes: Vec::new(),
        number: None,
        hold: None,
    };
    let exported = Exported { content, paid_at, cancelled_at, after_refunds: amounts.refunded > 0 };
    let changed_at = changed_at(order, [Some(created_at), paid_at, cancelled_at], amounts.refunded);
    let exported = Some(Box::new(Register::new(changed_at, exported).ok()?));
    let facts = OrderFacts { exported, ..OrderFacts::default() };
    imports::order(order, Event::Order(OrderEvent { id: id?, facts, buyer: person.buyer(created_at) }))
}

/// As webhooks are read: an order that was paid and then refunded was paid all the same.
fn is_paid(order: &Object) -> bool {
    matches!(order.get("Financial Status").text().as_deref(), Some("paid" | "partially_refunded" | "refunded"))
}

/// Of two exports the one that tells of something later; refunds are not dated, and only ever grow.
fn changed_at(order: &Object, told: [Option<Timestamp>; 3], refunded: i64) -> Timestamp {
    let fulfilled_at = order.get("Fulfilled at").exported_time();
    let latest = told.into_iter().chain([fulfilled_at]).flatten().max().unwrap_or_default();
    latest.checked_add(SignedDuration::from_nanos(refunded)).unwrap_or(latest)
}

/// An address is all that the export tells of anybody.
fn buyer(order: &Object) -> Person {
    let country = ["Shipping Country", "Billing Country"].map(|name| order.get(name).text());
    let profile = ProfileFacts {
        email: person::email(order, "Email"),
        name: order.get("Billing Name").text().filter(|name| is_name(name)),
        country: country.into_iter().flatten().find(|code| is_country_code(code)),
        ..ProfileFacts::default()
    };
    Person { customer_id: None, profile }
}

/// With the discounts that they name themselves.
fn lines(order: &Object, currency: Option<Currency>) -> Option<Vec<Line>> {
    let items = order.objects("lines");
    let lines: Vec<Line> = (1..).zip(&items).filter_map(|(number, item)| line(item, number, currency)).collect();
    (lines.len() == items.len()).then_some(lines)
}

fn line(item: &Object, number: u32, currency: Option<Currency>) -> Option<Line> {
    let kind = kind(item.get("Lineitem name").text().as_deref());
    let quantity = item.need("Lineitem quantity").quantity();
    let price_field = item.need("Lineitem price");
    let price = price_field.money(currency);
    let discount = item.get("Lineitem discount").money(currency).unwrap_or(0);
    let (quantity, price) = (quantity?, price?);
    let worth = order_lines::worth(&price_field, price, quantity)?;
    Some(Line {
        id: LineId::parse(&format!("exported-{number}")).ok()?,
        product_id: None,
        kind,
        quantity,
        current_quantity: None,
        price,
        discount: discount.min(worth),
        tax_included: 0,
    })
}

fn kind(name: Option<&str>) -> LineKind {
    let is = |known: &str| name.is_some_and(|name| name.eq_ignore_ascii_case(known));
    let is_gift_card =
        name.is_some_and(|name| name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("gift card")));
    if is("Tip") {
        LineKind::Tip
    } else if is_gift_card {
        LineKind::GiftCard
    } else {
        LineKind::Product
    }
}
