//! `/u/{token}`: no more mail, by one click.

use app::{choose_mail::MailChoice, links::Purpose, state_consent::ConsentStatement};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use mail::locale::Locale;
use maud::{Markup, html};
use rules::consent::ConsentState;

use super::{
    document::{page_of_shop, too_large},
    form::Form,
    language::of_visitor,
    visit::Visit,
    words::Words,
};
use crate::{body::RawBody, problem::Problem, state::AppState};

/// The links that lead here.
pub(super) const PURPOSES: &[Purpose] = &[Purpose::Unsubscribe, Purpose::Preferences];

/// Asks whether somebody wants to unsubscribe
///
/// It does nothing: what scans a mail opens its links.
#[utoipa::path(get, path = "/u/{token}", tag = "pages", security(()), params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 503, content_type = "text/html")))]
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let visit = Visit::by(&state, &headers, &token, PURPOSES)?;
    let choice = visit.choice().await?;
    let language = visit.language(choice.locale.as_deref(), &choice.shop);
    let words = Words::of(language);
    let content = html! {
        p { (words.leave_text) }
        form method="post" action=(format!("/u/{token}")) {
            button type="submit" name="action" value="unsubscribe" { (words.leave_button) }
        }
        p { (to_preferences(words, &token)) }
    };
    Ok(page_of_shop(&choice.shop, StatusCode::OK, language, words.leave_title, &content))
}

/// Withdraws consent to marketing, whatever the mail was about
///
/// By the page's button, or by a mail program's (RFC 8058: `List-Unsubscribe=One-Click`, in either kind of form). A link
/// that was signed is all that it takes: no cookie, no redirect. Only `action=subscribe`, the button against a mistake,
/// is no withdrawal.
#[utoipa::path(post, path = "/u/{token}", tag = "pages", security(()),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", example = "List-Unsubscribe=One-Click"),
    params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 413, content_type = "text/html"), (status = 503, content_type = "text/html")))]
pub(crate) async fn act(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Result<RawBody, Problem>,
) -> Result<Response, Response> {
    let Ok(body) = body else { return Ok(too_large(of_visitor(None, None, &headers))) };
    let visit = Visit::by(&state, &headers, &token, PURPOSES)?;
    let form = Form::of(&headers, &body);
    if form.has("action", "subscribe") {
        let said = visit.agreeing(&visit.choice().await?, |words| &words.back_agreement);
        let choice = visit.say("unsubscribe_page", said).await?;
        return Ok(returned(visit.language(choice.locale.as_deref(), &choice.shop), &token, &choice));
    }
    let source = if form.has("List-Unsubscribe", "One-Click") { "one_click" } else { "unsubscribe_page" };
    let said = ConsentStatement { marketing: Some(ConsentState::Withdrawn), ..ConsentStatement::default() };
    let choice = visit.say(source, said).await?;
    Ok(left(visit.language(choice.locale.as_deref(), &choice.shop), &token, &choice))
}

fn left(language: Locale, token: &str, choice: &MailChoice) -> Response {
    let words = Words::of(language);
    let content = html! {
        p role="status" { (words.left_text) " " (words.orders_note) }
        p { (words.back_text) " " (words.of_shop(words.back_agreement.text, &choice.shop)) }
        form method="post" action=(format!("/u/{token}")) {
            button type="submit" class="quiet" name="action" value="subscribe" { (words.back_button) }
        }
        p { (to_preferences(words, token)) }
    };
    page_of_shop(&choice.shop, StatusCode::OK, language, words.left_title, &content)
}

fn returned(language: Locale, token: &str, choice: &MailChoice) -> Response {
    let words = Words::of(language);
    let content = html! {
        p role="status" { (choice.hindrance.map_or(words.returned_text, |hindrance| words.hindered(hindrance))) }
        p { (to_preferences(words, token)) }
    };
    page_of_shop(&choice.shop, StatusCode::OK, language, words.returned_title, &content)
}

fn to_preferences(words: &Words, token: &str) -> Markup {
    html! { a href=(format!("/u/{token}/preferences")) { (words.to_preferences) } }
}
