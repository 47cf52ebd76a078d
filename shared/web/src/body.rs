//! Bodies: at most 1 MiB, JSON that is exactly what is asked for, and idempotency keys.

use app::Request as AnsweredRequest;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{caller::Caller, problem::Problem};

/// No body is larger.
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;
const MAX_KEY_BYTES: usize = 255;

/// The bytes as they came.
pub(crate) struct RawBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(RawBody).map_err(|rejection| unreadable(&rejection))
    }
}

fn unreadable(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large");
        return problem.detail(format!("a body may have {MAX_BODY_BYTES} bytes"));
    }
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", "The body did not arrive whole")
}

impl RawBody {
    /// The body as JSON; a fault names the field.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let mut reader = serde_json::Deserializer::from_slice(&self.0);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let pointer = pointer(error.path());
            field_problem(&pointer, &error.into_inner())
        })?;
        reader.end().map_err(|error| Problem::field("", error.to_string()))?;
        Ok(value)
    }

    /// The request under its `Idempotency-Key`, if it has one.
    pub(crate) fn keyed(
        &self,
        caller: &Caller,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Option<AnsweredRequest>, Problem> {
        let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
        let key = key.to_str().unwrap_or("");
        let printable = key.bytes().all(|byte| byte.is_ascii_graphic());
        if key.is_empty() || key.len() > MAX_KEY_BYTES || !printable {
            let reason = format!("must be 1 to {MAX_KEY_BYTES} visible ASCII characters");
            return Err(Problem::field("Idempotency-Key", reason));
        }
        let mut hasher = Sha256::new();
        hasher.update(format!("{method} {path}\n"));
        hasher.update(&self.0);
        let hash = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Some(AnsweredRequest { caller: caller.id.clone(), key: key.to_owned(), hash }))
    }

    /// The same where points or money move: without a key, a retry would move them twice.
    pub(crate) fn must_be_keyed(
        &self,
        caller: &Caller,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<AnsweredRequest, Problem> {
        self.keyed(caller, method, path, headers)?.ok_or_else(|| {
            let problem =
                Problem::new(StatusCode::BAD_REQUEST, "idempotency-key-missing", "An idempotency key is missing");
            problem.detail("this request moves points: send an `Idempotency-Key` header and repeat it on a retry")
        })
    }
}

/// What JSON says of half a character, which it can write and no text can have: that there is no text is the field's fault.
const HALF_CHARACTERS: [&str; 2] = ["lone leading surrogate", "unexpected end of hex escape"];

/// What JSON got wrong, at the field that it got wrong.
fn field_problem(pointer: &str, error: &serde_json::Error) -> Problem {
    let reason = error.to_string();
    if !error.is_data() && !HALF_CHARACTERS.iter().any(|half| reason.starts_with(half)) {
        // what is no JSON has no fields
        return Problem::field("", reason);
    }
    // the place in the text helps nobody who is told the field
    let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
    let missing = reason.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    match missing {
        Some(name) => Problem::field(format!("{pointer}/{name}"), "is missing"),
        None => Problem::field(pointer, reason),
    }
}

/// The RFC 6901 pointer of a path.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => index.to_string(),
        Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
        Segment::Enum { variant } => variant.clone(),
        Segment::Unknown => "?".to_owned(),
    };
    path.iter().map(|segment| format!("/{}", part(segment))).collect()
}
