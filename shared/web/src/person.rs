//! `/v1/members/{id}`: what becomes of a member as a person: merged with another, erased.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use rules::ids::MemberId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody, caller::Storefront, members::member_id, problem::Problem, shapes::member::MemberShape,
    state::AppState,
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeShape {
    /// The member who becomes this one: `mem_...`
    #[schema(value_type = String)]
    from: MemberId,
}

/// Merges another member into this one
///
/// Points, tier, orders, links and addresses of the other are this member's, and the other's id leads here.
#[utoipa::path(post, path = "/v1/members/{id}/merge", tag = "members", request_body = MergeShape,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = MemberShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`already-merged` with `member_id`, `too-many-aliases`, `too-many-links`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn merge(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<MemberShape>, Problem> {
    let now = state.clock.now();
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let from = body.json::<MergeShape>()?.from;
    let id = state.app.merge_members(&member_id(&id)?, &from, &request, now).await?;
    let member = state.app.member(&id, now).await?;
    Ok(Json(member.into()))
}

/// Erases a member
///
/// Profile, addresses and links are removed; ledger and orders stay without them. Again: 204 too.
#[utoipa::path(delete, path = "/v1/members/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn erase(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    state.app.erase_member(&member_id(&id)?, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
