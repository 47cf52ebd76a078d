//! `/v1/rewards`: what points buy, and the merchant's own codes for it.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, Uri};
use rules::ids::{CouponCode, RewardId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Admin, Anybody},
    problem::{FieldError, Problem},
    shapes::reward::RewardShape,
    state::AppState,
};

const MAX_CODES: usize = 1_000;

#[derive(Serialize, ToSchema)]
pub(crate) struct RewardList {
    rewards: Vec<RewardShape>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodesShape {
    /// 1 to 1000 codes of 1 to 64 letters, digits and `._~-`; their case does not matter
    codes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct UploadedShape {
    /// How many are new in the pool
    added: usize,
    /// Those that were in a pool already, issued before, or given twice
    duplicates: Vec<String>,
}

/// Reads the rewards that can be redeemed
#[utoipa::path(get, path = "/v1/rewards", tag = "rewards",
    responses((status = 200, body = RewardList), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(State(state): State<AppState>, _: Anybody) -> Result<Json<RewardList>, Problem> {
    let rewards = state.app.rewards(state.clock.now()).await?;
    Ok(Json(RewardList { rewards: rewards.into_iter().map(RewardShape::from).collect(), next_cursor: None }))
}

/// Adds codes to the pool of a reward
///
/// The same codes again are reported and change nothing.
#[utoipa::path(post, path = "/v1/rewards/{id}/codes", tag = "rewards", request_body = CodesShape,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = UploadedShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`not-a-pool`"), (status = 503, body = Problem)))]
pub(crate) async fn upload(
    State(state): State<AppState>,
    Admin(caller): Admin,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<UploadedShape>, Problem> {
    // what is uploaded twice is there once: the key has nothing to add
    body.keyed(&caller, &method, uri.path(), &headers)?;
    let codes = body.json::<CodesShape>()?.parse()?;
    let reward = RewardId::parse(&id).map_err(|_| Problem::not_found("no such reward"))?;
    let uploaded = state.app.upload_codes(&reward, &codes, state.clock.now()).await?;
    let duplicates = uploaded.duplicates.into_iter().map(String::from).collect();
    Ok(Json(UploadedShape { added: uploaded.added.len(), duplicates }))
}

impl CodesShape {
    fn parse(self) -> Result<Vec<CouponCode>, Problem> {
        if self.codes.is_empty() || self.codes.len() > MAX_CODES {
            return Err(Problem::field("/codes", format!("must be 1 to {MAX_CODES} codes")));
        }
        let (mut codes, mut errors) = (Vec::new(), Vec::new());
        for (index, text) in self.codes.iter().enumerate() {
            match CouponCode::parse(text) {
                Ok(code) => codes.push(code),
                Err(error) => {
                    errors.push(FieldError { pointer: format!("/codes/{index}"), reason: error.to_string() });
                }
            }
        }
        if errors.is_empty() { Ok(codes) } else { Err(Problem::fields(errors)) }
    }
}
