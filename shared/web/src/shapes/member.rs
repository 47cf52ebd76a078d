//! A member, as every route shows them.

use app::member::Member;
use jiff::{Timestamp, civil::Date};
use rules::{
    account::Status,
    money::{Currency, Money},
    program::{Basis, Benefit},
    standing::Progress,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::shapes::{consent::ConsentShape, money::MoneyShape};

#[derive(Serialize, ToSchema)]
pub struct MemberShape {
    /// `mem_...`
    id: String,
    #[schema(value_type = String, example = "enrolled")]
    status: Status,
    email: Option<String>,
    name: Option<String>,
    /// BCP 47
    locale: Option<String>,
    /// IANA
    time_zone: Option<String>,
    /// ISO 3166-1 alpha-2
    country: Option<String>,
    #[schema(value_type = Option<String>, format = "date")]
    birthday: Option<Date>,
    links: Vec<LinkShape>,
    consent: ConsentShape,
    points: PointsShape,
    tier: TierShape,
}

#[derive(Serialize, ToSchema)]
pub struct LinkShape {
    source: String,
    customer_id: String,
}

#[derive(Serialize, ToSchema)]
pub struct PointsShape {
    available: i64,
    /// Earned, but not yet to be spent
    pending: i64,
    /// Set aside for a checkout
    held: i64,
    /// Taken back after they were spent; later points pay it first
    debt: i64,
    expiring_next: Option<ExpiringShape>,
}

#[derive(Serialize, ToSchema)]
pub struct ExpiringShape {
    points: i64,
    /// The last day on which they can be spent
    #[schema(value_type = String, format = "date")]
    on: Date,
}

#[derive(Serialize, ToSchema)]
pub struct TierShape {
    id: String,
    #[schema(value_type = String, format = "date-time")]
    since: Timestamp,
    /// The end of its period; none for the lowest tier
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
    benefits: Vec<BenefitShape>,
    next: Option<NextTierShape>,
}

#[derive(Serialize, ToSchema)]
pub struct BenefitShape {
    kind: String,
    title: String,
    value: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct NextTierShape {
    id: String,
    /// An amount for tiers by spend, else a number of points or orders
    missing: MissingShape,
}

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum MissingShape {
    Spend(MoneyShape),
    Points { points: i64 },
    Orders { orders: i64 },
}

impl From<Member> for MemberShape {
    fn from(member: Member) -> MemberShape {
        let (currency, basis) = (member.currency, member.basis);
        let profile = member.profile;
        MemberShape {
            id: profile.id.to_string(),
            status: member.status,
            email: profile.email.map(String::from),
            name: profile.name,
            locale: profile.locale,
            time_zone: profile.time_zone,
            country: profile.country,
            birthday: profile.birthday,
            links: profile
                .links
                .into_iter()
                .map(|link| LinkShape { source: link.source.into(), customer_id: link.customer_id.into() })
                .collect(),
            consent: ConsentShape::from(&profile.consent),
            points: PointsShape {
                available: member.balance.available.get(),
                pending: member.balance.pending.get(),
                held: member.balance.held.get(),
                debt: member.balance.debt.get(),
                expiring_next: member.expiring_next.map(|(on, points)| ExpiringShape { points: points.get(), on }),
            },
            tier: TierShape {
                id: member.standing.tier.into(),
                since: member.standing.since,
                until: member.standing.until,
                benefits: member.benefits.into_iter().map(BenefitShape::from).collect(),
                next: member.next_tier.map(|progress| next_tier(progress, basis, currency)),
            },
        }
    }
}

impl From<Benefit> for BenefitShape {
    fn from(benefit: Benefit) -> BenefitShape {
        BenefitShape { kind: benefit.kind, title: benefit.title, value: benefit.value }
    }
}

pub(crate) fn next_tier(progress: Progress, basis: Basis, currency: Currency) -> NextTierShape {
    let missing = match basis {
        Basis::Spend => MissingShape::Spend(Money { minor: progress.missing, currency }.into()),
        Basis::Points => MissingShape::Points { points: progress.missing },
        Basis::Orders => MissingShape::Orders { orders: progress.missing },
    };
    NextTierShape { id: progress.next.into(), missing }
}
