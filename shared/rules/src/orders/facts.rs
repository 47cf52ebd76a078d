//! What a storefront told us of one order. Merging facts is commutative, associative and
//! idempotent, so it does not matter in which order, or how often, events arrive.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CouponCode, CustomerId, EmailKey, FulfilmentId, HoldId, LineId, ProductId, RefundId},
    money::Currency,
    register::Register,
};

/// No order has more lines, refunds or fulfilments than this.
pub const MAX_PARTS: usize = 500;

/// Everything that is known of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    /// Lines, prices and customer: the newest payload's, by its own `updated_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Register<Content>>,
    /// What an export of the storefront tells, while no payload has told what is in the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported: Option<Box<Register<Exported>>>,
    /// The earliest instant at which any payload says it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// The earliest instant at which any payload says it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refunds: BTreeMap<RefundId, Register<Refund>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fulfilments: BTreeMap<FulfilmentId, Fulfilment>,
}

/// What the newest payload says the order is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The shop's currency, not the one that was shown to the buyer.
    pub currency: Currency,
    pub lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerRef>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub test: bool,
    pub created_at: Timestamp,
    /// The refunds that this payload already counts in its lines' `current_quantity`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub refunds_counted: BTreeSet<RefundId>,
    /// The discount codes that the checkout took.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<AppliedCode>,
    /// What the shop calls it to its customers, where that is not its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The hold that the storefront names, where it has no code for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldId>,
}

/// An order as an export lists it: all of it gives way to the storefront's own payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    pub content: Content,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    /// Its lines are what refunds have left of them, and it does not name the refunds: no refund
    /// says whether it is one of those.
    #[serde(default, skip_serializing_if = "is_false")]
    pub after_refunds: bool,
}

/// A discount code, and what it took off the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedCode {
    pub code: CouponCode,
    /// In minor units of the order's currency; unknown where the storefront does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// Who bought, without anything that names a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRef {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CustomerId>,
    /// The keyed hash of the address: the order row keeps no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_key: Option<EmailKey>,
    /// The storefront has proof that the address is the customer's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub email_verified: bool,
    /// The customer has an account that they can sign in to.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_account: bool,
}

/// One line as it was ordered; what was edited away or refunded since is still in `quantity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "PackedLine", into = "PackedLine")]
pub struct Line {
    pub id: LineId,
    pub product_id: Option<ProductId>,
    pub kind: LineKind,
    pub quantity: u32,
    /// What is left of it after edits and the refunds that the payload counts.
    pub current_quantity: Option<u32>,
    /// Of one unit, in minor units.
    pub price: i64,
    /// Allocated to the whole line, in minor units.
    pub discount: i64,
    /// The tax that the price includes, for the whole line; zero where prices come without tax.
    pub tax_included: i64,
}

/// The fields of a line in their order: an order of five lines stays under 1 KB without their names.
type PackedLine = (LineId, Option<ProductId>, Option<LineKind>, u32, Option<u32>, i64, i64, i64);

impl From<Line> for PackedLine {
    fn from(line: Line) -> PackedLine {
        let kind = (line.kind != LineKind::Product).then_some(line.kind);
        let Line { id, product_id, quantity, current_quantity, price, discount, tax_included, .. } = line;
        (id, product_id, kind, quantity, current_quantity, price, discount, tax_included)
    }
}

impl From<PackedLine> for Line {
    fn from(packed: PackedLine) -> Line {
        let (id, product_id, kind, quantity, current_quantity, price, discount, tax_included) = packed;
        let kind = kind.unwrap_or_default();
        Line { id, product_id, kind, quantity, current_quantity, price, discount, tax_included }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    #[default]
    Product,
    /// Money that will be spent later, and earns then.
    GiftCard,
    Tip,
}

/// Units and money that went back to the buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub refunded_at: Timestamp,
    /// Units that came back, by line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<LineId, u32>,
    /// Money that came back without units, net of tax, in minor units of the order's currency.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub amount: i64,
}

/// One parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfilment {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<Register<Shipment>>,
    /// The latest delivery that the carrier reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// The first time that a payload's status said delivered, which dates it when no carrier did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_delivered_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    pub shipped_at: Timestamp,
    #[serde(default, skip_serializing_if = "is_false")]
    pub cancelled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_company: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_delivery_at: Option<Timestamp>,
}

impl OrderFacts {
    /// What is known once both are known.
    #[must_use]
    pub fn merge(mut self, other: OrderFacts) -> OrderFacts {
        self.content = Register::merge(self.content, other.content);
        let exported = Register::merge(self.exported.map(|one| *one), other.exported.map(|other| *other));
        self.exported = exported.filter(|_| self.content.is_none()).map(Box::new);
        self.paid_at = earliest(self.paid_at, other.paid_at);
        self.cancelled_at = earliest(self.cancelled_at, other.cancelled_at);
        for (id, refund) in other.refunds {
            let known = self.refunds.remove(&id);
            if let Some(newest) = Register::merge(known, Some(refund)) {
                self.refunds.insert(id, newest);
            }
        }
        for (id, fulfilment) in other.fulfilments {
            let known = self.fulfilments.remove(&id).unwrap_or_default();
            self.fulfilments.insert(id, known.merge(fulfilment));
        }
        self
    }

    pub fn content(&self) -> Option<&Content> {
        let told = self.content.as_ref().map(|register| &register.value);
        told.or(self.exported().map(|exported| &exported.content))
    }

    /// The earliest instant at which it is said to have been paid.
    pub fn paid_at(&self) -> Option<Timestamp> {
        earliest(self.paid_at, self.exported().and_then(|exported| exported.paid_at))
    }

    /// The earliest instant at which it is said to have been cancelled.
    pub fn cancelled_at(&self) -> Option<Timestamp> {
        earliest(self.cancelled_at, self.exported().and_then(|exported| exported.cancelled_at))
    }

    fn exported(&self) -> Option<&Exported> {
        self.exported.as_ref().map(|register| &register.value)
    }

    pub fn customer(&self) -> Option<&CustomerRef> {
        self.content().and_then(|content| content.customer.as_ref())
    }

    /// When the last of all that was shipped was delivered; nothing while a parcel is under way.
    pub fn delivered_at(&self) -> Option<Timestamp> {
        let mut latest = None;
        for fulfilment in self.fulfilments.values().filter(|f| !f.is_cancelled()) {
            latest = latest.max(Some(fulfilment.delivered()?));
        }
        latest
    }

    /// Units of the line that the buyer kept: neither edited away nor refunded.
    pub fn units_kept(&self, line: &Line) -> u32 {
        let counted = self.content().map(|content| &content.refunds_counted);
        let (mut all, mut not_counted) = (0_u32, 0_u32);
        for (id, refund) in &self.refunds {
            let units = refund.value.units.get(&line.id).copied().unwrap_or(0);
            all = all.saturating_add(units);
            if !counted.is_some_and(|known| known.contains(id)) {
                not_counted = not_counted.saturating_add(units);
            }
        }
        let by_refunds = line.quantity.saturating_sub(all);
        let by_edits = line.current_quantity.map_or(by_refunds, |now| now.saturating_sub(not_counted));
        by_refunds.min(by_edits)
    }

    /// Money that was refunded without units, in minor units.
    pub fn amount_refunded(&self) -> i64 {
        if self.exported().is_some_and(|exported| exported.after_refunds) {
            return 0;
        }
        self.refunds.values().fold(0, |sum: i64, refund| sum.saturating_add(refund.value.amount))
    }
}

impl Content {
    /// The codes that it took, and that of the hold that it names.
    pub fn named_codes(&self) -> Vec<CouponCode> {
        let applied = self.codes.iter().map(|applied| applied.code.clone());
        let mut codes: Vec<CouponCode> = applied.chain(self.hold.as_ref().and_then(HoldId::code)).collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

impl CustomerRef {
    /// Whether the address tells who they are: it does for a guest, who has nothing else, and for an
    /// account only once it is verified; else an account could be opened in somebody else's name.
    pub fn speaks_for_address(&self) -> bool {
        self.email_verified || !self.has_account
    }
}

impl Fulfilment {
    fn merge(self, other: Fulfilment) -> Fulfilment {
        Fulfilment {
            shipment: Register::merge(self.shipment, other.shipment),
            delivered_at: self.delivered_at.max(other.delivered_at),
            said_delivered_at: earliest(self.said_delivered_at, other.said_delivered_at),
        }
    }

    fn is_cancelled(&self) -> bool {
        self.shipment.as_ref().is_some_and(|shipment| shipment.value.cancelled)
    }

    fn delivered(&self) -> Option<Timestamp> {
        self.delivered_at.or(self.said_delivered_at)
    }
}

fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(amount: &i64) -> bool {
    *amount == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
