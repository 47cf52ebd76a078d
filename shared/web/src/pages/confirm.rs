//! `/c/{token}`: who was said to want mail says so from their own mailbox (double opt-in).

use app::links::Purpose;
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use maud::html;
use rules::consent::ConsentState;

use super::{
    document::{expired, page},
    language::Language,
    visit::Visit,
    words::Words,
};
use crate::state::AppState;

/// Asks whether somebody wants mail
///
/// It confirms nothing: what scans a mail opens its links.
#[utoipa::path(get, path = "/c/{token}", tag = "pages", security(()), params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 503, content_type = "text/html")))]
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let visit = Visit::by(&state, &headers, &token, &[Purpose::Confirm])?;
    let choice = visit.choice().await?;
    let language = visit.language(choice.locale.as_deref());
    if !choice.has_mailbox {
        return Ok(expired(language));
    }
    if choice.consent.marketing == ConsentState::Granted {
        return Ok(confirmed(language));
    }
    let words = Words::of(language);
    let content = html! {
        p { (words.confirm_text) }
        form method="post" action=(format!("/c/{token}")) {
            button type="submit" { (words.confirm_button) }
        }
    };
    Ok(page(StatusCode::OK, language, words.confirm_title, &content))
}

/// Confirms consent to marketing
///
/// The proof names the version of the words on the page and has the keyed hash of the caller's network address.
#[utoipa::path(post, path = "/c/{token}", tag = "pages", security(()), params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 503, content_type = "text/html")))]
pub(crate) async fn confirm(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let visit = Visit::by(&state, &headers, &token, &[Purpose::Confirm])?;
    let locale = visit.choice().await?.locale;
    visit.say("confirmation", visit.agreeing(locale.as_deref())).await?;
    Ok(confirmed(visit.language(locale.as_deref())))
}

fn confirmed(language: Language) -> Response {
    let words = Words::of(language);
    let content = html! { p role="status" { (words.confirmed_text) } p { (words.close_hint) } };
    page(StatusCode::OK, language, words.confirmed_title, &content)
}
