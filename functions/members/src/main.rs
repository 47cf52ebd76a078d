//! The storefront's API.

use web::{logs, routes, state::AppState};

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    logs::start();
    lambda_http::run(routes::members(AppState::from_env().await?)).await
}
