//! Holds.

use jiff::Timestamp;
use rules::hold::{Hold, HoldState};
use serde::Serialize;
use utoipa::ToSchema;

use super::{entry::OrderShape, money::MoneyShape};

#[derive(Serialize, ToSchema)]
pub struct HoldShape {
    /// An order that cannot name the code names this as `regulars_hold`
    #[schema(example = "hold_7k2m9qxw4trb8vnc")]
    id: String,
    points: i64,
    /// What the checkout may take off, in the currency of its total
    value: MoneyShape,
    /// For the checkout, as a discount code of that value
    #[schema(example = "7K2M9QXW4TRB8VNC")]
    code: Option<String>,
    #[schema(value_type = String, format = "date-time")]
    expires_at: Timestamp,
    /// `open`, `captured`, `released` or `expired`
    #[schema(value_type = String, example = "open")]
    state: HoldState,
    captured: Option<CaptureShape>,
}

/// What an order has of it
#[derive(Serialize, ToSchema)]
pub struct CaptureShape {
    order: OrderShape,
    points: i64,
}

impl HoldShape {
    /// As it stands at that moment.
    pub fn at(hold: &Hold, now: Timestamp) -> HoldShape {
        let captured = hold.captured();
        HoldShape {
            id: hold.id.to_string(),
            points: hold.points.get(),
            value: hold.value.into(),
            code: hold.id.code().map(String::from),
            expires_at: hold.ends_at,
            state: hold.state(now),
            captured: captured
                .map(|(order, points)| CaptureShape { order: order.clone().into(), points: points.get() }),
        }
    }
}
