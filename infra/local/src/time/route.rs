//! `/local/clock`: reads and moves it.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Value, json};

use super::{LocalClock, clock::Moved, r#move::MoveShape};
use crate::problem::Problem;

pub(crate) async fn read(State(clock): State<Arc<LocalClock>>) -> Json<Value> {
    Json(json!({ "now": clock.now() }))
}

pub(crate) async fn change(State(clock): State<Arc<LocalClock>>, body: Bytes) -> Result<Json<Moved>, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(&body);
    let shape: MoveShape = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = error.path().iter().map(|part| format!("/{part}")).collect::<String>();
        Problem::field(pointer, error.into_inner().to_string())
    })?;
    clock.change(&shape.parse()?).await.map(Json)
}
