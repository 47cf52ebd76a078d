//! Versions in HTTP: an `ETag` tells one, and `If-Match` says from which one a change was made (RFC 9110, 13.1.1).

use http::{HeaderMap, HeaderValue, header};

/// What `If-Match` asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    Missing,
    /// `*`: whichever there is.
    Any,
    Version(u64),
    /// Nothing that we ever gave.
    Unknown,
}

/// The header that tells the version.
pub(crate) fn etag(version: u64) -> HeaderMap {
    let etag = HeaderValue::from_str(&format!("\"{version}\"")).ok();
    etag.map(|etag| (header::ETAG, etag)).into_iter().collect()
}

impl IfMatch {
    pub(crate) fn of(headers: &HeaderMap) -> IfMatch {
        let Some(value) = headers.get(header::IF_MATCH) else { return IfMatch::Missing };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return IfMatch::Any;
        }
        let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')?.parse().ok());
        version.map_or(IfMatch::Unknown, IfMatch::Version)
    }
}
