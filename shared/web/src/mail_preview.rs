//! `POST /v1/program/templates/preview`: what a mail would look like.

use app::preview_mail::Asked;
use axum::{Json, extract::State};
use mail::render::{Draft, Rendered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{body::RawBody, caller::Admin, problem::Problem, state::AppState};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailPreviewAsked {
    /// Its name without the step
    #[schema(example = "review_invitation")]
    scenario: String,
    /// From 1, which it is unless given
    step: Option<u8>,
    /// BCP 47; the program's own unless given
    #[schema(example = "de")]
    locale: Option<String>,
    /// A template to show instead of the one in use
    #[schema(example = "{{ addressee.name }}, how is it?")]
    subject: Option<String>,
    html: Option<String>,
    text: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MailPreview {
    subject: String,
    html: String,
    text: String,
}

/// Renders a mail as it is, or as drafts of its templates would have it
///
/// A letter with invented facts, in the name and colours of the program in force. Nothing is kept, and
/// nobody is written to.
#[utoipa::path(post, path = "/v1/program/templates/preview", tag = "mail", request_body = MailPreviewAsked,
    responses((status = 200, body = MailPreview), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn preview(
    State(state): State<AppState>,
    Admin(_): Admin,
    body: RawBody,
) -> Result<Json<MailPreview>, Problem> {
    let MailPreviewAsked { scenario, step, locale, subject, html, text } = body.json()?;
    let asked = Asked { scenario, step, locale, draft: Draft { subject, html, text } };
    let Rendered { subject, html, text } = state.app.preview_mail(&asked, state.clock.now()).await?;
    Ok(Json(MailPreview { subject, html, text }))
}
