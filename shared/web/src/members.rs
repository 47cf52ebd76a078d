//! `/v1/members`: enrol, read, change.

use app::enrol_member::Enrolled;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::tz::TimeZone;
use rules::ids::MemberId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Storefront,
    cursor::number,
    listing::{self, Answer},
    problem::Problem,
    shapes::{
        enrolment::EnrolmentShape, member::MemberShape, member_change::MemberChangeShape, tier_change::TierChangeShape,
    },
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct TierChangeList {
    tier_changes: Vec<TierChangeShape>,
    next_cursor: Option<String>,
}

/// Enrols a member
///
/// A guest who is known by the address or a link is enrolled. The same link again answers 200.
#[utoipa::path(post, path = "/v1/members", tag = "members", request_body = EnrolmentShape,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MemberShape), (status = 200, body = MemberShape), (status = 400, body = Problem),
              (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 409, body = Problem, description = "`member-exists`, with `member_id`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn enrol(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<MemberShape>), Problem> {
    let now = state.clock.now();
    let request = body.keyed(&caller, &method, uri.path(), &headers)?;
    let today = TimeZone::UTC.to_datetime(now).date();
    let enrolment = body.json::<EnrolmentShape>()?.parse(today)?;
    let (status, id) = match state.app.enrol_member(&enrolment, request.as_ref(), now).await? {
        Enrolled::New(id) => (StatusCode::CREATED, id),
        Enrolled::Known(id) => (StatusCode::OK, id),
    };
    let member = state.app.member(&id, now).await?;
    Ok((status, Json(member.into())))
}

/// Reads a member
#[utoipa::path(get, path = "/v1/members/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = MemberShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<Json<MemberShape>, Problem> {
    let member = state.app.member(&member_id(&id)?, state.clock.now()).await?;
    Ok(Json(member.into()))
}

/// Changes what is known of a member
///
/// A JSON merge patch: what is absent stays, `null` removes. Links are added. All of it is done or nothing.
#[utoipa::path(patch, path = "/v1/members/{id}", tag = "members", request_body = MemberChangeShape,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = MemberShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`member-exists` with `member_id`, `links-conflict`, `too-many-links`, `birthday-locked`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<MemberShape>, Problem> {
    let now = state.clock.now();
    let request = body.keyed(&caller, &method, uri.path(), &headers)?;
    let today = TimeZone::UTC.to_datetime(now).date();
    let change = body.json::<MemberChangeShape>()?.parse(today)?;
    let id = state.app.change_member(&member_id(&id)?, &change, request.as_ref(), now).await?;
    let member = state.app.member(&id, now).await?;
    Ok(Json(member.into()))
}

/// Reads a member's changes of tier, the newest first
#[utoipa::path(get, path = "/v1/members/{id}/tiers", tag = "members",
    params(("id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = TierChangeList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn tier_history(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<TierChangeList> {
    let id = member_id(&id)?;
    let load = |before, limit| state.app.tier_history(&id, caller.audience(), before, limit);
    let page = listing::page(&uri, query.as_deref(), number, load, |last| last.sequence.to_string()).await?;
    page.shown(|change| Some(change.into()), |tier_changes, next_cursor| TierChangeList { tier_changes, next_cursor })
}

/// What cannot be a member's id is nobody's.
pub(crate) fn member_id(text: &str) -> Result<MemberId, Problem> {
    MemberId::parse(text).map_err(|_| Problem::not_found("no such member"))
}
