//! A change of tier.

use jiff::Timestamp;
use rules::posting::TierChange;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct TierChangeShape {
    /// When it was recorded
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    from: String,
    to: String,
    /// Since when the new tier holds
    #[schema(value_type = String, format = "date-time")]
    since: Timestamp,
    #[schema(value_type = Option<String>, format = "date-time")]
    until: Option<Timestamp>,
}

impl From<TierChange> for TierChangeShape {
    fn from(change: TierChange) -> TierChangeShape {
        TierChangeShape {
            at: change.at,
            from: change.from.tier.into(),
            to: change.to.tier.into(),
            since: change.to.since,
            until: change.to.until,
        }
    }
}
