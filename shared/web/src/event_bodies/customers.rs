//! Customers, alone and inside orders, and what they said to marketing.

use utoipa::ToSchema;

use super::orders::ToldId;

#[derive(ToSchema)]
pub(super) struct ToldCustomer {
    #[serde(flatten)]
    buyer: ToldBuyer,
    id: ToldId,
}

/// Who bought
#[derive(ToSchema)]
pub(super) struct ToldBuyer {
    /// A guest has none
    id: Option<ToldId>,
    #[schema(
        pattern = "^[!-?A-~]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$",
        max_length = 254,
        example = "jonas@example.com"
    )]
    email: Option<String>,
    /// The shop has proof that the address is theirs: only then an account joins the member whose address it is
    email_verified: Option<bool>,
    /// Whether they can sign in; if it is left out, whoever has an `id` can
    has_account: Option<bool>,
    #[schema(max_length = 2048)]
    name: Option<String>,
    #[schema(pattern = "^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$", max_length = 35, example = "de-AT")]
    locale: Option<String>,
    #[schema(pattern = "^[A-Z]{2}$", example = "AT")]
    country: Option<String>,
    consent: Option<ToldConsent>,
}

#[derive(ToSchema)]
pub(super) struct ToldConsentOfCustomer {
    customer_id: ToldId,
    consent: ToldConsent,
}

#[derive(ToSchema)]
#[serde(untagged)]
enum ToldConsent {
    Said(ToldStatement),
    Chosen(ToldChoice),
    NotSaid(ToldNothing),
}

#[derive(ToSchema)]
struct ToldStatement {
    marketing: ToldMarketing,
    /// When it was said, which goes before `timestamp`: the latest statement holds
    #[schema(format = "date-time")]
    marketing_at: String,
    /// They confirmed it from their mailbox; elsewise a grant waits for that where the program asks for it
    confirmed: Option<bool>,
}

/// May come with a statement in one
#[derive(ToSchema)]
struct ToldChoice {
    topics: ToldTopics,
    /// When they were switched: for each topic the latest choice holds
    #[schema(format = "date-time")]
    topics_at: String,
}

/// Which are switched on (true) or off (false)
#[derive(ToSchema)]
struct ToldTopics {
    reviews: Option<bool>,
    replenishment: Option<bool>,
    loyalty: Option<bool>,
    offers: Option<bool>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ToldMarketing {
    Granted,
    Pending,
    Withdrawn,
}

#[derive(ToSchema)]
struct ToldNothing {
    marketing: ToldUnknown,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
enum ToldUnknown {
    Unknown,
}
