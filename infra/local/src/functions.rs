//! `POST /local/functions/{name}`: invokes a scheduled function with an event.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
};
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
    if name != "tiers" {
        return Err(Problem::not_found(format!("there is no function `{}`", shown(&name))));
    }
    serde_json::from_slice::<Value>(&event)
        .map_err(|error| Problem::field("", format!("is not a JSON event such as `{{}}`: {error}")))?;
    let review = schedules::tiers(&state).await.map_err(|error| Problem::failed(&error))?;
    serde_json::to_value(review).map(Json).map_err(|error| Problem::failed(&error))
}

fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}
