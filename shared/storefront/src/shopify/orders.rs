//! The order payload, which every `orders/*` topic carries whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{
    facts::{Content, CustomerRef, Fulfilment, OrderFacts, Refund},
    ids::{FulfilmentId, RefundId},
    money::Currency,
    register::Register,
};

use super::{buyers, discounts, fulfilments, lines, refunds};
use crate::{
    email_keys::EmailKeys,
    event::{Event, OrderEvent},
    reading::Object,
};

pub(super) fn event(order: &Object, keys: &EmailKeys) -> Option<Event> {
    let id = order.need("id").id();
    let updated_at = order.need("updated_at").time();
    let currency = order.need("currency").currency();
    let person = buyers::read(order);
    let content = content(order, currency, person.customer(keys));
    let paid_at = paid_at(order);
    let cancelled_at = order.get("cancelled_at").time();
    let refunds = refunds(order, currency);
    let fulfilments = fulfilments(order);
    let updated_at = updated_at?;
    let content = Some(Register::new(updated_at, content?).ok()?);
    let facts = OrderFacts { content, exported: None, paid_at, cancelled_at, refunds, fulfilments };
    Some(Event::Order(OrderEvent { id: id?, facts, buyer: person.buyer(updated_at) }))
}

fn content(order: &Object, currency: Option<Currency>, customer: Option<CustomerRef>) -> Option<Content> {
    let lines = lines::read(order, currency);
    let test = order.get("test").flag().unwrap_or(false);
    let created_at = order.need("created_at").time();
    let refunds_counted = order.objects("refunds").iter().filter_map(|refund| refund.get("id").id()).collect();
    let codes = discounts::read(order, currency);
    let hold = crate::discounts::hold_in(&order.get("note_attributes"), "name");
    Some(Content {
        currency: currency?,
        lines: lines?,
        customer,
        test,
        created_at: created_at?,
        refunds_counted,
        codes,
        number: order.get("name").label_if_any(),
        hold,
    })
}

/// An order that was paid and then refunded was paid all the same, whichever topic says so.
fn paid_at(order: &Object) -> Option<Timestamp> {
    let status = order.get("financial_status").text();
    let processed_at = order.get("processed_at").time();
    let paid = matches!(status.as_deref(), Some("paid" | "partially_refunded" | "refunded"));
    processed_at.filter(|_| paid)
}

fn refunds(order: &Object, currency: Option<Currency>) -> BTreeMap<RefundId, Register<Refund>> {
    order.objects("refunds").iter().filter_map(|refund| refunds::read(refund, currency)).collect()
}

fn fulfilments(order: &Object) -> BTreeMap<FulfilmentId, Fulfilment> {
    order.objects("fulfillments").iter().filter_map(fulfilments::read).collect()
}
