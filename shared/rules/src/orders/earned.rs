//! What an order's facts are worth under the rules it was priced by.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{
    decimal::Ratio,
    facts::{Content, Line, LineKind, OrderFacts},
    ids::LineId,
    money::Currency,
    points::{Overflow, Points},
    pricing::Pricing,
    program::{Expiry, Program, Round},
    zone::{Zone, add_days, add_months},
};

/// The whole of what an order earns; the ledger gets the difference to what it has had already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earned {
    pub points: Points,
    /// Eligible amount net of refunds, in the program's minor units: what counts for tiers by spend.
    pub spend: i64,
    pub paid_at: Timestamp,
    pub available_on: Date,
    pub expires_on: Date,
    pub lines: Vec<EarnedLine>,
    /// Why it is nothing, where a rule says so.
    pub nothing: Option<Nothing>,
}

/// One line's part, as explain shows it; amounts in minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EarnedLine {
    pub id: LineId,
    pub quantity: u32,
    pub units_kept: u32,
    /// Explain shows it as money.
    #[serde(skip)]
    pub eligible: i64,
    /// Why the line earns nothing.
    pub excluded: Option<&'static str>,
    /// Its share of the order's points before it is made whole, rounded to two digits.
    pub share: String,
    /// Points of all its units.
    pub points: Points,
    /// Points of what the buyer kept.
    pub points_kept: Points,
}

/// Why a paid order earns nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nothing {
    Cancelled,
    TestOrder,
    BeforeTheProgramStarts,
    NoExchangeRate,
    NothingEligible,
    FullyRefunded,
}

/// What the order has earned; `None` while it is not known to be paid, or not what is in it.
///
/// # Errors
/// `Overflow` if it is worth more points than can be counted.
pub fn earned(facts: &OrderFacts, pricing: &Pricing, program: &Program) -> Result<Option<Earned>, Overflow> {
    let (Some(content), Some(paid_at)) = (facts.content(), facts.paid_at()) else { return Ok(None) };
    let mut earned = Earned {
        points: Points::ZERO,
        spend: 0,
        paid_at,
        available_on: available_on(paid_at, facts.delivered_at(), program),
        expires_on: expires_on(&program.expiry, program.zone.date(paid_at)),
        lines: Vec::new(),
        nothing: None,
    };
    earned.lines = priced_lines(facts, content, pricing, program)?;
    earned.nothing = ruled_out(facts, content, paid_at, pricing, program);
    if earned.nothing.is_some() {
        earned.lines.iter_mut().for_each(|line| line.points_kept = Points::ZERO);
        return Ok(Some(earned));
    }
    earned.points = Points::sum(earned.lines.iter().map(|line| line.points_kept))?;
    earned.spend = spend(facts, &earned.lines, content.currency, pricing, program)?;
    earned.nothing = empty_because(&earned);
    Ok(Some(earned))
}

fn ruled_out(
    facts: &OrderFacts,
    content: &Content,
    paid_at: Timestamp,
    pricing: &Pricing,
    program: &Program,
) -> Option<Nothing> {
    let too_early = program.starts_on.is_some_and(|first| program.zone.date(paid_at) < first);
    let foreign = content.currency != program.currency;
    if facts.cancelled_at().is_some() {
        Some(Nothing::Cancelled)
    } else if content.test {
        Some(Nothing::TestOrder)
    } else if too_early {
        Some(Nothing::BeforeTheProgramStarts)
    } else if foreign && pricing.exchange_rate.is_none() {
        Some(Nothing::NoExchangeRate)
    } else {
        None
    }
}

fn empty_because(earned: &Earned) -> Option<Nothing> {
    if earned.lines.iter().all(|line| line.eligible == 0) {
        Some(Nothing::NothingEligible)
    } else if earned.spend == 0 && earned.points.is_zero() {
        Some(Nothing::FullyRefunded)
    } else {
        None
    }
}

/// Delivery and its waiting time; payment and a longer one where no delivery is reported.
fn available_on(paid_at: Timestamp, delivered_at: Option<Timestamp>, program: &Program) -> Date {
    let (from, days) = match delivered_at {
        Some(delivered_at) => (delivered_at, program.pending.after_delivery_days),
        None => (paid_at, program.pending.after_payment_days),
    };
    add_days(program.zone.date(from), i64::from(days))
}

/// The last day on which points earned on that date can be spent.
pub fn expires_on(expiry: &Expiry, earned_on: Date) -> Date {
    let day = add_months(earned_on, i64::from(expiry.months));
    match expiry.round {
        Round::None => day,
        Round::EndOfMonth => day.last_of_month(),
    }
}

/// The last day on which points granted at that instant can be spent.
pub fn expires_on_from(program: &Program, at: Timestamp) -> Date {
    let zone: &Zone = &program.zone;
    expires_on(&program.expiry, zone.date(at))
}

/// Shares the order's points out over its lines by largest remainder, and keeps of each line what
/// the buyer kept.
fn priced_lines(
    facts: &OrderFacts,
    content: &Content,
    pricing: &Pricing,
    program: &Program,
) -> Result<Vec<EarnedLine>, Overflow> {
    let mut eligibles = Vec::with_capacity(content.lines.len());
    for line in &content.lines {
        let (eligible, excluded) = eligible(line, program)?;
        eligibles.push((line, eligible, excluded));
    }
    let amounts: Vec<i64> = eligibles.iter().map(|(_, eligible, _)| *eligible).collect();
    let shares = largest_remainder(order_points(&amounts, content.currency, pricing, program)?, &amounts)?;
    let value_kept = ValueKept::of(facts, eligibles.iter().map(|(line, eligible, _)| (*line, *eligible)))?;
    let lines = eligibles.into_iter().zip(shares).map(|((line, eligible, excluded), (share, points))| {
        Ok(EarnedLine {
            id: line.id.clone(),
            quantity: line.quantity,
            units_kept: facts.units_kept(line),
            eligible,
            excluded,
            share: share.to_rounded_text(),
            points,
            points_kept: value_kept.points_of(line, facts.units_kept(line), points)?,
        })
    });
    lines.collect()
}

/// What of a line can earn: price x quantity less its discounts and the tax in its price.
fn eligible(line: &Line, program: &Program) -> Result<(i64, Option<&'static str>), Overflow> {
    let excluded = match line.kind {
        LineKind::GiftCard => Some("gift_card"),
        LineKind::Tip => Some("tip"),
        LineKind::Product => {
            let named = |id| program.earning.excluded_products.contains(id);
            line.product_id.as_ref().is_some_and(named).then_some("excluded_product")
        }
    };
    if excluded.is_some() {
        return Ok((0, excluded));
    }
    let gross = line.price.checked_mul(i64::from(line.quantity)).ok_or(Overflow)?;
    let net = gross.checked_sub(line.discount).and_then(|net| net.checked_sub(line.tax_included)).ok_or(Overflow)?;
    Ok((net.max(0), None))
}

/// The floor of what all eligible amounts are worth together.
fn order_points(amounts: &[i64], currency: Currency, pricing: &Pricing, program: &Program) -> Result<i64, Overflow> {
    let eligible = amounts.iter().try_fold(0_i64, |sum, amount| sum.checked_add(*amount)).ok_or(Overflow)?;
    let Some(amount) = pricing.in_program_currency(eligible, currency, program)? else { return Ok(0) };
    i64::try_from(pricing.points(amount, program)?.floor()).map_err(|_| Overflow)
}

/// Shares points out by amounts: each share exactly, and in whole points. Each gets the floor of its
/// share, what is left goes to the largest remainders (tie: the earlier).
fn largest_remainder(points: i64, amounts: &[i64]) -> Result<Vec<(Ratio, Points)>, Overflow> {
    let all: i128 = amounts.iter().map(|amount| i128::from(*amount)).sum::<i128>().max(1);
    let share = |amount: i64| Ratio::whole(i128::from(points)).scaled(i128::from(amount), all);
    let shares: Vec<Ratio> = amounts.iter().map(|amount| share(*amount)).collect::<Result<_, _>>()?;
    let rest = |index: usize| amounts.get(index).map(|amount| (i128::from(points) * i128::from(*amount)) % all);
    let floors: i128 = shares.iter().map(|share| share.floor()).sum();
    let spare = i128::from(points) - floors;
    let mut by_rest: Vec<usize> = (0..amounts.len()).collect();
    by_rest.sort_by_key(|&index| std::cmp::Reverse(rest(index)));
    let lucky: Vec<usize> = by_rest.into_iter().take(usize::try_from(spare).map_err(|_| Overflow)?).collect();
    let whole = shares.iter().enumerate().map(|(index, share)| {
        let points = share.floor() + i128::from(lucky.contains(&index));
        i64::try_from(points).map(|points| (*share, Points::new(points))).map_err(|_| Overflow)
    });
    whole.collect()
}

/// How much of the value of the kept units the buyer kept after refunds without units, which are
/// shared over the lines pro rata.
struct ValueKept {
    kept: i128,
    of: i128,
}

impl ValueKept {
    fn of<'a>(facts: &OrderFacts, lines: impl Iterator<Item = (&'a Line, i64)>) -> Result<ValueKept, Overflow> {
        let mut of = 0_i128;
        for (line, eligible) in lines {
            of += part(i128::from(eligible), facts.units_kept(line), line.quantity)?;
        }
        let kept = (of - i128::from(facts.amount_refunded())).max(0);
        Ok(ValueKept { kept, of })
    }

    fn points_of(&self, line: &Line, units_kept: u32, points: Points) -> Result<Points, Overflow> {
        if units_kept == 0 || line.quantity == 0 {
            return Ok(Points::ZERO);
        }
        let by_units =
            Ratio::whole(i128::from(points.get())).scaled(i128::from(units_kept), i128::from(line.quantity))?;
        let by_value = if self.of == 0 { by_units } else { by_units.scaled(self.kept, self.of)? };
        i64::try_from(by_value.floor()).map(Points::new).map_err(|_| Overflow)
    }
}

fn part(amount: i128, units: u32, of: u32) -> Result<i128, Overflow> {
    if of == 0 {
        return Ok(0);
    }
    Ok(amount.checked_mul(i128::from(units)).ok_or(Overflow)? / i128::from(of))
}

/// The eligible amount that the buyer kept, in the program's minor units, rounded down.
fn spend(
    facts: &OrderFacts,
    lines: &[EarnedLine],
    currency: Currency,
    pricing: &Pricing,
    program: &Program,
) -> Result<i64, Overflow> {
    let mut kept = 0_i128;
    for line in lines {
        kept += part(i128::from(line.eligible), line.units_kept, line.quantity)?;
    }
    let net = i64::try_from((kept - i128::from(facts.amount_refunded())).max(0)).map_err(|_| Overflow)?;
    let Some(major) = pricing.in_program_currency(net, currency, program)? else { return Ok(0) };
    let minor = major.scaled(10_i128.pow(program.currency.digits()), 1)?;
    i64::try_from(minor.floor()).map_err(|_| Overflow)
}
