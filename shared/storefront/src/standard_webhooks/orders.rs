//! Orders: whole, or one thing that happened to them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{
    facts::{Content, CustomerRef, Exported, OrderFacts},
    ids::HoldId,
    money::Currency,
    register::Register,
};

use super::{customers, fulfilments, lines, refunds};
use crate::{
    discounts,
    email_keys::EmailKeys,
    event::{Event, OrderEvent},
    reading::Object,
};

/// Without `told_at`, which is missed elsewhere, what is at fault is still found.
pub(super) fn event(order: &Object, paid: bool, told_at: Option<Timestamp>, keys: &EmailKeys) -> Option<Event> {
    let id = order.need("id").text_id();
    let currency = order.need("currency").currency();
    let paid_at = if paid { order.need("paid_at") } else { order.get("paid_at") }.time();
    let cancelled_at = order.get("cancelled_at").time();
    let person = order.object("customer").map(|customer| customers::person(&customer));
    let content = content(order, currency, person.as_ref().and_then(|person| person.customer(keys)));
    let refunds = order.objects("refunds");
    let refunds = refunds.iter().filter_map(|refund| refunds::read(refund, Some(currency?))).collect();
    let fulfilments = order.objects("fulfilments").iter().filter_map(fulfilments::read).collect();
    let told_at = told_at?;
    let content = Some(Register::new(told_at, content?).ok()?);
    let facts = OrderFacts { content, exported: None, paid_at, cancelled_at, refunds, fulfilments };
    Some(Event::Order(OrderEvent { id: id?, facts, buyer: person.and_then(|person| person.buyer(told_at)) }))
}

/// The order as it was when it was exported: `updated_at`, or else when it last changed.
pub(super) fn exported(order: &Object, keys: &EmailKeys) -> Option<Event> {
    let created_at = order.need("created_at").time();
    let updated_at = order.get("updated_at").time();
    let Some(Event::Order(mut event)) = event(order, false, updated_at.or(created_at), keys) else { return None };
    let last = [event.facts.paid_at, event.facts.cancelled_at].into_iter().flatten().max();
    let content = event.facts.content.take()?;
    let exported = Exported {
        content: content.value,
        paid_at: event.facts.paid_at.take(),
        cancelled_at: event.facts.cancelled_at.take(),
        after_refunds: false,
    };
    let updated_at = updated_at.or(last).unwrap_or(content.updated_at);
    event.facts.exported = Some(Box::new(Register::new(updated_at, exported).ok()?));
    Some(Event::Order(event))
}

pub(super) fn refunded(data: &Object) -> Option<Event> {
    let refund = data.need("refund").object().and_then(|refund| refunds::read(&refund, None));
    let refunds = BTreeMap::from_iter(refund);
    happened(data, OrderFacts { refunds, ..OrderFacts::default() })
}

pub(super) fn cancelled(data: &Object) -> Option<Event> {
    let cancelled_at = data.need("cancelled_at").time();
    happened(data, OrderFacts { cancelled_at, ..OrderFacts::default() })
}

/// `time` is the field that its fulfilment must have.
pub(super) fn parcel(data: &Object, time: &str) -> Option<Event> {
    let fulfilment = data.need("fulfilment").object().and_then(|fulfilment| {
        fulfilment.need(time);
        fulfilments::read(&fulfilment)
    });
    let fulfilments = BTreeMap::from_iter(fulfilment);
    happened(data, OrderFacts { fulfilments, ..OrderFacts::default() })
}

fn happened(data: &Object, facts: OrderFacts) -> Option<Event> {
    let id = data.need("order_id").text_id()?;
    Some(Event::Order(OrderEvent { id, facts, buyer: None }))
}

fn content(order: &Object, currency: Option<Currency>, customer: Option<CustomerRef>) -> Option<Content> {
    let created_at = order.need("created_at").time();
    let lines = lines::read(order, currency);
    let test = order.get("test").flag().unwrap_or(false);
    let codes = discounts::codes(&order.objects("discount_codes"), |entry| entry.get("amount").amount_in(currency));
    Some(Content {
        currency: currency?,
        lines: lines?,
        customer,
        test,
        created_at: created_at?,
        refunds_counted: [].into(),
        codes,
        number: order.get("number").label_if_any(),
        hold: hold(order),
    })
}

fn hold(order: &Object) -> Option<HoldId> {
    let in_metadata = || order.get("metadata").object_if_any()?.get(discounts::HOLD).meaning_if_any();
    order.get("hold").meaning_if_any().or_else(in_metadata)
}
