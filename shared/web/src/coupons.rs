//! `/v1/members/{id}/coupons`, and what a shop asks of a code.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::Uri;
use rules::{
    coupon::Invalid,
    ids::{MemberId, RedemptionId},
    money::Money,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Storefront,
    listing::{self, Answer},
    members::member_id,
    problem::Problem,
    redemptions::redemption_of,
    shapes::{money::MoneyShape, redemption::CouponShape},
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct CouponList {
    coupons: Vec<CouponShape>,
    next_cursor: Option<String>,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderTotalShape {
    /// Before the coupon; without it, neither its least amount nor its currency is looked at
    #[schema(value_type = Option<MoneyShape>)]
    order_total: Option<Money>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ValidationShape {
    valid: bool,
    /// `unknown` (never issued), `used`, `expired`, `cancelled`, `below_min_order` or `other_currency`
    #[schema(value_type = Option<String>)]
    reason: Option<Invalid>,
    coupon: Option<CouponShape>,
    reward: Option<RewardRefShape>,
}

/// The reward as it was when the coupon was issued
#[derive(Serialize, ToSchema)]
pub(crate) struct RewardRefShape {
    id: String,
    title: String,
    kind: &'static str,
}

/// Reads a member's coupons, the newest first
#[utoipa::path(get, path = "/v1/members/{id}/coupons", tag = "rewards",
    params(("id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = CouponList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<CouponList> {
    page_of(&state, &member_id(&id)?, &uri, query.as_deref()).await
}

/// One page of a member's coupons, for whoever may see them.
pub(crate) async fn page_of(state: &AppState, member: &MemberId, uri: &Uri, query: Option<&str>) -> Answer<CouponList> {
    let now = state.clock.now();
    let load =
        |before: Option<RedemptionId>, limit| async move { state.app.coupons(member, before.as_ref(), limit).await };
    let page = listing::page(uri, query, redemption_of, load, |last| last.id.to_string()).await?;
    let list = |coupons, next_cursor| CouponList { coupons, next_cursor };
    page.shown(|redemption| CouponShape::at(&redemption, now), list)
}

/// Says whether a shop may honour a code
///
/// Asking changes nothing. The code's case does not matter.
#[utoipa::path(post, path = "/v1/coupons/{code}/validate", tag = "rewards", request_body = OrderTotalShape,
    params(("code" = String, Path)),
    responses((status = 200, body = ValidationShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn validate(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(code): Path<String>,
    body: RawBody,
) -> Result<Json<ValidationShape>, Problem> {
    let order = if body.0.is_empty() { OrderTotalShape::default() } else { body.json()? };
    let now = state.clock.now();
    let said = state.app.validate_coupon(&code, order.order_total, now).await?;
    Ok(Json(ValidationShape {
        valid: said.invalid.is_none(),
        reason: said.invalid,
        coupon: said.redemption.and_then(|redemption| CouponShape::at(&redemption, now)),
        reward: said.reward.map(|reward| RewardRefShape {
            kind: reward.kind().as_str(),
            id: reward.id.into(),
            title: reward.title,
        }),
    }))
}
