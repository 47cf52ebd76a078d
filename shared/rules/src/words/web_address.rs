//! Addresses that a page or a mail links to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// No address is longer.
const MAX_BYTES: usize = 2_048;

/// An address that begins with `https://`, in the characters of RFC 3986.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HttpsAddress(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as `https://shop.example/page`")]
pub struct NotAnHttpsAddress(String);

impl HttpsAddress {
    /// # Errors
    /// `NotAnHttpsAddress` for another scheme, a missing host, or a character that has to be escaped.
    pub fn parse(text: &str) -> Result<HttpsAddress, NotAnHttpsAddress> {
        let refuse = || NotAnHttpsAddress(text.chars().take(40).collect());
        let rest = text.strip_prefix("https://").ok_or_else(refuse)?;
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let in_host = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        let in_address = |b: u8| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b);
        let fits = !host.is_empty() && text.len() <= MAX_BYTES;
        if fits && host.bytes().all(in_host) && rest.bytes().all(in_address) {
            return Ok(HttpsAddress(text.to_owned()));
        }
        Err(refuse())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for HttpsAddress {
    type Error = NotAnHttpsAddress;

    fn try_from(text: String) -> Result<Self, NotAnHttpsAddress> {
        HttpsAddress::parse(&text)
    }
}

impl From<HttpsAddress> for String {
    fn from(address: HttpsAddress) -> String {
        address.0
    }
}

impl fmt::Display for HttpsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_with_a_host_is_an_address() {
        for text in ["https://shop.example", "https://shop.example/a%20b?c=d#e", "https://127.0.0.1:8443/", "https://a"]
        {
            assert_eq!(HttpsAddress::parse(text).unwrap().as_str(), text);
        }
        let long = format!("https://shop.example/{}", "a".repeat(MAX_BYTES));
        for text in [
            "",
            "http://shop.example",
            "javascript:alert(1)",
            "https://",
            "https:///path",
            "https://a@evil.example",
            "https://shop.example/a b",
            "https://shop.example/\"onload=",
            "https://shop.example/<b>",
            "https://shop.example/é",
            "HTTPS://shop.example",
            long.as_str(),
        ] {
            assert!(HttpsAddress::parse(text).is_err(), "{text}");
        }
    }
}
