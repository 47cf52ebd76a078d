//! Why an order or an entry is what it is.

use app::{explain_entry::EntryExplained, explain_order::OrderExplained};
use jiff::{Timestamp, civil::Date};
use rules::{
    explain::{Explanation, KnownFacts, LineExplanation, RulesUsed},
    money::Money,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::{
    entry::{EntryShape, OrderShape},
    money::MoneyShape,
};

#[derive(Serialize, ToSchema)]
pub struct OrderExplanation {
    order: OrderShape,
    /// None while no event has named them
    member_id: Option<String>,
    facts: FactsShape,
    /// None while nothing has priced the order
    rules: Option<RulesShape>,
    lines: Vec<LineShape>,
    /// What it has earned by now
    points: i64,
    #[schema(value_type = Option<String>, format = "date")]
    available_on: Option<Date>,
    #[schema(value_type = Option<String>, format = "date")]
    expires_on: Option<Date>,
    /// Why it earns nothing, as a stable word
    #[schema(value_type = Option<String>, example = "not_paid")]
    nothing: Option<&'static str>,
    /// All of it in sentences
    why: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct FactsShape {
    currency: Option<String>,
    #[schema(value_type = Option<String>, format = "date-time")]
    paid_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    delivered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    cancelled_at: Option<Timestamp>,
    test: bool,
    refunds: Vec<String>,
    /// Refunded without units
    amount_refunded: Option<MoneyShape>,
}

#[derive(Serialize, ToSchema)]
pub struct RulesShape {
    program_version: u64,
    points_per_unit: String,
    tier: String,
    tier_multiplier: String,
    campaigns: Vec<CampaignShape>,
    /// What a unit of the order's currency was worth in the program's
    exchange_rate: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct CampaignShape {
    id: String,
    multiplier: String,
}

#[derive(Serialize, ToSchema)]
pub struct LineShape {
    id: String,
    quantity: u32,
    /// Neither edited away nor refunded
    units_kept: u32,
    eligible: MoneyShape,
    /// Why the line earns nothing
    #[schema(value_type = Option<String>, example = "gift_card")]
    excluded: Option<&'static str>,
    /// Its part of the order's points before it is made whole, rounded to two digits
    share: String,
    /// Of all its units
    points: i64,
    /// Of what the buyer kept
    points_kept: i64,
}

#[derive(Serialize, ToSchema)]
pub struct EntryExplanation {
    entry: EntryShape,
    why: Vec<String>,
    /// The order as it is known today, for an entry of an order
    order: Option<OrderExplanation>,
}

impl From<OrderExplained> for OrderExplanation {
    fn from(explained: OrderExplained) -> OrderExplanation {
        let Explanation { facts, rules, lines, points, available_on, expires_on, nothing, why } = explained.explanation;
        OrderExplanation {
            order: explained.order.into(),
            member_id: explained.member.map(String::from),
            facts: facts.into(),
            rules: rules.map(RulesShape::from),
            lines: lines.into_iter().map(LineShape::from).collect(),
            points: points.get(),
            available_on,
            expires_on,
            nothing,
            why,
        }
    }
}

impl From<KnownFacts> for FactsShape {
    fn from(facts: KnownFacts) -> FactsShape {
        FactsShape {
            currency: facts.currency.map(|currency| currency.code().to_owned()),
            paid_at: facts.paid_at,
            delivered_at: facts.delivered_at,
            cancelled_at: facts.cancelled_at,
            test: facts.test,
            refunds: facts.refunds.into_iter().map(String::from).collect(),
            amount_refunded: facts.amount_refunded.map(Money::into),
        }
    }
}

impl From<RulesUsed> for RulesShape {
    fn from(rules: RulesUsed) -> RulesShape {
        let campaigns = rules.campaigns.into_iter();
        RulesShape {
            program_version: rules.program_version,
            points_per_unit: rules.points_per_unit.to_string(),
            tier: rules.tier.into(),
            tier_multiplier: rules.tier_multiplier.to_string(),
            campaigns: campaigns
                .map(|campaign| CampaignShape { id: campaign.id.into(), multiplier: campaign.multiplier.to_string() })
                .collect(),
            exchange_rate: rules.exchange_rate.map(|rate| rate.to_string()),
        }
    }
}

impl From<LineExplanation> for LineShape {
    fn from(explained: LineExplanation) -> LineShape {
        let line = explained.line;
        LineShape {
            id: line.id.into(),
            quantity: line.quantity,
            units_kept: line.units_kept,
            eligible: explained.eligible.into(),
            excluded: line.excluded,
            share: line.share,
            points: line.points.get(),
            points_kept: line.points_kept.get(),
        }
    }
}

impl From<EntryExplained> for EntryExplanation {
    fn from(explained: EntryExplained) -> EntryExplanation {
        EntryExplanation {
            entry: explained.entry.into(),
            why: explained.why,
            order: explained.order.map(OrderExplanation::from),
        }
    }
}
