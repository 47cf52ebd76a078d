//! Whose pages may call from a browser.

use http::Uri;
use serde::Deserialize;

/// An origin as browsers write it (RFC 6454, 6.1): scheme, host, and a port that is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Origin(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an origin such as `https://shop.example`")]
pub(crate) struct NotAnOrigin(String);

impl TryFrom<String> for Origin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, NotAnOrigin> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
        let is_host = |rest: &str| !rest.is_empty() && rest.bytes().all(allowed);
        let has_own_port =
            text.starts_with("https:") && text.ends_with(":443") || text.starts_with("http:") && text.ends_with(":80");
        if rest.is_some_and(is_host) && !has_own_port && text.parse::<Uri>().is_ok() {
            return Ok(Origin(text));
        }
        Err(NotAnOrigin(text))
    }
}

impl Origin {
    pub(crate) fn is(&self, origin: &str) -> bool {
        self.0 == origin
    }
}

/// Whether a Shopify source's own pages have that origin; `shopify:*` is every shop of Shopify's.
pub(crate) fn is_of_source(source: &str, origin: &str) -> bool {
    match (source.strip_prefix("shopify:"), origin.strip_prefix("https://")) {
        (Some("*"), Some(host)) => host.ends_with(".myshopify.com"),
        (Some(domain), Some(host)) => domain == host,
        _ => false,
    }
}

/// Whether a page is served by this machine, as where a theme is made.
pub(crate) fn is_loopback(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("http://") else { return false };
    let (host, port) = rest.split_once(':').unwrap_or((rest, "80"));
    matches!(host, "localhost" | "127.0.0.1") && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for good in ["https://shop.example", "http://shop.example:8080", "https://xn--mnchen-3ya.example"] {
            assert!(Origin::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "null",
            "https://",
            "shop.example",
            "https://shop.example/",
            "https://shop.example:443",
            "http://shop.example:80",
            "https://Shop.example",
            "https://*.shop.example",
            "https://shop.example,https://other.example",
            "ftp://shop.example",
        ] {
            assert!(Origin::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_shopify_shop_s_pages_are_at_its_domain_over_tls() {
        assert!(is_of_source("shopify:a.myshopify.com", "https://a.myshopify.com"));
        assert!(is_of_source("shopify:*", "https://a.myshopify.com"));
        for origin in ["http://a.myshopify.com", "https://b.myshopify.com", "https://a.myshopify.com.evil.example"] {
            assert!(!is_of_source("shopify:a.myshopify.com", origin), "{origin}");
        }
        assert!(!is_of_source("shopify:*", "https://evilmyshopify.com"));
        assert!(!is_of_source("woocommerce:shop.example", "https://shop.example"));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for origin in ["http://localhost", "http://localhost:3000", "http://127.0.0.1:9292"] {
            assert!(is_loopback(origin), "{origin}");
        }
        for origin in
            ["https://localhost:3000", "http://localhost.evil.example", "http://localhost:x", "http://127.0.0.1:1@evil"]
        {
            assert!(!is_loopback(origin), "{origin}");
        }
    }
}
