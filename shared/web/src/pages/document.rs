//! The frame of every page, and the headers that keep it to itself.

use std::sync::LazyLock;

use app::shop_face::ShopFace;
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue, StatusCode, header};
use mail::locale::Locale;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::words::Words;

/// Readable on 360 pixels, in the light and in the dark; every colour has a contrast of at least 4.5 to what is behind
/// it (WCAG 2.2, 1.4.3), and what has the focus is outlined. Stars hide their buttons only where colour can tell the chosen
/// ones: not where a reader's own colours are forced, nor where `:has` is not known.
const STYLE: &str = include_str!("style.css");

/// Nothing is loaded but this style and pictures of products, and nothing runs.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src https:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
});

/// A page with that heading.
pub(super) fn page(status: StatusCode, language: Locale, title: &str, content: &Markup) -> Response {
    page_of_shop(&ShopFace::default(), status, language, title, content)
}

/// A page that says whose it is, and leads to what they tell of privacy.
pub(super) fn page_of_shop(
    shop: &ShopFace,
    status: StatusCode,
    language: Locale,
    title: &str,
    content: &Markup,
) -> Response {
    let html = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    @if let Some(name) = &shop.name { p class="shop" { (name) } }
                    h1 { (title) }
                    (content)
                }
                @if let Some(address) = &shop.privacy_url {
                    footer { a href=(address) rel="noreferrer" { (Words::of(language).privacy_link) } }
                }
            }
        }
    };
    answer(status, language, html.into_string())
}

fn answer(status: StatusCode, language: Locale, html: String) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(header::CONTENT_SECURITY_POLICY, &POLICY);
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_LANGUAGE, language.tag());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        set(header::RETRY_AFTER, "1");
    }
    response
}

/// A page that only tells.
pub(super) fn notice(status: StatusCode, language: Locale, title: &str, text: &str) -> Response {
    page(status, language, title, &html! { p { (text) } })
}

pub(super) fn unknown(language: Locale) -> Response {
    let words = Words::of(language);
    notice(StatusCode::NOT_FOUND, language, words.unknown_title, words.unknown_text)
}

pub(super) fn expired(language: Locale) -> Response {
    let words = Words::of(language);
    notice(StatusCode::GONE, language, words.expired_title, words.expired_text)
}

pub(super) fn nobody(language: Locale) -> Response {
    let words = Words::of(language);
    notice(StatusCode::OK, language, words.nobody_title, words.nobody_text)
}

pub(super) fn busy(language: Locale) -> Response {
    let words = Words::of(language);
    notice(StatusCode::SERVICE_UNAVAILABLE, language, words.busy_title, words.busy_text)
}

pub(super) fn too_large(language: Locale) -> Response {
    let words = Words::of(language);
    notice(StatusCode::PAYLOAD_TOO_LARGE, language, words.too_large_title, words.too_large_text)
}
