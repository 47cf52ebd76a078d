//! What a storefront says of an order, event by event.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rules::{
    facts::{AppliedCode, Content, Fulfilment, Line, LineKind, OrderFacts, Refund, Shipment},
    ids::{CouponCode, FulfilmentId, HoldId, LineId, RefundId},
    money::Currency,
    register::Register,
};

/// A line without discount or tax; price in minor units.
pub(crate) fn line(id: &str, price: i64, quantity: u32) -> Line {
    Line {
        id: LineId::parse(id).unwrap(),
        product_id: None,
        kind: LineKind::Product,
        quantity,
        current_quantity: None,
        price,
        discount: 0,
        tax_included: 0,
    }
}

/// A payload of the whole order, as most topics carry it.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    content: Content,
    updated_at: Timestamp,
    facts: OrderFacts,
}

/// In USD, created and updated at that instant.
pub(crate) fn payload(created_at: Timestamp, lines: impl IntoIterator<Item = Line>) -> Payload {
    let content = Content {
        currency: Currency::USD,
        lines: lines.into_iter().collect(),
        customer: None,
        test: false,
        created_at,
        refunds_counted: BTreeSet::new(),
        codes: Vec::new(),
        number: None,
        hold: None,
    };
    Payload { content, updated_at: created_at, facts: OrderFacts::default() }
}

impl Payload {
    pub(crate) fn paid(mut self, at: Timestamp) -> Payload {
        self.facts.paid_at = Some(at);
        self
    }

    pub(crate) fn updated(mut self, at: Timestamp) -> Payload {
        self.updated_at = at;
        self
    }

    pub(crate) fn currency(mut self, code: &str) -> Payload {
        self.content.currency = code.parse().unwrap();
        self
    }

    /// The checkout took the code of that hold; `None` where the storefront does not say for how much.
    pub(crate) fn code(mut self, code: &str, amount: impl Into<Option<i64>>) -> Payload {
        let code = CouponCode::parse(code).unwrap();
        self.content.codes.push(AppliedCode { code, amount: amount.into() });
        self
    }

    pub(crate) fn naming(mut self, hold: &str) -> Payload {
        self.content.hold = Some(HoldId::parse(hold).unwrap());
        self
    }

    pub(crate) fn test(mut self) -> Payload {
        self.content.test = true;
        self
    }

    /// The lines' `current_quantity` already counts that refund.
    pub(crate) fn counting(mut self, refund: &str) -> Payload {
        self.content.refunds_counted.insert(RefundId::parse(refund).unwrap());
        self
    }

    pub(crate) fn facts(self) -> OrderFacts {
        OrderFacts { content: Some(Register::new(self.updated_at, self.content).unwrap()), ..self.facts }
    }
}

/// A paid order of one line, one unit, worth that many minor units.
pub(crate) fn paid(at: Timestamp, minor: i64) -> OrderFacts {
    payload(at, [line("1", minor, 1)]).paid(at).facts()
}

/// Units by line, and money without units in minor units.
pub(crate) fn refund(id: &str, at: Timestamp, units: &[(&str, u32)], amount: i64) -> OrderFacts {
    let units = units.iter().map(|(line, units)| (LineId::parse(line).unwrap(), *units)).collect();
    let refund = Register::new(at, Refund { refunded_at: at, units, amount }).unwrap();
    OrderFacts { refunds: BTreeMap::from([(RefundId::parse(id).unwrap(), refund)]), ..OrderFacts::default() }
}

pub(crate) fn shipped(parcel: &str, at: Timestamp) -> OrderFacts {
    let shipment = Shipment {
        shipped_at: at,
        cancelled: false,
        tracking_company: None,
        tracking_number: None,
        tracking_url: None,
        estimated_delivery_at: None,
    };
    of_parcel(parcel, Fulfilment { shipment: Some(Register::new(at, shipment).unwrap()), ..Fulfilment::default() })
}

pub(crate) fn delivered(parcel: &str, at: Timestamp) -> OrderFacts {
    of_parcel(parcel, Fulfilment { delivered_at: Some(at), ..Fulfilment::default() })
}

pub(crate) fn cancelled(at: Timestamp) -> OrderFacts {
    OrderFacts { cancelled_at: Some(at), ..OrderFacts::default() }
}

pub(crate) fn of_parcel(parcel: &str, fulfilment: Fulfilment) -> OrderFacts {
    let fulfilments = BTreeMap::from([(FulfilmentId::parse(parcel).unwrap(), fulfilment)]);
    OrderFacts { fulfilments, ..OrderFacts::default() }
}
