//! `/v1/program`: the merchant's rules, versioned; `/v1/tiers`: what a shop shows of them.

use axum::{Json, extract::State};
use http::{HeaderMap, StatusCode};
use rules::program::{Program, ProgramVersion};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Admin, Anybody, Storefront},
    document::Document,
    etag::{IfMatch, etag},
    problem::Problem,
    shapes::{member::BenefitShape, program::ProgramShape},
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct TierLevel {
    id: String,
    /// An amount of the currency for tiers by spend, else a number of points or orders
    threshold: String,
    multiplier: String,
    benefits: Vec<BenefitShape>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TierList {
    tiers: Vec<TierLevel>,
    next_cursor: Option<String>,
}

/// Reads the program in force
#[utoipa::path(get, path = "/v1/program", tag = "program",
    responses((status = 200, body = ProgramShape, headers(("ETag" = String))), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
) -> Result<(HeaderMap, Json<Program>), Problem> {
    Ok(answer(state.app.program(state.clock.now()).await?))
}

/// Puts a program in force from now on
///
/// Every fault of it is named at once. Once there are members or orders its currency stays what it is.
#[utoipa::path(put, path = "/v1/program", tag = "program", request_body = ProgramShape,
    params(("If-Match" = String, Header, description = "the ETag of the version that it was made from")),
    responses((status = 200, body = ProgramShape, headers(("ETag" = String))), (status = 400, body = Problem),
              (status = 401, body = Problem), (status = 403, body = Problem), (status = 412, body = Problem),
              (status = 428, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn put(
    State(state): State<AppState>,
    Admin(_): Admin,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(HeaderMap, Json<Program>), Problem> {
    let made_from = if_match(&headers)?;
    let Document(document) = body.json()?;
    Ok(answer(state.app.put_program(&document, made_from, state.clock.now()).await?))
}

/// Reads the tiers and their benefits
#[utoipa::path(get, path = "/v1/tiers", tag = "program",
    responses((status = 200, body = TierList), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn tiers(State(state): State<AppState>, _: Anybody) -> Result<Json<TierList>, Problem> {
    let program = state.app.program(state.clock.now()).await?.program;
    let tiers = program.tiers.levels.iter().map(|level| TierLevel {
        id: level.id.to_string(),
        threshold: level.threshold.to_string(),
        multiplier: level.multiplier.to_string(),
        benefits: level.benefits.iter().cloned().map(BenefitShape::from).collect(),
    });
    Ok(Json(TierList { tiers: tiers.collect(), next_cursor: None }))
}

fn answer(version: ProgramVersion) -> (HeaderMap, Json<Program>) {
    (etag(version.version), Json(version.program))
}

fn if_match(headers: &HeaderMap) -> Result<u64, Problem> {
    match IfMatch::of(headers) {
        IfMatch::Version(version) => Ok(version),
        IfMatch::Missing => {
            let status = StatusCode::PRECONDITION_REQUIRED;
            let problem = Problem::new(status, "if-match-missing", "An `If-Match` is missing");
            Err(problem.detail("send the `ETag` of the program that the new one was made from as `If-Match`"))
        }
        IfMatch::Any | IfMatch::Unknown => {
            let status = StatusCode::PRECONDITION_FAILED;
            let problem = Problem::new(status, "program-changed", "The program was changed since");
            Err(problem.detail("`If-Match` is no ETag of a program"))
        }
    }
}
