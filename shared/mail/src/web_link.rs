//! Addresses that a mail links to.

use rules::web_address::HttpsAddress;
use serde::{Deserialize, Serialize};

/// No address is longer.
const MAX_BYTES: usize = 2_048;

/// An address that begins with `https://` or `http://`, in the characters of RFC 3986, without a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as `https://shop.example/page`")]
pub struct NotAWebLink(String);

impl WebLink {
    /// # Errors
    /// `NotAWebLink` for another scheme, a missing host, or a character that has to be escaped.
    pub fn parse(text: &str) -> Result<WebLink, NotAWebLink> {
        let refuse = || NotAWebLink(text.chars().take(40).collect());
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(refuse)?;
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let in_host = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        let in_address = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let fits = !host.is_empty() && text.len() <= MAX_BYTES && !authority.contains('@');
        if fits && host.bytes().all(in_host) && rest.bytes().all(in_address) {
            return Ok(WebLink(text.to_owned()));
        }
        Err(refuse())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<HttpsAddress> for WebLink {
    fn from(address: HttpsAddress) -> WebLink {
        WebLink(address.into())
    }
}

impl TryFrom<String> for WebLink {
    type Error = NotAWebLink;

    fn try_from(text: String) -> Result<Self, NotAWebLink> {
        WebLink::parse(&text)
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> String {
        link.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked_to() {
        for text in ["https://shop.example/a?b=c&d=e#f", "http://127.0.0.1:8787/u/token", "https://a/~x@y"] {
            assert_eq!(WebLink::parse(text).unwrap().as_str(), text);
        }
        let long = format!("https://shop.example/{}", "a".repeat(MAX_BYTES));
        for text in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "https://",
            "http:///path",
            "https://shop.example@evil.example/",
            "https://shop.example:x@evil.example/",
            "https://shop.example/\r\nBcc: x",
            "https://shop.example/\"onload=\"",
            "https://shop.example/<b>",
            "https://shop.example/{{7*7}}",
            "https://shop.example/\u{202e}",
            long.as_str(),
        ] {
            assert!(WebLink::parse(text).is_err(), "{text}");
        }
    }
}
