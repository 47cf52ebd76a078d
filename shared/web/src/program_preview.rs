//! `POST /v1/program/preview`: what another program would have made of the orders that are known.

use app::AppError;
use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp, civil::Date};
use rules::{
    preview::Window,
    program::Program,
    zone::{Zone, add_days},
};
use serde::{Deserialize, Deserializer, de::Error};
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
    /// The first instant of payment, or the first day in the zone of the program in force
    #[schema(value_type = String, example = "2026-01-01")]
    from: Moment,
    /// The last instant or day; at most 13 months later
    #[schema(value_type = String, example = "2026-06-30T23:59:59Z")]
    to: Moment,
}

/// An instant, or a civil date.
enum Moment {
    At(Timestamp),
    On(Date),
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // a date that is followed by a time is none
        let date = || text.parse().ok().filter(|date: &Date| date.to_string() == text).map(Moment::On);
        let moment = text.parse().ok().map(Moment::At).or_else(date);
        moment.ok_or_else(|| D::Error::custom("is neither an instant such as `2026-06-18T10:00:00Z` nor a date"))
    }
}

impl Moment {
    /// The first instant of it.
    fn first(&self, zone: &Zone) -> Timestamp {
        match self {
            Moment::At(at) => *at,
            Moment::On(date) => zone.start_of(*date),
        }
    }

    /// The last one.
    fn last(&self, zone: &Zone) -> Timestamp {
        match self {
            Moment::At(at) => *at,
            Moment::On(date) => zone.start_of(add_days(*date, 1)) - SignedDuration::from_nanos(1),
        }
    }
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
    let zone = state.app.program(now).await?.program.zone;
    let (from, to) = (from.first(&zone), to.last(&zone));
    let mut errors = Vec::new();
    let mut add = |pointer: String, reason: String| errors.push(FieldError { pointer, reason });
    if from >= to {
        add("/to".to_owned(), "must be after `from`".to_owned());
    } else if to > zone.months_after(from, MAX_MONTHS) {
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
