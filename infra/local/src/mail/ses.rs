//! The part of SES v2 that a mail is sent through.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderValue, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use web::clock::Clock;

use super::{Mailbox, request::SendEmail};

/// SES takes 40 MB after base64, which makes a third more.
const MAX_BODY_BYTES: usize = 56 * 1024 * 1024;
const DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone)]
struct Capture {
    mailbox: Arc<Mailbox>,
    clock: Clock,
}

pub(crate) fn routes(mailbox: Arc<Mailbox>, clock: Clock) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send))
        .route("/v2/email/account", get(account))
        .fallback(unknown)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(Capture { mailbox, clock })
}

async fn send(State(capture): State<Capture>, body: Bytes) -> Response {
    let letter = match SendEmail::parse(&body) {
        Ok(letter) => letter,
        Err(refused) => return fault(StatusCode::BAD_REQUEST, "BadRequestException", &refused.to_string()),
    };
    match capture.mailbox.keep(letter, capture.clock.now()) {
        Ok(id) => Json(json!({ "MessageId": id })).into_response(),
        Err(error) => fault(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException", &error.to_string()),
    }
}

/// An account out of the sandbox that has grown: nobody waits for a machine of their own.
async fn account(State(capture): State<Capture>) -> Json<Value> {
    let sent = capture.mailbox.count_since(capture.clock.now() - DAY);
    Json(json!({
        "DedicatedIpAutoWarmupEnabled": false,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": true,
        "SendQuota": { "Max24HourSend": 1_000_000, "MaxSendRate": 1_000, "SentLast24Hours": sent },
        "SendingEnabled": true,
    }))
}

async fn unknown() -> Response {
    fault(StatusCode::NOT_FOUND, "NotFoundException", "the local capture takes SendEmail and GetAccount alone")
}

/// An error as the SDK reads it.
fn fault(status: StatusCode, kind: &'static str, message: &str) -> Response {
    let mut response = (status, Json(json!({ "message": message }))).into_response();
    response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(kind));
    response
}
