//! The merchant's document, as it is described: `rules/src/programs/program_document.rs` reads it.
#![expect(dead_code, reason = "what is here describes a document that the rules read")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::program_mail::ProgramMail;

/// A program; fields that it does not have are refused
#[derive(ToSchema)]
pub(crate) struct ProgramShape {
    /// ISO 4217: points are earned and spend is counted in it
    #[schema(example = "USD")]
    currency: String,
    /// The shop's, of the IANA's names: every civil date is in it
    #[schema(example = "Europe/Vienna")]
    zone: String,
    /// Orders paid before earn nothing; null: all count
    #[schema(format = "date")]
    starts_on: Option<String>,
    earning: ProgramEarning,
    tiers: ProgramTiers,
    campaigns: Option<Vec<ProgramCampaign>>,
    pending: ProgramPending,
    expiry: ProgramExpiry,
    /// Points that a refund takes from who spent them are owed, or forgiven
    negative: ProgramNegative,
    /// By their names
    activities: Option<BTreeMap<String, ProgramActivity>>,
    rewards: Option<Vec<ProgramReward>>,
    referral: Option<ProgramReferral>,
    reviews: Option<ProgramReviews>,
    mail: Option<ProgramMail>,
}

#[derive(ToSchema)]
struct ProgramEarning {
    /// For one unit of the currency (1.00 USD, 1 JPY), a decimal
    #[schema(example = "1")]
    points_per_unit: String,
    /// They earn nothing
    excluded_products: Option<Vec<String>>,
    /// What one unit of another currency is worth in the program's; others earn nothing
    exchange_rates: Option<BTreeMap<String, String>>,
}

#[derive(ToSchema)]
struct ProgramTiers {
    basis: ProgramBasis,
    period: ProgramPeriod,
    /// How long after its period a tier is kept before the step down
    grace_days: Option<u16>,
    /// From the lowest, whose threshold is zero, upwards
    #[schema(min_items = 1)]
    levels: Vec<ProgramLevel>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramBasis {
    Spend,
    Points,
    Orders,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramPeriod {
    #[schema(rename = "rolling_12_months")]
    Rolling12Months,
    CalendarYear,
    Anniversary,
}

#[derive(ToSchema)]
struct ProgramLevel {
    id: String,
    /// An amount of the currency for `spend`, a whole number for `points` and `orders`
    #[schema(example = "200.00")]
    threshold: String,
    #[schema(example = "1.25")]
    multiplier: String,
    benefits: Option<Vec<ProgramBenefit>>,
}

#[derive(ToSchema)]
struct ProgramBenefit {
    kind: String,
    title: String,
    value: Option<String>,
}

#[derive(ToSchema)]
struct ProgramCampaign {
    id: String,
    #[schema(example = "2")]
    multiplier: String,
    /// It multiplies on top of the highest one that does not
    stacks: Option<bool>,
    when: ProgramWhen,
}

#[derive(ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum ProgramWhen {
    /// From one instant up to, not including, another
    Window {
        #[schema(format = "date-time")]
        from_at: String,
        #[schema(format = "date-time")]
        to_at: String,
    },
    /// On these days of each week
    Weekdays {
        days: Vec<ProgramDay>,
        /// `shop`, `member` or one of the IANA's names
        zone: String,
    },
    /// On the days that a recurrence rule of RFC 5545 names
    Recurrence {
        #[schema(example = "FREQ=MONTHLY;BYMONTHDAY=18")]
        rrule: String,
        zone: String,
    },
    /// For so many days from the member's birthday, once a year
    Birthday { days: u16, zone: String },
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramDay {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(ToSchema)]
struct ProgramPending {
    after_delivery_days: u16,
    /// Where no delivery is reported
    after_payment_days: u16,
}

#[derive(ToSchema)]
struct ProgramExpiry {
    months: u16,
    round: ProgramRound,
    /// Whether earning anything moves every lot's expiry to the new one's, if that is later
    extend_on_activity: Option<bool>,
    /// Spent points that come back can be spent for at least so long; 30 unless it is said
    grace_days: Option<u16>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramRound {
    None,
    EndOfMonth,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramNegative {
    Debt,
    Clamp,
}

#[derive(ToSchema)]
struct ProgramActivity {
    points: i64,
    /// One for each period at most
    caps: Option<Vec<ProgramCap>>,
    /// Each subject earns once in a lifetime
    once_per_subject: Option<bool>,
    proof: Option<ProgramProof>,
    /// Nothing is posted until a person at the shop approves it
    approval: Option<bool>,
    /// Members may record it of themselves; it then needs a cap
    self_service: Option<bool>,
}

/// How often, or for how many points, in a period
#[derive(ToSchema)]
struct ProgramCap {
    period: ProgramCapPeriod,
    times: Option<u32>,
    points: Option<i64>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramCapPeriod {
    Day,
    Month,
    Year,
    Lifetime,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramProof {
    HasOrder,
    VerifiedPurchase,
}

#[derive(ToSchema)]
struct ProgramReward {
    id: String,
    /// As members are shown it
    title: String,
    kind: ProgramRewardKind,
    /// What it costs; for `points_as_cash`, what `amount` costs
    points: i64,
    on: Option<bool>,
    /// Made by us, or uploaded by the merchant
    codes: Option<ProgramCodes>,
    valid_days: Option<u16>,
    /// The least that an order must be worth
    min_order: Option<String>,
    /// Of `amount_off` and `points_as_cash`
    amount: Option<String>,
    /// Of `percent_off`
    percent: Option<String>,
    /// Of `free_shipping`
    up_to: Option<String>,
    /// Of `free_product`
    product_id: Option<String>,
    /// Of `points_as_cash`
    min_points: Option<i64>,
    /// Of `points_as_cash`
    max_percent_of_order: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramRewardKind {
    AmountOff,
    PercentOff,
    FreeShipping,
    FreeProduct,
    PointsAsCash,
    Manual,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramCodes {
    Generated,
    Pool,
}

/// What inviting a friend gives
#[derive(ToSchema)]
struct ProgramReferral {
    /// For who invites
    points: i64,
    /// For who is invited
    friend: ProgramFriendOffer,
    /// So many friends of one member are paid for in a month; 20 unless it is said
    max_per_month: Option<u32>,
    /// Where a code leads, with `{code}` in it
    link: Option<String>,
}

#[derive(ToSchema)]
struct ProgramReviews {
    publish: Option<ProgramPublish>,
    /// So many stars or fewer open a case; 0 opens none, and 3 is meant if it is left out
    #[schema(maximum = 5)]
    alert_at_most: Option<u8>,
    /// How long the shop has to answer such a one; 48 if it is left out
    #[schema(minimum = 1, maximum = 1440)]
    answer_within_hours: Option<u16>,
}

/// Which reviews are shown without a person's word; all, if it is left out. Never by their stars, as the law has it
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ProgramPublish {
    AtOnce,
    AfterApproval,
}

#[derive(ToSchema)]
struct ProgramFriendOffer {
    amount: String,
    min_order: Option<String>,
    valid_days: u16,
}
