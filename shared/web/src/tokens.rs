//! `POST /v1/members/{id}/tokens`: a member token, for a page that acts as the member.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody, caller::Storefront, member_token::MAX_TTL_SECS, members::member_id, problem::Problem,
    state::AppState,
};

const DEFAULT_TTL_SECS: i64 = 60 * 60;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// How long it is good for; at most a day
    #[schema(minimum = 1, maximum = 86400, default = 3600)]
    ttl_secs: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TokenShape {
    /// A JWT for `Authorization: Bearer` under `/v1/me`
    token: String,
    #[schema(value_type = String, format = "date-time")]
    expires_at: Timestamp,
}

/// Makes a member token
///
/// Whoever has it reads and redeems as the member until it expires; it cannot be taken back.
#[utoipa::path(post, path = "/v1/members/{id}/tokens", tag = "members", request_body = TokenRequest,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TokenShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`no-token-secret`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn mint(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<TokenShape>), Problem> {
    let request = body.keyed(&caller, &method, uri.path(), &headers)?;
    let ttl_secs = body.json::<TokenRequest>()?.ttl_secs.unwrap_or(DEFAULT_TTL_SECS);
    if !(1..=MAX_TTL_SECS).contains(&ttl_secs) {
        return Err(Problem::field("/ttl_secs", format!("must be 1 to {MAX_TTL_SECS}")));
    }
    let grant = state.app.grant_token(&member_id(&id)?, ttl_secs, request.as_ref(), state.clock.now()).await?;
    let token = state.member_tokens.mint(&grant.member, grant.issued_at, grant.expires_at).ok_or_else(|| {
        let problem = Problem::new(StatusCode::CONFLICT, "no-token-secret", "Member tokens are not set up");
        problem.detail("the secrets have no `member_token_secrets`")
    })?;
    let expires_at = Timestamp::from_second(grant.expires_at).unwrap_or(Timestamp::MAX);
    Ok((StatusCode::CREATED, Json(TokenShape { token, expires_at })))
}
