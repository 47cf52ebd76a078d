//! `/v1/me`: what a member reads and does for themself, by a token, from a browser.

use app::{Audience, record_activity::Teller};
use axum::{
    Json,
    extract::{RawQuery, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};

use crate::{
    activities::{self, ActivityList},
    body::RawBody,
    browsers::uncached,
    caller::Myself,
    coupons::{self, CouponList},
    ledger::{self, EntryList},
    listing::{Answer, to_a_browser},
    problem::Problem,
    redemptions::{self, AskShape, RedemptionList},
    shapes::redemption::RedemptionShape,
    shapes::{
        activity::{ActivityInput, ActivityShape},
        member::MemberShape,
    },
    state::AppState,
};

/// Reads oneself
#[utoipa::path(get, path = "/v1/me", tag = "me",
    responses((status = 200, body = MemberShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    myself: Myself,
) -> Result<(HeaderMap, Json<MemberShape>), Problem> {
    let member = state.app.read_myself(&myself.id, state.clock.now()).await?;
    Ok((uncached(), Json(member.into())))
}

/// Reads one's own ledger, the newest entry first
#[utoipa::path(get, path = "/v1/me/ledger", tag = "me",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = EntryList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn ledger(
    State(state): State<AppState>,
    myself: Myself,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<EntryList> {
    to_a_browser(ledger::page(&state, &myself.id, Audience::Storefront, &uri, query.as_deref()).await)
}

/// Reads one's own activities, the newest first
#[utoipa::path(get, path = "/v1/me/activities", tag = "me",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ActivityList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn activities(
    State(state): State<AppState>,
    myself: Myself,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<ActivityList> {
    to_a_browser(activities::page_of(&state, &myself.id, &uri, query.as_deref()).await)
}

/// Tells of something that one did
///
/// Of what the program lets members tell themselves.
#[utoipa::path(post, path = "/v1/me/activities", tag = "me", request_body = ActivityInput,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ActivityShape), (status = 400, body = Problem, description = "an unknown `/type` among others"),
              (status = 401, body = Problem), (status = 403, body = Problem, description = "`not-self-service`"),
              (status = 404, body = Problem), (status = 409, body = Problem, description = "`cap-reached`, `proof-missing`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn tell(
    State(state): State<AppState>,
    Myself { caller, id }: Myself,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<ActivityShape>), Problem> {
    let now = state.clock.now();
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let told = body.json::<ActivityInput>()?.parse(now)?;
    let recorded = state.app.record_activity(&id, &told, &Teller::Member(request), now).await?;
    Ok((StatusCode::CREATED, Json(recorded.into())))
}

/// Reads one's own redemptions, the newest first
#[utoipa::path(get, path = "/v1/me/redemptions", tag = "me",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = RedemptionList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn redemptions(
    State(state): State<AppState>,
    myself: Myself,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<RedemptionList> {
    to_a_browser(redemptions::page_of(&state, &myself.id, &uri, query.as_deref()).await)
}

/// Reads one's own coupons, the newest first
#[utoipa::path(get, path = "/v1/me/coupons", tag = "me",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = CouponList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn coupons(
    State(state): State<AppState>,
    myself: Myself,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<CouponList> {
    to_a_browser(coupons::page_of(&state, &myself.id, &uri, query.as_deref()).await)
}

/// Redeems a reward for oneself
#[utoipa::path(post, path = "/v1/me/redemptions", tag = "me", request_body = AskShape,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = RedemptionShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`not-enrolled`, `insufficient-points` or `no-codes-left`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn redeem(
    State(state): State<AppState>,
    Myself { caller, id }: Myself,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<RedemptionShape>), Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let ask = body.json::<AskShape>()?.parse()?;
    let now = state.clock.now();
    let redemption = state.app.redeem_reward(&id, &ask, &request, now).await?;
    Ok((StatusCode::CREATED, redemptions::shown(&redemption, now)?))
}
