//! The order payload, which every topic of an order but `order.deleted` carries whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{
    facts::{AppliedCode, Content, CustomerRef, Fulfilment, OrderFacts, Shipment},
    ids::FulfilmentId,
    money::Currency,
    register::Register,
};

use super::{customers, lines, refunds};
use crate::{
    discounts,
    email_keys::EmailKeys,
    event::{Event, OrderEvent},
    reading::Object,
};

/// The id of the one parcel that an order has.
const PARCEL: &str = "completed";

pub(super) fn event(order: &Object, keys: &EmailKeys) -> Option<Event> {
    let status = order.need("status").text();
    if matches!(status.as_deref(), Some("auto-draft" | "checkout-draft")) {
        return Some(Event::Ignored { reason: "a draft is no order yet" });
    }
    let id = order.need("id").id();
    let modified_at = order.need("date_modified_gmt").utc_time();
    let paid_at = order.get("date_paid_gmt").utc_time();
    let currency = order.need("currency").currency();
    let person = customers::buyer(order);
    let content = content(order, currency, status.as_deref(), person.customer(keys));
    let fulfilments = fulfilments(order);
    let total = order.need("total").nearest_money(currency);
    let lines_tax = lines::tax(order, currency);
    let paid_back = refunds::paid_back(order, currency);
    let (modified_at, content) = (modified_at?, content?);
    let refunds = refunds::of_lines(&paid_back, total?, lines_tax, &content);
    let cancelled_at = Some(modified_at).filter(|_| paid_at.is_some() && is_cancelled(status.as_deref()));
    let content = Some(Register::new(modified_at, content).ok()?);
    let facts = OrderFacts { content, exported: None, paid_at, cancelled_at, refunds, fulfilments };
    Some(Event::Order(OrderEvent { id: id?, facts, buyer: person.buyer(modified_at) }))
}

/// A shop that deletes an order wants nothing left of it.
pub(super) fn deleted(order: &Object, now: Timestamp) -> Option<Event> {
    let id = order.need_alone("id").id();
    let facts = OrderFacts { cancelled_at: Some(now), ..OrderFacts::default() };
    Some(Event::Order(OrderEvent { id: id?, facts, buyer: None }))
}

fn content(
    order: &Object,
    currency: Option<Currency>,
    status: Option<&str>,
    customer: Option<CustomerRef>,
) -> Option<Content> {
    let created_at = order.need("date_created_gmt").utc_time();
    let lines = lines::read(order, currency, keeps_nothing(status));
    Some(Content {
        currency: currency?,
        lines: lines?,
        customer,
        test: false,
        created_at: created_at?,
        refunds_counted: [].into(),
        codes: codes(order, currency),
        number: order.get("number").label_if_any(),
        hold: discounts::hold_in(&order.get("meta_data"), "key"),
    })
}

/// A code takes its amount off what the buyer sees: off prices with their tax where those are shown
/// with it, else off prices alone, and the tax that is saved as well is not the code's.
fn codes(order: &Object, currency: Option<Currency>) -> Vec<AppliedCode> {
    let with_tax = order.get("prices_include_tax").flag().unwrap_or(false);
    discounts::codes(&order.objects("coupon_lines"), |entry| {
        let discount = entry.get("discount").nearest_money(currency)?;
        let tax = entry.get("discount_tax").nearest_money(currency).filter(|_| with_tax);
        Some(discount + tax.unwrap_or(0))
    })
}

/// While it is in that state; a failed or an unpaid, cancelled order may still be paid.
fn keeps_nothing(status: Option<&str>) -> bool {
    is_cancelled(status) || matches!(status, Some("failed" | "refunded"))
}

fn is_cancelled(status: Option<&str>) -> bool {
    matches!(status, Some("cancelled" | "trash"))
}

/// Completing an order is how a shop says that it went out.
fn fulfilments(order: &Object) -> BTreeMap<FulfilmentId, Fulfilment> {
    let completed_at = order.get("date_completed_gmt").utc_time();
    completed_at.and_then(parcel).into_iter().collect()
}

fn parcel(shipped_at: Timestamp) -> Option<(FulfilmentId, Fulfilment)> {
    let shipment = Shipment {
        shipped_at,
        cancelled: false,
        tracking_company: None,
        tracking_number: None,
        tracking_url: None,
        estimated_delivery_at: None,
    };
    let shipment = Some(Register::new(shipped_at, shipment).ok()?);
    Some((FulfilmentId::parse(PARCEL).ok()?, Fulfilment { shipment, ..Fulfilment::default() }))
}
