//! What a form has sent.

use std::net::IpAddr;

use http::{HeaderMap, header};

use super::multipart;
use crate::body::RawBody;

/// Its fields in their order.
pub(super) struct Form(Vec<(String, String)>);

/// No form of ours has so many; what comes after is not read.
const MAX_FIELDS: usize = 200;

impl Form {
    pub(super) fn of(headers: &HeaderMap, body: &RawBody) -> Form {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut fields = multipart::fields(kind, &body.0);
        if fields.is_empty() {
            fields = form_urlencoded::parse(&body.0).into_owned().take(MAX_FIELDS).collect();
        }
        fields.truncate(MAX_FIELDS);
        Form(fields)
    }

    /// What comes after the `?` of an address.
    pub(super) fn of_query(query: &str) -> Form {
        Form(form_urlencoded::parse(query.as_bytes()).into_owned().take(MAX_FIELDS).collect())
    }

    /// The first field of that name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }
}

/// The network address that a request came from. The gateway adds it at the end of what the request says itself.
pub(super) fn address_of(headers: &HeaderMap) -> Option<IpAddr> {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    forwarded.rsplit(',').next()?.trim().parse().ok()
}
