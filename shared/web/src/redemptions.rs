//! `/v1/members/{id}/redemptions`: points become rewards, and go back.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use rules::{
    deal::Ask,
    ids::{MemberId, RedemptionId, RewardId},
    money::Money,
    redemption::{CancelledBy, Redemption},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Admin, Storefront},
    listing::{self, Answer},
    members::member_id,
    problem::Problem,
    shapes::{money::MoneyShape, redemption::RedemptionShape},
    state::AppState,
};

/// What is asked for
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskShape {
    reward_id: String,
    /// For `points_as_cash` alone: how many are to become money
    points: Option<i64>,
    /// Of the order that it is for, if there is one already
    #[schema(value_type = Option<MoneyShape>)]
    order_total: Option<Money>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndShape {
    state: EndState,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EndState {
    Fulfilled,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RedemptionList {
    redemptions: Vec<RedemptionShape>,
    next_cursor: Option<String>,
}

/// Redeems a reward
#[utoipa::path(post, path = "/v1/members/{id}/redemptions", tag = "rewards", request_body = AskShape,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = RedemptionShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`not-enrolled`, `insufficient-points` or `no-codes-left`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn redeem(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<RedemptionShape>), Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let ask = body.json::<AskShape>()?.parse()?;
    let now = state.clock.now();
    let redemption = state.app.redeem_reward(&member_id(&id)?, &ask, &request, now).await?;
    Ok((StatusCode::CREATED, shown(&redemption, now)?))
}

/// Reads a member's redemptions, the newest first
#[utoipa::path(get, path = "/v1/members/{id}/redemptions", tag = "rewards",
    params(("id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = RedemptionList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<RedemptionList> {
    page_of(&state, &member_id(&id)?, &uri, query.as_deref()).await
}

/// One page of a member's redemptions, for whoever may see them.
pub(crate) async fn page_of(
    state: &AppState,
    member: &MemberId,
    uri: &Uri,
    query: Option<&str>,
) -> Answer<RedemptionList> {
    let now = state.clock.now();
    let load = |before: Option<RedemptionId>, limit| async move {
        state.app.redemptions(member, before.as_ref(), limit).await
    };
    let page = listing::page(uri, query, redemption_of, load, |last| last.id.to_string()).await?;
    let list = |redemptions, next_cursor| RedemptionList { redemptions, next_cursor };
    page.shown(|redemption| RedemptionShape::at(&redemption, now), list)
}

/// Reads a redemption
#[utoipa::path(get, path = "/v1/members/{id}/redemptions/{redemption}", tag = "rewards",
    params(("id" = String, Path), ("redemption" = String, Path)),
    responses((status = 200, body = RedemptionShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path((id, redemption)): Path<(String, String)>,
) -> Result<Json<RedemptionShape>, Problem> {
    let redemption = state.app.redemption(&member_id(&id)?, &redemption_id(&redemption)?).await?;
    shown(&redemption, state.clock.now())
}

/// Cancels a redemption and gives its points back
///
/// While its coupon is unused; those of an expired one do not come back. The points keep their expiry,
/// but can be spent for at least the program's days of grace. A coupon of the merchant's own is
/// cancelled with an admin key alone. A second time changes nothing.
#[utoipa::path(delete, path = "/v1/members/{id}/redemptions/{redemption}", tag = "rewards",
    params(("id" = String, Path), ("redemption" = String, Path)),
    responses((status = 200, body = RedemptionShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`coupon-used`, `coupon-expired` or `redemption-fulfilled`"),
              (status = 503, body = Problem)))]
pub(crate) async fn cancel(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path((id, redemption)): Path<(String, String)>,
) -> Result<Json<RedemptionShape>, Problem> {
    let (member, redemption) = (member_id(&id)?, redemption_id(&redemption)?);
    let by = if caller.is_admin() { CancelledBy::Merchant } else { CancelledBy::Member };
    let now = state.clock.now();
    shown(&state.app.cancel_redemption(&member, &redemption, by, now).await?, now)
}

/// Says that what a member redeemed was done
#[utoipa::path(patch, path = "/v1/members/{id}/redemptions/{redemption}", tag = "rewards", request_body = EndShape,
    params(("id" = String, Path), ("redemption" = String, Path)),
    responses((status = 200, body = RedemptionShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`not-manual` or `redemption-cancelled`"),
              (status = 503, body = Problem)))]
pub(crate) async fn fulfil(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path((id, redemption)): Path<(String, String)>,
    body: RawBody,
) -> Result<Json<RedemptionShape>, Problem> {
    let EndShape { state: EndState::Fulfilled } = body.json()?;
    let now = state.clock.now();
    shown(&state.app.fulfil_redemption(&member_id(&id)?, &redemption_id(&redemption)?, now).await?, now)
}

impl AskShape {
    pub(crate) fn parse(self) -> Result<Ask, Problem> {
        let reward_id = RewardId::parse(&self.reward_id);
        let reward_id = reward_id.map_err(|error| Problem::field("/reward_id", error.to_string()))?;
        Ok(Ask { reward_id, points: self.points, order_total: self.order_total })
    }
}

pub(crate) fn shown(redemption: &Redemption, now: Timestamp) -> Result<Json<RedemptionShape>, Problem> {
    RedemptionShape::at(redemption, now).map(Json).ok_or_else(|| Problem::not_found("no such redemption"))
}

/// The redemption that a cursor names.
pub(crate) fn redemption_of(cursor: &str) -> Option<RedemptionId> {
    RedemptionId::parse(cursor).ok()
}

fn redemption_id(text: &str) -> Result<RedemptionId, Problem> {
    RedemptionId::parse(text).map_err(|_| Problem::not_found("no such redemption"))
}
