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

/// With a rating it is kept as the member's review of the product, whether or not it earns anything
#[derive(ToSchema)]
pub(super) struct ToldReview {
    id: ToldId,
    customer_id: ToldId,
    /// As the lines of orders name it
    product_id: ToldId,
    /// When it was written, or last changed
    #[schema(format = "date-time")]
    created_at: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<u8>,
    /// Text, never markup; what is over 120 characters is cut
    title: Option<String>,
    /// Text, never markup; what is over 5,000 characters is cut
    text: Option<String>,
    /// The name to show it under, empty for none; `Jane D.` of the member's name if it is left out
    author: Option<String>,
}
