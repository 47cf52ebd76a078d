//! `/v1/program/versions`: every program that was in force, and since when.

use app::program_history::VersionSummary;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::Uri;
use jiff::Timestamp;
use rules::program::{Program, ProgramVersion};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Admin,
    cursor::number,
    listing::{self, Answer},
    problem::Problem,
    shapes::program::ProgramShape,
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct VersionList {
    versions: Vec<VersionShape>,
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct VersionShape {
    version: u64,
    #[schema(value_type = String, format = "date-time")]
    effective_at: Timestamp,
    /// The sections that differ from the version before
    changed: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct VersionDocument {
    version: u64,
    #[schema(value_type = String, format = "date-time")]
    effective_at: Timestamp,
    #[schema(value_type = ProgramShape)]
    program: Program,
}

/// Lists the versions of the program, the newest first
#[utoipa::path(get, path = "/v1/program/versions", tag = "program",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = VersionList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Admin(_): Admin,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<VersionList> {
    let now = state.clock.now();
    let load = |before, limit| state.app.program_versions(before, limit, now);
    let page = listing::page(&uri, query.as_deref(), number, load, |last| last.version.to_string()).await?;
    page.shown(|version| Some(version.into()), |versions, next_cursor| VersionList { versions, next_cursor })
}

/// Reads one version of the program
#[utoipa::path(get, path = "/v1/program/versions/{version}", tag = "program", params(("version" = u64, Path)),
    responses((status = 200, body = VersionDocument), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(version): Path<String>,
) -> Result<Json<VersionDocument>, Problem> {
    let is_number = version.bytes().all(|byte| byte.is_ascii_digit());
    let version = version.parse().ok().filter(|_| is_number);
    let version = version.ok_or_else(|| Problem::not_found("no such version of the program"))?;
    let ProgramVersion { version, effective_at, program } =
        state.app.program_version(version, state.clock.now()).await?;
    Ok(Json(VersionDocument { version, effective_at, program }))
}

impl From<VersionSummary> for VersionShape {
    fn from(summary: VersionSummary) -> VersionShape {
        let VersionSummary { version, effective_at, changed } = summary;
        VersionShape { version, effective_at, changed }
    }
}
