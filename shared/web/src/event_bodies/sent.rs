//! What the merchant's endpoints are told.

use std::collections::BTreeMap;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{Described, any_of, named, reference};
use crate::cases::AboutShape;

pub(super) const EVENTS: &[Described] = &[
    Described {
        name: "points.available",
        summary: "Points can be spent from today",
        description: "The day of pending points came.",
        data: named::<PointsAvailable>,
        example: include_str!("examples/points.available.json"),
    },
    Described {
        name: "tier.changed",
        summary: "A member has another tier",
        description: "Up or down.",
        data: named::<TierChanged>,
        example: include_str!("examples/tier.changed.json"),
    },
    Described {
        name: "coupon.issued",
        summary: "A member has a new coupon",
        description: "Bought with points, or given to a friend who was invited.",
        data: named::<CouponIssued>,
        example: include_str!("examples/coupon.issued.json"),
    },
    Described {
        name: "redemption.created",
        summary: "A member bought a reward with points",
        description: "Its coupon, if it gave one, is told by `coupon.issued`.",
        data: named::<RedemptionCreated>,
        example: include_str!("examples/redemption.created.json"),
    },
    Described {
        name: "case.opened",
        summary: "A person at the shop must look at something",
        description: "Once for each occasion. What there is to do is at `GET /v1/cases/{case}`.",
        data: named::<CaseOpened>,
        example: include_str!("examples/case.opened.json"),
    },
    Described {
        name: "consent.changed",
        summary: "A member said something else to marketing by email",
        description: "Whoever told us: the storefront, the API or an import.",
        data: named::<ConsentChanged>,
        example: include_str!("examples/consent.changed.json"),
    },
    Described {
        name: "member.at_risk",
        summary: "A member may not come back",
        description: "It can be listened for. Nothing sends it yet: it comes with the forecasts.",
        data: named::<MemberAtRisk>,
        example: include_str!("examples/member.at_risk.json"),
    },
];

/// As it is described under `webhooks`, by the event's `type`
pub(crate) struct SentData;

#[derive(ToSchema)]
struct PointsAvailable {
    member_id: String,
    /// Those that can be spent from today
    points: i64,
    /// All that can be spent now
    available: i64,
}

#[derive(ToSchema)]
struct TierChanged {
    member_id: String,
    from: String,
    to: String,
    #[schema(format = "date-time")]
    since: String,
    /// The end of its period, if it has one
    #[schema(format = "date-time")]
    until: Option<String>,
}

#[derive(ToSchema)]
struct CouponIssued {
    member_id: String,
    redemption_id: String,
    /// None where it was not bought with points
    reward_id: Option<String>,
    code: String,
    #[schema(format = "date-time")]
    expires_at: String,
}

#[derive(ToSchema)]
struct RedemptionCreated {
    member_id: String,
    redemption_id: String,
    reward_id: Option<String>,
    points: Option<i64>,
}

#[derive(ToSchema)]
struct CaseOpened {
    /// Left out where it is no member's
    member_id: Option<String>,
    case_id: String,
    /// `bad_review`, `hold_not_covered`, `data_request`, `shop_redact`, `mail_unknown` or `marketing_stopped`
    kind: String,
    about: AboutShape,
    #[schema(format = "date-time")]
    opened_at: String,
    /// The last moment to do what it asks for, if there is one
    #[schema(format = "date-time")]
    due_at: Option<String>,
}

#[derive(ToSchema)]
struct ConsentChanged {
    member_id: String,
    marketing: MarketingChanged,
    /// Those that were switched on or off
    topics: BTreeMap<String, bool>,
}

#[derive(ToSchema)]
struct MarketingChanged {
    from: MarketingState,
    to: MarketingState,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum MarketingState {
    Unknown,
    Pending,
    Granted,
    Withdrawn,
}

#[derive(ToSchema)]
struct MemberAtRisk {
    member_id: String,
}

impl PartialSchema for SentData {
    fn schema() -> RefOr<Schema> {
        any_of([
            reference::<PointsAvailable>(),
            reference::<TierChanged>(),
            reference::<CouponIssued>(),
            reference::<RedemptionCreated>(),
            reference::<CaseOpened>(),
            reference::<ConsentChanged>(),
            reference::<MemberAtRisk>(),
        ])
    }
}

impl ToSchema for SentData {}
