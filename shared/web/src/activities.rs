//! `/v1/members/{id}/activities`: what a member did besides buying, and a person's word on it.

use app::{judge_activity::Judgement, record_activity::Teller};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use rules::ids::{ActivityId, MemberId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Admin, Storefront},
    listing::{self, Answer},
    members::member_id,
    problem::Problem,
    shapes::activity::{ActivityInput, ActivityShape},
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityList {
    activities: Vec<ActivityShape>,
    next_cursor: Option<String>,
}

/// Records an activity of a member
#[utoipa::path(post, path = "/v1/members/{id}/activities", tag = "activities", request_body = ActivityInput,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ActivityShape), (status = 400, body = Problem, description = "an unknown `/type` among others"),
              (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`cap-reached`, `proof-missing`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn record(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<ActivityShape>), Problem> {
    let now = state.clock.now();
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let told = body.json::<ActivityInput>()?.parse(now)?;
    let recorded = state.app.record_activity(&member_id(&id)?, &told, &Teller::Shop(request), now).await?;
    Ok((StatusCode::CREATED, Json(recorded.into())))
}

/// Reads a member's activities, the newest first
#[utoipa::path(get, path = "/v1/members/{id}/activities", tag = "activities",
    params(("id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ActivityList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<ActivityList> {
    page_of(&state, &member_id(&id)?, &uri, query.as_deref()).await
}

/// One page of a member's activities, for whoever may see them.
pub(crate) async fn page_of(
    state: &AppState,
    member: &MemberId,
    uri: &Uri,
    query: Option<&str>,
) -> Answer<ActivityList> {
    let read = |cursor: &str| ActivityId::parse(cursor).ok();
    let load =
        |before: Option<ActivityId>, limit| async move { state.app.activities(member, before.as_ref(), limit).await };
    let page = listing::page(uri, query, read, load, |last| last.id.to_string()).await?;
    page.shown(|deed| Some(deed.into()), |activities, next_cursor| ActivityList { activities, next_cursor })
}

/// Approves an activity that waits for it
#[utoipa::path(post, path = "/v1/members/{id}/activities/{activity}/approve", tag = "activities",
    params(("id" = String, Path), ("activity" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ActivityShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`activity-reversed`"), (status = 413, body = Problem),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn approve(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Path((id, activity)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<ActivityShape>, Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let (member, activity) = (member_id(&id)?, activity_id(&activity)?);
    let judged = state.app.judge_activity(&member, &activity, Judgement::Approve, Some(&request), state.clock.now());
    Ok(Json(judged.await?.into()))
}

/// Takes back the points of an activity, or declines one that waits
///
/// The member cannot earn them again: its caps stay taken and its subject used.
#[utoipa::path(delete, path = "/v1/members/{id}/activities/{activity}", tag = "activities",
    params(("id" = String, Path), ("activity" = String, Path)),
    responses((status = 200, body = ActivityShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn reverse(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path((id, activity)): Path<(String, String)>,
) -> Result<Json<ActivityShape>, Problem> {
    let (member, activity) = (member_id(&id)?, activity_id(&activity)?);
    let judged = state.app.judge_activity(&member, &activity, Judgement::Reverse, None, state.clock.now());
    Ok(Json(judged.await?.into()))
}

fn activity_id(text: &str) -> Result<ActivityId, Problem> {
    ActivityId::parse(text).map_err(|_| Problem::not_found("no such activity"))
}
