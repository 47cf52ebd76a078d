//! What only an export shows: orders as they were told, statements of consent, invitations.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{
    account::Account,
    consent::ConsentState,
    consent_proof::ConsentProof,
    facts::{Content, Fulfilment, Line, Refund},
    money::{Currency, Money},
    order::Order,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{entry::OrderShape, money::MoneyShape};

#[derive(Serialize, ToSchema)]
pub struct OrderExport {
    order: OrderShape,
    #[schema(value_type = Option<String>, format = "date-time")]
    created_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    paid_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    cancelled_at: Option<Timestamp>,
    lines: Vec<OrderLineExport>,
    discount_codes: Vec<String>,
    refunds: Vec<RefundExport>,
    parcels: Vec<ParcelExport>,
    /// What it has earned
    points: i64,
}

#[derive(Serialize, ToSchema)]
pub struct OrderLineExport {
    line_id: String,
    product_id: Option<String>,
    quantity: u32,
    /// Of one unit
    price: MoneyShape,
    /// Of the whole line
    discount: MoneyShape,
    tax_included: MoneyShape,
}

#[derive(Serialize, ToSchema)]
pub struct RefundExport {
    #[schema(value_type = String, format = "date-time")]
    refunded_at: Timestamp,
    units: Vec<UnitsExport>,
    /// That came back for no unit; none where the order's currency is not known
    amount: Option<MoneyShape>,
}

#[derive(Serialize, ToSchema)]
pub struct UnitsExport {
    line_id: String,
    quantity: u32,
}

#[derive(Serialize, ToSchema)]
pub struct ParcelExport {
    #[schema(value_type = Option<String>, format = "date-time")]
    shipped_at: Option<Timestamp>,
    tracking_company: Option<String>,
    tracking_number: Option<String>,
    tracking_url: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    delivered_at: Option<Timestamp>,
}

/// One statement to marketing
#[derive(Serialize, ToSchema)]
pub struct StatementShape {
    #[schema(value_type = Option<String>, example = "granted")]
    marketing: Option<ConsentState>,
    /// Which topics it switched on or off
    topics: BTreeMap<&'static str, bool>,
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    /// Where it was made
    source: Option<String>,
    /// The version of the words that were agreed to
    text_version: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct InvitationsShape {
    /// The member's own, once they have asked for it
    code: Option<String>,
    /// Friends who were paid for
    paid: u32,
    points_earned: i64,
}

impl From<Order> for OrderExport {
    fn from(order: Order) -> OrderExport {
        let content = order.facts.content();
        let currency = content.map(|content| content.currency);
        let codes = content.map(|content| content.codes.iter().map(|applied| applied.code.to_string()).collect());
        let facts = &order.facts;
        OrderExport {
            created_at: content.map(|content| content.created_at),
            paid_at: facts.paid_at(),
            cancelled_at: facts.cancelled_at(),
            lines: content.map(lines).unwrap_or_default(),
            discount_codes: codes.unwrap_or_default(),
            refunds: facts.refunds.values().map(|refund| refunded(&refund.value, currency)).collect(),
            parcels: facts.fulfilments.values().map(ParcelExport::from).collect(),
            points: order.posted.as_ref().map_or(0, |posted| posted.points.get()),
            order: order.key.into(),
        }
    }
}

fn lines(content: &Content) -> Vec<OrderLineExport> {
    let money = |minor| MoneyShape::from(Money { minor, currency: content.currency });
    let shown = |line: &Line| OrderLineExport {
        line_id: line.id.to_string(),
        product_id: line.product_id.as_ref().map(ToString::to_string),
        quantity: line.quantity,
        price: money(line.price),
        discount: money(line.discount),
        tax_included: money(line.tax_included),
    };
    content.lines.iter().map(shown).collect()
}

fn refunded(refund: &Refund, currency: Option<Currency>) -> RefundExport {
    let units = refund.units.iter().map(|(line, units)| UnitsExport { line_id: line.to_string(), quantity: *units });
    RefundExport {
        refunded_at: refund.refunded_at,
        units: units.collect(),
        amount: currency.map(|currency| Money { minor: refund.amount, currency }.into()),
    }
}

impl From<&Fulfilment> for ParcelExport {
    fn from(parcel: &Fulfilment) -> ParcelExport {
        let shipment = parcel.shipment.as_ref().map(|shipment| &shipment.value);
        ParcelExport {
            shipped_at: shipment.map(|shipment| shipment.shipped_at),
            tracking_company: shipment.and_then(|shipment| shipment.tracking_company.clone()),
            tracking_number: shipment.and_then(|shipment| shipment.tracking_number.clone()),
            tracking_url: shipment.and_then(|shipment| shipment.tracking_url.clone()),
            delivered_at: parcel.delivered_at.or(parcel.said_delivered_at),
        }
    }
}

impl From<ConsentProof> for StatementShape {
    fn from(proof: ConsentProof) -> StatementShape {
        let ConsentProof { at, state, topics, origin } = proof;
        let topics = topics.into_iter().map(|(topic, on)| (topic.name(), on)).collect();
        let (source, text_version) = (origin.source, origin.text_version);
        StatementShape { marketing: state, topics, at, source, text_version }
    }
}

impl From<&Account> for InvitationsShape {
    fn from(account: &Account) -> InvitationsShape {
        let referrals = &account.referrals;
        InvitationsShape {
            code: referrals.code.as_ref().map(ToString::to_string),
            paid: referrals.paid,
            points_earned: referrals.points.get(),
        }
    }
}
