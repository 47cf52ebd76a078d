//! `POST /local/functions/{name}`: invokes a function that no HTTP route calls with an event.

use app::{AppError, Deadline};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
use serde::Serialize;
use serde_json::Value;
use web::{routes::ROUTES, schedules, state::AppState};

use crate::problem::Problem;

pub(crate) async fn invoke(
    State(state): State<AppState>,
    Path(name): Path<String>,
    event: Bytes,
) -> Result<Json<Value>, Problem> {
    if ROUTES.iter().any(|(function, ..)| *function == name) {
        let reason = format!("`{name}` is called by its HTTP routes; an event invokes one that has none");
        return Err(Problem::field("name", reason));
    }
    if !["feedback", "lifecycle", "reviews", "tiers"].contains(&name.as_str()) {
        return Err(Problem::not_found(format!("there is no function `{}`", shown(&name))));
    }
    let event: Value = serde_json::from_slice(&event)
        .map_err(|error| Problem::field("", format!("is not a JSON event such as `{{}}`: {error}")))?;
    match name.as_str() {
        "feedback" => answer(schedules::feedback(&state, &event).await),
        "lifecycle" => answer(schedules::lifecycle(&state, Deadline::NONE).await),
        "reviews" => answer(schedules::reviews(&state, Deadline::NONE).await),
        _ => answer(schedules::tiers(&state, Deadline::NONE).await),
    }
}

fn answer<T: Serialize>(run: Result<T, AppError>) -> Result<Json<Value>, Problem> {
    let run = run.map_err(|error| Problem::failed(&error))?;
    serde_json::to_value(run).map(Json).map_err(|error| Problem::failed(&error))
}

fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}
