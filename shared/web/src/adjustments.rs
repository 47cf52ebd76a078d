//! `POST /v1/members/{id}/adjustments`: points given or taken by a person.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use rules::points::Points;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Admin,
    members::member_id,
    problem::{FieldError, Problem},
    shapes::entry::EntryShape,
    state::AppState,
};

const MAX_POINTS: i64 = 1_000_000_000;
const MAX_REASON_CHARS: usize = 200;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjustmentShape {
    /// Given or, below zero, taken; not zero
    points: i64,
    /// Shown in the ledger
    reason: String,
}

/// Gives or takes points
#[utoipa::path(post, path = "/v1/members/{id}/adjustments", tag = "ledger", request_body = AdjustmentShape,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = EntryShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn adjust(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<EntryShape>), Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let adjustment = body.json::<AdjustmentShape>()?;
    let reason = adjustment.check()?;
    let points = Points::new(adjustment.points);
    let entry = state.app.adjust_points(&member_id(&id)?, points, &reason, &request, state.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

impl AdjustmentShape {
    fn check(&self) -> Result<String, Problem> {
        let mut errors = Vec::new();
        let mut add = |pointer: &str, reason: String| errors.push(FieldError { pointer: pointer.to_owned(), reason });
        if self.points == 0 || !(-MAX_POINTS..=MAX_POINTS).contains(&self.points) {
            add("/points", format!("must be -{MAX_POINTS} to {MAX_POINTS}, and not 0"));
        }
        let reason = self.reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS || reason.chars().any(char::is_control) {
            add("/reason", format!("must be 1 to {MAX_REASON_CHARS} characters without controls"));
        }
        if errors.is_empty() { Ok(reason.to_owned()) } else { Err(Problem::fields(errors)) }
    }
}
