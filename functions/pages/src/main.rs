//! What a mail links to.

use web::{logs, routes, state::AppState};

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    logs::start();
    lambda_http::run(routes::pages(AppState::from_env().await?)).await
}
