//! Problem details (RFC 9457): every answer that is not what was asked for.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Stable; starts with `urn:regulars:problem:`.
    pub r#type: String,
    /// The kind of problem, for people.
    pub title: &'static str,
    pub status: u16,
    /// This occurrence, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The fields that are bad.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The member in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    #[serde(skip)]
    pub retry_after_secs: Option<u32>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// RFC 6901; empty for the whole body. Query parameters and headers are named as they are written.
    pub pointer: String,
    pub reason: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, slug: &str, title: &'static str) -> Problem {
        Problem {
            r#type: format!("urn:regulars:problem:{slug}"),
            title,
            status: status.as_u16(),
            detail: None,
            errors: Vec::new(),
            member_id: None,
            retry_after_secs: None,
        }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.detail = Some(detail.into());
        self
    }

    /// The request's fields are bad.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Problem {
        let mut problem = Problem::new(StatusCode::BAD_REQUEST, "invalid-request", "The request is not valid");
        problem.errors = errors;
        problem
    }

    /// One field of the request is bad.
    pub(crate) fn field(pointer: impl Into<String>, reason: impl Into<String>) -> Problem {
        Problem::fields(vec![FieldError { pointer: pointer.into(), reason: reason.into() }])
    }

    pub(crate) fn unauthorized(detail: &str) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "No valid credentials").detail(detail)
    }

    pub(crate) fn forbidden(detail: &str) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", "The key does not allow this").detail(detail)
    }

    pub(crate) fn not_found(what: &str) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found").detail(what)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after_secs;
        let mut response = (status, axum::Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(secs) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
