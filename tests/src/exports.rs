//! Shopify's export of orders, written from the payloads of its webhooks.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

const HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,\
    Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,\
    Lineitem name,Lineitem price,Lineitem discount,Billing Name,Billing Country,Shipping Country,Cancelled at,\
    Payment Method,Refunded Amount,Id,Tags\n";

/// The file that lists these orders as they are, in that order.
pub fn orders_csv<'a>(orders: impl IntoIterator<Item = &'a Value>) -> String {
    orders.into_iter().fold(HEADER.to_owned(), |file, order| file + &rows(order))
}

fn rows(order: &Value) -> String {
    let items = order["line_items"].as_array().unwrap();
    let mut rows = String::new();
    for (index, item) in items.iter().enumerate() {
        let name = format!("#{}", order["id"]);
        let told = if index == 0 { told(order) } else { ",".repeat(11) };
        let (price, units) = (text(&item["price"]), &item["quantity"]);
        let created_at = exported(&order["created_at"]);
        let rest = if index == 0 { last(order) } else { ",".repeat(7) };
        let email = text(&order["email"]);
        rows += &format!(
            "{name},{email},{told},,{created_at},{units},\"Oolong, loose\",{price},{},{rest}\n",
            cents(discount(item))
        );
    }
    rows
}

/// From the financial status to the discount's amount.
fn told(order: &Value) -> String {
    let subtotal: i64 = order["line_items"].as_array().unwrap().iter().map(net).sum();
    let subtotal = cents(subtotal);
    let status = text(&order["financial_status"]);
    // the payment, a moment after the order
    let paid_at = if status == "pending" { String::new() } else { a_moment_after(&order["processed_at"]) };
    format!("{status},{paid_at},unfulfilled,,yes,USD,{subtotal},0.00,0.00,{subtotal},,0.00")
}

fn last(order: &Value) -> String {
    let cancelled_at = if order["cancelled_at"].is_null() { String::new() } else { exported(&order["cancelled_at"]) };
    format!("Ada Lind,US,US,{cancelled_at},Shopify Payments,{},{},", cents(refunded(order)), order["id"])
}

fn refunded(order: &Value) -> i64 {
    let refunds = order["refunds"].as_array().unwrap();
    let units = |refund: &Value| -> i64 {
        let returned = refund["refund_line_items"].as_array().unwrap().iter();
        returned.map(|item| item["quantity"].as_i64().unwrap() * minor(&item["line_item"]["price"])).sum()
    };
    let amounts = |refund: &Value| -> i64 {
        refund["order_adjustments"].as_array().unwrap().iter().map(|item| minor(&item["amount"]).abs()).sum()
    };
    refunds.iter().map(|refund| units(refund) + amounts(refund)).sum()
}

fn net(item: &Value) -> i64 {
    minor(&item["price"]) * item["quantity"].as_i64().unwrap() - discount(item)
}

fn discount(item: &Value) -> i64 {
    item["discount_allocations"].as_array().unwrap().iter().map(|share| minor(&share["amount"])).sum()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn minor(amount: &Value) -> i64 {
    text(amount).replace('.', "").parse().unwrap()
}

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn exported(time: &Value) -> String {
    let time: Timestamp = text(time).parse().unwrap();
    time.strftime("%Y-%m-%d %H:%M:%S +0000").to_string()
}

fn a_moment_after(time: &Value) -> String {
    let time: Timestamp = text(time).parse().unwrap();
    (time + SignedDuration::from_secs(3)).strftime("%Y-%m-%d %H:%M:%S +0000").to_string()
}
