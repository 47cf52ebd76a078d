//! The gateway: the routes of the deployment, and those that only the local machine has.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use serde_json::{Value, json};
use web::{routes, state::AppState};

use crate::{
    functions,
    mail::{Mailbox, list, page},
    start_page::{self, StartPage},
    time::{LocalClock, route as clock_route},
};

const MAX_BODY_BYTES: usize = 1024 * 1024;

pub(crate) fn routes(gateway: SocketAddr, state: &AppState, clock: &Arc<LocalClock>, mailbox: &Arc<Mailbox>) -> Router {
    let clock = Router::new()
        .route("/local/clock", get(clock_route::read).post(clock_route::change))
        .with_state(Arc::clone(clock));
    let mail = Router::new()
        .route("/local/mail", get(list::list))
        .route("/local/mail/{id}", get(page::show))
        .with_state(Arc::clone(mailbox));
    let start = StartPage { gateway, clock: state.clock.clone() };
    let start = Router::new().route("/", get(start_page::show)).with_state(start);
    let rest = Router::new()
        .route("/healthz", get(healthy))
        .route("/local/functions/{name}", post(functions::invoke))
        .with_state(state.clone());
    let local = clock.merge(mail).merge(start).merge(rest).layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    routes::all(state.clone()).merge(local)
}

async fn healthy() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}
