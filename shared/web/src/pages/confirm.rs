//! `/c/{token}`: who was said to want mail says so from their own mailbox (double opt-in).

use app::{choose_mail::MailChoice, links::Purpose};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use mail::locale::Locale;
use maud::html;
use rules::consent::ConsentState;

use super::{
    document::{expired, page_of_shop},
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
    let language = visit.language(choice.locale.as_deref(), &choice.shop);
    if !choice.has_mailbox {
        return Ok(expired(language));
    }
    if choice.consent.marketing == ConsentState::Granted && choice.hindrance.is_none() {
        return Ok(confirmed(language, &choice));
    }
    let words = Words::of(language);
    let content = html! {
        p { (words.confirm_intro) " " (words.of_shop(words.confirm_agreement.text, &choice.shop)) " " (words.confirm_if_not) }
        form method="post" action=(format!("/c/{token}")) {
            button type="submit" { (words.confirm_button) }
        }
    };
    let title = words.of_shop(words.confirm_title, &choice.shop);
    Ok(page_of_shop(&choice.shop, StatusCode::OK, language, &title, &content))
}

/// Confirms consent to marketing
///
/// It was asked for in the mailbox, so mail arrives there and is wanted: bounces and complaints of before are forgotten.
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
    let said = visit.agreeing(&visit.choice().await?, |words| &words.confirm_agreement);
    let choice = visit.say("confirmation", said).await?;
    Ok(confirmed(visit.language(choice.locale.as_deref(), &choice.shop), &choice))
}

fn confirmed(language: Locale, choice: &MailChoice) -> Response {
    let words = Words::of(language);
    let content = html! { p role="status" { (words.confirmed_text) } p { (words.close_hint) } };
    page_of_shop(&choice.shop, StatusCode::OK, language, words.confirmed_title, &content)
}
