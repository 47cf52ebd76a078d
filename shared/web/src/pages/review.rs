//! `/r/{token}`: what a buyer thinks of what they bought.

use app::{AppError, links::Purpose, record_review::Interrupted, reviewable::Reviewable, shop_face::ShopFace};
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use rules::{ids::OrderKey, review::ReviewSource};

use super::{
    document::{too_large, unknown},
    form::Form,
    language::of_visitor,
    review_form::Answers,
    review_page::{form, nothing, thanks},
    visit::Visit,
    words::Words,
};
use crate::{body::RawBody, problem::Problem, state::AppState};

/// Shows the review form for an order
#[utoipa::path(get, path = "/r/{token}", tag = "pages", security(()),
    params(("token" = String, Path, description = "of a link in a mail"),
           ("product" = Option<String>, Query, description = "shown first"),
           ("rating" = Option<u8>, Query, description = "its stars, chosen in the mail", minimum = 1, maximum = 5)),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 503, content_type = "text/html")))]
pub(crate) async fn ask(
    State(state): State<AppState>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let visit = Visit::by(&state, &headers, &token, &[Purpose::Review])?;
    let (_, found) = reviewable(&visit).await?;
    let chosen = Form::of_query(query.as_deref().unwrap_or_default());
    let language = visit.language(found.locale.as_deref(), &found.shop);
    let answers = Answers::asked(found.products, chosen.get("product"), chosen.get("rating"));
    Ok(form(&found.shop, language, &token, &answers))
}

/// Takes reviews of the products of an order
///
/// For each product `product-<n>` (its number), `rating-<n>` (1 to 5), `title-<n>` and `text-<n>`; `anonymous=on` shows
/// them without a name; no stars (`rating-<n>=`) leave a product out. The same again changes nothing, and another opinion
/// replaces the former one.
#[utoipa::path(post, path = "/r/{token}", tag = "pages", security(()),
    request_body(content = String, content_type = "application/x-www-form-urlencoded", example = "product-0=8410023456701&rating-0=5&text-0=Lovely"),
    params(("token" = String, Path, description = "of a link in a mail")),
    responses((status = 200, content_type = "text/html"), (status = 400, content_type = "text/html", description = "the form with what is wrong, and all that was typed"),
              (status = 404, content_type = "text/html", description = "no such link"),
              (status = 410, content_type = "text/html", description = "the link has expired"),
              (status = 413, content_type = "text/html"),
              (status = 503, content_type = "text/html", description = "the form with all that was typed, and which of it is saved")))]
pub(crate) async fn send(
    State(state): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Result<RawBody, Problem>,
) -> Result<Response, Response> {
    let Ok(body) = body else { return Ok(too_large(of_visitor(None, None, &headers))) };
    let visit = Visit::by(&state, &headers, &token, &[Purpose::Review])?;
    let sent = Form::of(&headers, &body);
    let (order, found) = reviewable(&visit).await.map_err(|refused| again(&visit, &token, &sent, refused))?;
    let language = visit.language(found.locale.as_deref(), &found.shop);
    let words = Words::of(language);
    let mut answers = Answers::sent(&sent, found.products, words);
    let Some(drafts) = answers.drafts(words) else { return Ok(form(&found.shop, language, &token, &answers)) };
    let (source, locale) = (ReviewSource::Page, found.locale.as_deref());
    match state.app.record_reviews(&found.member, order, drafts, source, locale, visit.now).await {
        Ok(reviewed) => Ok(thanks(&found.shop, language, &reviewed)),
        Err(Interrupted { error: AppError::NotInOrder(_), .. }) => {
            answers.fault = Some(words.another_product.to_owned());
            Ok(form(&found.shop, language, &token, &answers))
        }
        Err(Interrupted { reviewed, error }) => {
            let refused = refused(&visit, &error);
            let is_busy = refused.status() == StatusCode::SERVICE_UNAVAILABLE;
            if is_busy {
                Ok(form(&found.shop, language, &token, &answers.interrupted(&reviewed)))
            } else {
                Err(refused)
            }
        }
    }
}

/// A page is kept nowhere, so what was typed comes back with what says that it cannot be taken now.
fn again(visit: &Visit<'_>, token: &str, sent: &Form, refused: Response) -> Response {
    if refused.status() != StatusCode::SERVICE_UNAVAILABLE {
        return refused;
    }
    let language = visit.browsers();
    // whose it is could not be read either
    form(&ShopFace::default(), language, token, &Answers::unread(sent, Words::of(language)))
}

/// # Errors
/// The page that says why there is nothing to review.
async fn reviewable<'a>(visit: &'a Visit<'_>) -> Result<(&'a OrderKey, Reviewable), Response> {
    let Some(order) = &visit.link.order else { return Err(unknown(visit.browsers())) };
    let found = visit.state.app.reviewable(&visit.link.member, order, visit.now).await;
    let found = found.map_err(|error| refused(visit, &error))?;
    if found.products.is_empty() {
        Err(nothing(visit.language(found.locale.as_deref(), &found.shop)))
    } else {
        Ok((order, found))
    }
}

fn refused(visit: &Visit<'_>, error: &AppError) -> Response {
    match error {
        AppError::UnknownOrder => nothing(visit.browsers()),
        error => visit.refused(error),
    }
}
