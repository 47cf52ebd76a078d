//! Why an order earned what it earned: facts, rules, arithmetic.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{
    decimal::{Decimal, Ratio},
    earned::{Earned, EarnedLine, Nothing},
    ids::{CampaignId, RefundId, TierId},
    money::{Currency, Money},
    order::Order,
    points::{Overflow, Points},
    program::{Program, Programs},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub facts: KnownFacts,
    /// Absent while nothing has priced the order.
    pub rules: Option<RulesUsed>,
    pub lines: Vec<LineExplanation>,
    pub points: Points,
    pub available_on: Option<Date>,
    pub expires_on: Option<Date>,
    /// Why it is nothing, as a stable word.
    pub nothing: Option<&'static str>,
    /// The same in sentences.
    pub why: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownFacts {
    pub currency: Option<Currency>,
    pub paid_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub test: bool,
    pub refunds: Vec<RefundId>,
    /// Refunded without units.
    pub amount_refunded: Option<Money>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RulesUsed {
    pub program_version: u64,
    pub points_per_unit: Decimal,
    pub tier: TierId,
    pub tier_multiplier: Decimal,
    pub campaigns: Vec<CampaignUsed>,
    pub exchange_rate: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignUsed {
    pub id: CampaignId,
    pub multiplier: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineExplanation {
    pub eligible: Money,
    #[serde(flatten)]
    pub line: EarnedLine,
}

/// Explains an order as far as it is known.
///
/// # Errors
/// `Overflow` if it is worth more than can be counted.
pub fn explain(order: &Order, programs: &Programs) -> Result<Explanation, Overflow> {
    let earned = order.earned(programs)?;
    let rules = rules_used(order, programs);
    let nothing = nothing_because(order, earned.as_ref());
    let currency = order.facts.content().map(|content| content.currency);
    let lines = earned.iter().flat_map(|earned| earned.lines.iter().cloned());
    let lines = lines
        .zip(currency.into_iter().cycle())
        .map(|(line, currency)| LineExplanation { eligible: Money { minor: line.eligible, currency }, line });
    Ok(Explanation {
        facts: known_facts(order),
        lines: lines.collect(),
        points: earned.as_ref().map_or(Points::ZERO, |earned| earned.points),
        available_on: earned.as_ref().map(|earned| earned.available_on),
        expires_on: earned.as_ref().map(|earned| earned.expires_on),
        why: sentences(order, earned.as_ref(), rules.as_ref(), nothing, programs)?,
        rules,
        nothing,
    })
}

fn known_facts(order: &Order) -> KnownFacts {
    let facts = &order.facts;
    let currency = facts.content().map(|content| content.currency);
    let refunded = currency.map(|currency| Money { minor: facts.amount_refunded(), currency });
    KnownFacts {
        currency,
        paid_at: facts.paid_at(),
        delivered_at: facts.delivered_at(),
        cancelled_at: facts.cancelled_at(),
        test: facts.content().is_some_and(|content| content.test),
        refunds: facts.refunds.keys().cloned().collect(),
        amount_refunded: refunded.filter(|money| money.minor > 0),
    }
}

fn rules_used(order: &Order, programs: &Programs) -> Option<RulesUsed> {
    let pricing = order.pricing.as_ref()?;
    let version = programs.version(pricing.program_version).unwrap_or_else(|| programs.newest());
    let program = &version.program;
    let campaigns = pricing.campaigns_of(program);
    Some(RulesUsed {
        program_version: pricing.program_version,
        points_per_unit: program.earning.points_per_unit,
        tier: pricing.tier.clone(),
        tier_multiplier: pricing.tier_multiplier(program),
        campaigns: campaigns.map(|c| CampaignUsed { id: c.id.clone(), multiplier: c.multiplier }).collect(),
        exchange_rate: pricing.exchange_rate,
    })
}

fn nothing_because(order: &Order, earned: Option<&Earned>) -> Option<&'static str> {
    match (earned, order.facts.content(), order.facts.paid_at()) {
        (Some(earned), ..) => earned.nothing.map(Nothing::word),
        (None, None, _) => Some("only_refunds_or_deliveries_known"),
        (None, _, None) => Some("not_paid"),
        (None, ..) => Some("no_member_known"),
    }
}

impl Nothing {
    fn word(self) -> &'static str {
        match self {
            Nothing::Cancelled => "cancelled",
            Nothing::TestOrder => "test_order",
            Nothing::BeforeTheProgramStarts => "before_the_program_starts",
            Nothing::NoExchangeRate => "no_exchange_rate",
            Nothing::NothingEligible => "nothing_eligible",
            Nothing::FullyRefunded => "fully_refunded",
        }
    }
}

fn sentences(
    order: &Order,
    earned: Option<&Earned>,
    rules: Option<&RulesUsed>,
    nothing: Option<&'static str>,
    programs: &Programs,
) -> Result<Vec<String>, Overflow> {
    let mut why = Vec::new();
    if let (Some(earned), Some(rules), Some(content)) = (earned, rules, order.facts.content()) {
        let version = programs.version(rules.program_version).unwrap_or_else(|| programs.newest());
        why.push(arithmetic(order, earned, content.currency, rules, &version.program)?);
        why.extend(earned.lines.iter().filter_map(line_sentence));
        why.extend(amount_sentence(order, content.currency));
        why.push(dates_sentence(order, earned));
    }
    why.extend(nothing.map(|word| format!("earns nothing: {}", word.replace('_', " "))));
    Ok(why)
}

/// `40.98 USD eligible x 1 per unit x 1.25 (tier silver) x 2 (campaign member_day) = 102.45, so 102 points`
fn arithmetic(
    order: &Order,
    earned: &Earned,
    currency: Currency,
    rules: &RulesUsed,
    program: &Program,
) -> Result<String, Overflow> {
    let eligible = earned.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.eligible)).ok_or(Overflow)?;
    let mut text = format!("{} eligible", Money { minor: eligible, currency });
    if let Some(rate) = rules.exchange_rate {
        text += &format!(" x {rate} ({} per {currency})", program.currency);
    }
    text += &format!(" x {} per unit x {} (tier {})", rules.points_per_unit, rules.tier_multiplier, rules.tier);
    for CampaignUsed { id, multiplier } in &rules.campaigns {
        text += &format!(" x {multiplier} (campaign {id})");
    }
    let exact = match &order.pricing {
        Some(pricing) => match pricing.in_program_currency(eligible, currency, program)? {
            Some(amount) => pricing.points(amount, program)?,
            None => Ratio::whole(0),
        },
        None => Ratio::whole(0),
    };
    Ok(format!("{text} = {}, so {} points", exact.to_text(), exact.floor()))
}

fn line_sentence(line: &EarnedLine) -> Option<String> {
    let id = &line.id;
    if let Some(excluded) = line.excluded {
        return Some(format!("line {id} earns nothing: {}", excluded.replace('_', " ")));
    }
    let kept = (line.units_kept != line.quantity)
        .then(|| format!(", of which {} of {} units are kept: {}", line.units_kept, line.quantity, line.points_kept));
    Some(format!("line {id}: share {}, {} points{}", line.share, line.points, kept.unwrap_or_default()))
}

fn amount_sentence(order: &Order, currency: Currency) -> Option<String> {
    let minor = order.facts.amount_refunded();
    (minor > 0).then(|| format!("{} were refunded without units and shared over the lines", Money { minor, currency }))
}

fn dates_sentence(order: &Order, earned: &Earned) -> String {
    let since = if order.facts.delivered_at().is_some() { "delivery" } else { "payment" };
    format!("available from {} (counted from {since}), until {}", earned.available_on, earned.expires_on)
}
