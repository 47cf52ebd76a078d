//! The due work of every minute.

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use web::{logs, schedules, state::AppState};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    logs::start();
    let state = AppState::from_env().await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let deadline = schedules::deadline(event.context.deadline);
        schedules::lifecycle(&state, deadline).await.map_err(lambda_runtime::Error::from)
    }))
    .await
}
