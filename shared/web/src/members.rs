//! `/v1/members`: enrol, look up, read, change.

use app::enrol_member::Enrolled;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::tz::TimeZone;
use rules::{
    email::Email,
    ids::{CustomerId, CustomerKey, MemberId, Source},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Storefront,
    problem::Problem,
    query::parse_query,
    shapes::{
        enrolment::EnrolmentShape, member::MemberShape, member_change::MemberChangeShape, tier_change::TierChangeShape,
    },
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct MemberList {
    members: Vec<MemberShape>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TierChangeList {
    tier_changes: Vec<TierChangeShape>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberQuery {
    email: Option<String>,
    source: Option<String>,
    customer_id: Option<String>,
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

/// Finds members by address or by a storefront's customer
#[utoipa::path(get, path = "/v1/members", tag = "members", params(("email" = Option<String>, Query), ("source" = Option<String>, Query, description = "with `customer_id`"),
           ("customer_id" = Option<String>, Query)),
    responses((status = 200, body = MemberList), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn find(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    RawQuery(query): RawQuery,
) -> Result<Json<MemberList>, Problem> {
    let now = state.clock.now();
    let query: MemberQuery = parse_query(query.as_deref())?;
    let found = match (query.email, query.source, query.customer_id) {
        (Some(email), None, None) => {
            let email = Email::parse(&email).map_err(|error| Problem::field("email", error.to_string()))?;
            state.app.member_by_email(&email, now).await?
        }
        (None, Some(source), Some(customer_id)) => {
            let source = Source::parse(&source).map_err(|error| Problem::field("source", error.to_string()))?;
            let customer_id =
                CustomerId::parse(&customer_id).map_err(|error| Problem::field("customer_id", error.to_string()))?;
            state.app.member_by_customer(&CustomerKey { source, customer_id }, now).await?
        }
        _ => return Err(Problem::field("email", "ask by `email`, or by `source` and `customer_id`")),
    };
    Ok(Json(MemberList { members: found.into_iter().map(MemberShape::from).collect(), next_cursor: None }))
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
#[utoipa::path(get, path = "/v1/members/{id}/tiers", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = TierChangeList), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn tier_history(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
) -> Result<Json<TierChangeList>, Problem> {
    let changes = state.app.tier_history(&member_id(&id)?, caller.audience()).await?;
    let tier_changes = changes.into_iter().map(TierChangeShape::from).collect();
    Ok(Json(TierChangeList { tier_changes, next_cursor: None }))
}

/// What cannot be a member's id is nobody's.
pub(crate) fn member_id(text: &str) -> Result<MemberId, Problem> {
    MemberId::parse(text).map_err(|_| Problem::not_found("no such member"))
}
