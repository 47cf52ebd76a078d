//! `POST /v1/program/preview`: what another program would have made of the orders that are known.

use app::AppError;
use axum::{Json, extract::State};
use jiff::Timestamp;
use rules::{preview::Window, program::Program, zone::Zone};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Admin,
    document::Document,
    problem::{FieldError, Problem},
    shapes::{preview::PreviewShape, program::ProgramShape},
    state::AppState,
};

const MAX_MONTHS: i64 = 13;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewAsked {
    /// As `PUT /v1/program` takes it
    #[schema(value_type = ProgramShape)]
    program: Document,
    /// The first instant of payment
    #[schema(value_type = String, format = "date-time")]
    from: Timestamp,
    /// The last; at most 13 months later
    #[schema(value_type = String, format = "date-time")]
    to: Timestamp,
}

/// Says what a program would have made of the orders paid in a window
///
/// As if it had always been in force: who would have another tier, and the difference in points and
/// liability. Nothing is changed. Where there is more than can be read in time, `complete` is false and
/// all numbers are of what was covered.
#[utoipa::path(post, path = "/v1/program/preview", tag = "program", request_body = PreviewAsked,
    responses((status = 200, body = PreviewShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn preview(
    State(state): State<AppState>,
    Admin(_): Admin,
    body: RawBody,
) -> Result<Json<PreviewShape>, Problem> {
    let now = state.clock.now();
    let PreviewAsked { program: Document(document), from, to } = body.json()?;
    let mut errors = Vec::new();
    let mut add = |pointer: String, reason: String| errors.push(FieldError { pointer, reason });
    if from >= to {
        add("/to".to_owned(), "must be after `from`".to_owned());
    } else if to > Zone::utc().months_after(from, MAX_MONTHS) {
        add("/to".to_owned(), format!("must be at most {MAX_MONTHS} months after `from`"));
    }
    let program = match state.app.check_program(&document, now).await {
        Ok(program) => Some(program),
        Err(AppError::InvalidProgram(problems)) => {
            problems.into_iter().for_each(|problem| add(format!("/program{}", problem.pointer), problem.reason));
            None
        }
        Err(error) => return Err(error.into()),
    };
    match program {
        Some(program) if errors.is_empty() => previewed(&state, program, Window { from, to }, now).await,
        _ => Err(Problem::fields(errors)),
    }
}

async fn previewed(
    state: &AppState,
    program: Program,
    window: Window,
    now: Timestamp,
) -> Result<Json<PreviewShape>, Problem> {
    let previewed = state.app.preview_program(program, window, now).await?;
    Ok(Json(previewed.try_into().map_err(AppError::Overflow)?))
}
