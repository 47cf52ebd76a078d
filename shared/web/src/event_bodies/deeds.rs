//! What customers do besides buying.

use utoipa::ToSchema;

use super::orders::ToldId;

/// One activity, or a list of them
#[derive(ToSchema)]
#[serde(untagged)]
pub(super) enum ToldActivities {
    One(ToldActivity),
    Several(ToldActivityList),
}

#[derive(ToSchema)]
pub(super) struct ToldActivityList {
    #[schema(max_items = 100)]
    activities: Vec<ToldActivity>,
}

#[derive(ToSchema)]
pub(super) struct ToldActivity {
    /// Of this very deed: it earns once, for ever, however often it is told
    id: ToldId,
    /// Who was told of before
    customer_id: ToldId,
    /// The name that the program has for it; another is taken and ignored
    #[schema(min_length = 1, max_length = 2048, pattern = r"\S")]
    r#type: String,
    /// What it is about, where that matters: a product, a survey, never a person
    subject: Option<ToldSubject>,
    /// Points expire by it; caps count when the event arrives
    #[schema(format = "date-time")]
    occurred_at: String,
}

/// Case and doubled blanks make no difference
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 200, pattern = "^[ -~]*[!-~][ -~]*$")]
struct ToldSubject(String);

/// Other fields, `rating` and `text` among them, earn nothing
#[derive(ToSchema)]
pub(super) struct ToldReview {
    id: ToldId,
    customer_id: ToldId,
    /// As the lines of orders name it
    product_id: ToldSubject,
    /// When it was written
    #[schema(format = "date-time")]
    created_at: String,
}
