//! `/u/{token}/preferences`: which mail somebody wants, topic by topic.

use std::collections::BTreeMap;

use app::{choose_mail::MailChoice, state_consent::ConsentStatement};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use rules::consent::{Consent, ConsentState, Topic};

use super::{
    document::{page_of_shop, too_large},
    form::Form,
    language::of_visitor,
    unsubscribe::PURPOSES,
    visit::Visit,
    words::Words,
};
use crate::{body::RawBody, problem::Problem, state::AppState};

/// What became of a form.
enum Outcome {
    Asked,
    Saved,
    /// Neither yes nor no was chosen; the topics that were are kept.
    Undecided(Vec<Topic>),
}

/// Shows which mail a member wants
#[utoipa::path(get, path = "/u/{token}/preferences", tag = "pages", security(()), params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 503, content_type = "text/html")))]
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let visit = Visit::by(&state, &headers, &token, PURPOSES)?;
    let choice = visit.choice().await?;
    Ok(shown(&visit, &token, &choice, &Outcome::Asked))
}

/// Takes what a member chose
#[utoipa::path(post, path = "/u/{token}/preferences", tag = "pages", security(()),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", example = "marketing=yes&reviews=on"),
    params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 400, content_type = "text/html", description = "neither yes nor no"),
              (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 413, content_type = "text/html"), (status = 503, content_type = "text/html")))]
pub(crate) async fn save(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Result<RawBody, Problem>,
) -> Result<Response, Response> {
    let Ok(body) = body else { return Ok(too_large(of_visitor(None, None, &headers))) };
    let visit = Visit::by(&state, &headers, &token, PURPOSES)?;
    let form = Form::of(&headers, &body);
    let chosen = |topic: Topic| form.has(topic.name(), "on");
    let choice = visit.choice().await?;
    let answer = match form.get("marketing") {
        Some("yes") => visit.agreeing(&choice, |words| &words.preferences_agreement),
        // a withdrawal agrees to nothing
        Some("no") => ConsentStatement { marketing: Some(ConsentState::Withdrawn), ..ConsentStatement::default() },
        _ => {
            let kept = Topic::ALL.into_iter().filter(|topic| chosen(*topic)).collect();
            return Ok(shown(&visit, &token, &choice, &Outcome::Undecided(kept)));
        }
    };
    let topics: BTreeMap<Topic, bool> = Topic::ALL.into_iter().map(|topic| (topic, chosen(topic))).collect();
    let said = ConsentStatement { topics, ..answer };
    let choice = visit.say("preferences_page", said).await?;
    Ok(shown(&visit, &token, &choice, &Outcome::Saved))
}

fn shown(visit: &Visit<'_>, token: &str, choice: &MailChoice, outcome: &Outcome) -> Response {
    let language = visit.language(choice.locale.as_deref(), &choice.shop);
    let words = Words::of(language);
    let is_undecided = matches!(outcome, Outcome::Undecided(_));
    let content = html! {
        @match outcome {
            Outcome::Saved => p role="status" { strong { (words.saved_title) } },
            Outcome::Undecided(_) => div class="errors" role="alert" {
                h2 { (words.please_check) }
                ul { li { a href="#yes" { (words.choose_yes_or_no) } } }
            },
            Outcome::Asked => {},
        }
        form method="post" action=(format!("/u/{token}/preferences")) {
            @if choice.consent.marketing == ConsentState::Granted && let Some(hindrance) = choice.hindrance {
                p { (words.hindered(hindrance)) }
            }
            (question(words, choice, is_undecided))
            (topics(words, &choice.consent, outcome))
            p class="soft" { (words.of_shop(words.preferences_agreement.text, &choice.shop)) " " (words.orders_note) }
            button type="submit" { (words.save_button) }
        }
    };
    let status = if is_undecided { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    page_of_shop(&choice.shop, status, language, words.preferences_title, &content)
}

fn question(words: &Words, choice: &MailChoice, is_undecided: bool) -> Markup {
    let said = |state| choice.consent.marketing == state && !is_undecided;
    html! {
        fieldset aria-describedby=[is_undecided.then_some("undecided")] {
            legend { (words.of_shop(words.preferences_question, &choice.shop)) }
            @if is_undecided { p class="wrong" id="undecided" { (words.choose_yes_or_no) } }
            label class="choice" {
                input id="yes" type="radio" name="marketing" value="yes" required checked[said(ConsentState::Granted)];
                span { (words.preferences_yes) }
            }
            label class="choice" {
                input id="no" type="radio" name="marketing" value="no" required checked[said(ConsentState::Withdrawn)];
                span { (words.preferences_no) }
            }
        }
    }
}

fn topics(words: &Words, consent: &Consent, outcome: &Outcome) -> Markup {
    let is_on = |topic| match outcome {
        Outcome::Undecided(kept) => kept.contains(&topic),
        Outcome::Asked | Outcome::Saved => consent.is_on(topic),
    };
    html! {
        fieldset {
            legend { (words.topics_legend) }
            @for (topic, (name, hint)) in Topic::ALL.into_iter().zip(words.topics) {
                label class="choice" {
                    input type="checkbox" name=(topic.name()) value="on" checked[is_on(topic)];
                    span { (name) span class="hint" { (hint) } }
                }
            }
        }
    }
}
