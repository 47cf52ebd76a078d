//! Problem details (RFC 9457) of the routes that only the local machine has.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::error::with_causes;

/// A request that was not carried out.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: String,
    /// The JSON Pointer of the field at fault.
    field: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, slug: &'static str, title: &'static str, detail: impl Into<String>) -> Problem {
        Problem { status, slug, title, detail: detail.into(), field: None }
    }

    pub(crate) fn field(pointer: impl Into<String>, reason: impl Into<String>) -> Problem {
        let title = "The request is not valid";
        let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid-request", title, reason);
        Problem { field: Some(pointer.into()), ..problem }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    pub(crate) fn has_members() -> Problem {
        let detail = "time goes backwards only while there are no members: a ledger's entries are in order";
        Problem::new(StatusCode::CONFLICT, "has-members", "There are members", detail)
    }

    pub(crate) fn failed(error: &dyn std::error::Error) -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "The local machine failed", with_causes(error))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:regulars:problem:{}", self.slug),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let (Some(pointer), Some(body)) = (self.field, body.as_object_mut()) {
            body.insert("errors".to_owned(), json!([{ "pointer": pointer, "reason": self.detail }]));
        }
        let mut response = (self.status, Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
