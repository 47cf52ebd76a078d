//! `POST /local/functions/{name}`: invokes a scheduled function with an event.

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
        let reason = format!("`{name}` is called by its HTTP routes; an event invokes a scheduled function");
        return Err(Problem::field("name", reason));
    }
    if !["tiers", "lifecycle"].contains(&name.as_str()) {
        return Err(Problem::not_found(format!("there is no function `{}`", shown(&name))));
    }
    serde_json::from_slice::<Value>(&event)
        .map_err(|error| Problem::field("", format!("is not a JSON event such as `{{}}`: {error}")))?;
    if name == "tiers" {
        answer(schedules::tiers(&state, Deadline::NONE).await)
    } else {
        answer(schedules::lifecycle(&state, Deadline::NONE).await)
    }
}

fn answer<T: Serialize>(run: Result<T, AppError>) -> Result<Json<Value>, Problem> {
    let run = run.map_err(|error| Problem::failed(&error))?;
    serde_json::to_value(run).map(Json).map_err(|error| Problem::failed(&error))
}

fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}
