//! Pages: `?limit=&cursor=`, the next page's cursor in the body and in a `Link` header.

use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use crate::problem::Problem;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    limit: Option<String>,
    cursor: Option<String>,
}

impl PageQuery {
    pub(crate) fn limit(&self) -> Result<usize, Problem> {
        limit(self.limit.as_deref())
    }

    /// Where the page begins, as the list itself reads its cursors.
    pub(crate) fn cursor<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let refuse = || Problem::field("cursor", format!("`{}` is not a cursor of this list", short(text)));
        read(text).map(Some).ok_or_else(refuse)
    }
}

/// How many are asked for.
pub(crate) fn limit(asked: Option<&str>) -> Result<usize, Problem> {
    let Some(text) = asked else { return Ok(DEFAULT_LIMIT) };
    text.parse()
        .ok()
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or_else(|| Problem::field("limit", format!("`{}` is not a number from 1 to {MAX_LIMIT}", short(text))))
}

/// The number that a cursor names.
pub(crate) fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// The list's own address with what it is asked for, but not of which page.
pub(crate) fn path_with(path: &str, asked: &[(&str, &Option<String>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in asked {
        query.extend_pairs(value.as_ref().map(|value| (*name, value)));
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// `Link: <...>; rel="next"` for the next page, if there is one.
pub(crate) fn next_link(path: &str, limit: usize, cursor: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let joint = if path.contains('?') { '&' } else { '?' };
    let link = cursor.map(|cursor| format!("<{path}{joint}limit={limit}&cursor={cursor}>; rel=\"next\""));
    if let Some(value) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        headers.insert(header::LINK, value);
    }
    headers
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
