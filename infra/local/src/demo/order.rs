//! One order with everything that happens to it in the end.

use jiff::Timestamp;

use super::{catalogue::Product, market::Market};

#[derive(Clone, Debug)]
pub(super) struct Order {
    /// As the storefront numbers its orders, from 1.
    pub(super) number: u64,
    pub(super) buyer: usize,
    pub(super) placed_at: Timestamp,
    pub(super) paid_at: Timestamp,
    pub(super) lines: Vec<Line>,
    pub(super) discount: Option<Discount>,
    pub(super) test: bool,
    pub(super) parcels: Vec<Parcel>,
    pub(super) refunds: Vec<Refund>,
    pub(super) cancelled_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) product: &'static Product,
    pub(super) quantity: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Discount {
    pub(super) code: String,
    pub(super) off: Off,
}

/// What a code takes off; amounts are in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Off {
    Percent(i64),
    /// Off the lines, shared out by their prices.
    Amount(i64),
    /// Off the shipping, at most so much.
    Shipping(i64),
    /// A thing that is put in, which is no line of the order.
    Nothing,
}

#[derive(Clone, Debug)]
pub(super) struct Parcel {
    /// Positions of the lines that are in it.
    pub(super) lines: Vec<usize>,
    pub(super) shipped_at: Timestamp,
    pub(super) delivered_at: Option<Timestamp>,
    /// Who reports the delivery: the carrier, or the storefront's own record.
    pub(super) carrier_reports: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) at: Timestamp,
    pub(super) of: RefundOf,
}

#[derive(Clone, Debug)]
pub(super) enum RefundOf {
    /// Units of lines, by their positions.
    Units(Vec<(usize, u32)>),
    /// Money without units, in minor units.
    Amount(i64),
}

impl Order {
    pub(super) fn id(&self) -> u64 {
        6_120_300_000_000 + self.number
    }

    pub(super) fn line_id(&self, position: usize) -> u64 {
        15_320_000_000_000 + self.number * 100 + position as u64
    }

    pub(super) fn parcel_id(&self, position: usize) -> u64 {
        5_440_000_000_000 + self.number * 10 + position as u64
    }

    pub(super) fn refund_id(&self, position: usize) -> u64 {
        930_000_000_000 + self.number * 10 + position as u64
    }

    pub(super) fn off(&self) -> Off {
        self.discount.as_ref().map_or(Off::Nothing, |discount| discount.off)
    }

    /// What is off a line; gift cards are never cheaper.
    pub(super) fn discount_on(&self, line: &Line) -> i64 {
        match self.off() {
            _ if line.product.gift_card => 0,
            Off::Percent(percent) => line.price() * percent / 100,
            Off::Amount(amount) => self.share_of(amount, line),
            Off::Shipping(_) | Off::Nothing => 0,
        }
    }

    /// A line's part of an amount, so that all parts add up to it.
    fn share_of(&self, amount: i64, line: &Line) -> i64 {
        let price = |line: &&Line| if line.product.gift_card { 0 } else { line.price() };
        let whole: i64 = self.lines.iter().map(|line| price(&line)).sum();
        let before: i64 = self.lines.iter().take_while(|one| one.product != line.product).map(|one| price(&one)).sum();
        let part_until = |sum: i64| if whole == 0 { 0 } else { amount.min(whole) * sum / whole };
        part_until(before + line.price()) - part_until(before)
    }

    /// What is paid for shipping before taxes that come on top.
    pub(super) fn shipping(&self, market: &Market) -> i64 {
        match self.off() {
            Off::Shipping(up_to) => market.shipping - up_to.min(market.shipping),
            Off::Percent(_) | Off::Amount(_) | Off::Nothing => market.shipping,
        }
    }

    /// What is paid for a line before taxes that come on top.
    pub(super) fn net_of(&self, line: &Line) -> i64 {
        line.price() - self.discount_on(line)
    }

    pub(super) fn subtotal(&self) -> i64 {
        self.lines.iter().map(|line| self.net_of(line)).sum()
    }

    pub(super) fn tax_of(&self, line: &Line, market: &Market) -> i64 {
        if line.product.gift_card { 0 } else { market.tax_on(self.net_of(line)) }
    }

    /// Units of a line that were given back by then.
    pub(super) fn refunded_units(&self, position: usize, at: Timestamp) -> u32 {
        let past = self.refunds.iter().filter(|refund| refund.at <= at);
        let units = past.filter_map(|refund| match &refund.of {
            RefundOf::Units(units) => units.iter().find(|(line, _)| *line == position),
            RefundOf::Amount(_) => None,
        });
        units.map(|(_, quantity)| quantity).sum()
    }
}

impl Line {
    pub(super) fn price(&self) -> i64 {
        self.product.price * i64::from(self.quantity)
    }
}
