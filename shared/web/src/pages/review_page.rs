//! The review form as it is shown, and what is said once it was sent.

use app::{record_review::Reviewed, shop_face::ShopFace};
use axum::response::Response;
use http::StatusCode;
use mail::locale::Locale;
use mail::numbers;
use maud::{Markup, html};
use rules::{
    deed::DeedState,
    points::Points,
    review::ReviewState,
    review_draft::{MAX_TEXT_CHARS, MAX_TITLE_CHARS},
};

use super::{
    document::{notice, page_of_shop},
    review_form::{Answers, Entry, MOST_STARS},
    words::Words,
};

pub(super) fn form(shop: &ShopFace, language: Locale, token: &str, answers: &Answers) -> Response {
    let words = Words::of(language);
    let is_faulty = answers.fault.is_some() || answers.entries.iter().any(|entry| entry.faults().next().is_some());
    let content = html! {
        @if answers.is_busy {
            div class="errors" role="alert" { h2 { (words.busy_title) } p { (words.busy_answers) } }
        } @else if is_faulty { (summary(words, answers)) }
        p { (words.review_intro) }
        form method="post" action=(format!("/r/{token}")) {
            @for (place, entry) in answers.entries.iter().enumerate() {
                (product(words, place, entry, answers.entries.len() > 1))
            }
            (byline(words, answers))
            p { button type="submit" { (words.send_button) } }
        }
    };
    let status = match (answers.is_busy, is_faulty) {
        (true, _) => StatusCode::SERVICE_UNAVAILABLE,
        (false, true) => StatusCode::BAD_REQUEST,
        (false, false) => StatusCode::OK,
    };
    page_of_shop(shop, status, language, words.review_title, &content)
}

/// Under which name it is shown, and the way to show none.
fn byline(words: &Words, answers: &Answers) -> Markup {
    let names = answers.bylines().join(", ");
    html! {
        label class="choice" {
            input type="checkbox" name="anonymous" value="on" checked[answers.anonymous];
            span {
                (words.anonymous_label)
                @if !names.is_empty() { span class="hint" { (words.published_as.replace("{name}", &names)) } }
            }
        }
    }
}

/// What is wrong, at the top, each with a link to its field.
fn summary(words: &Words, answers: &Answers) -> Markup {
    let faults = answers.entries.iter().enumerate();
    let faults =
        faults.flat_map(|(place, entry)| entry.faults().map(move |(field, fault)| (place, entry, field, fault)));
    html! {
        div class="errors" role="alert" {
            h2 { (words.please_check) }
            ul {
                @if let Some(fault) = &answers.fault { li { a href="#rating-0-1" { (fault) } } }
                @for (place, entry, field, fault) in faults {
                    li { a href=(format!("#{}", anchor(field, place))) { (name_of(words, entry)) ": " (fault) } }
                }
            }
        }
    }
}

/// The id of a field; of stars, that of the first.
fn anchor(field: &str, place: usize) -> String {
    if field == "rating" { format!("rating-{place}-1") } else { format!("{field}-{place}") }
}

fn name_of<'a>(words: &'a Words, entry: &'a Entry) -> &'a str {
    entry.product.title.as_deref().unwrap_or(words.a_product)
}

fn product(words: &Words, place: usize, entry: &Entry, is_one_of_several: bool) -> Markup {
    html! {
        section class="card" aria-labelledby=(format!("product-{place}")) {
            input type="hidden" name=(format!("product-{place}")) value=(entry.product.id.as_str());
            div class="product" {
                @if let Some(address) = &entry.product.image_url { img src=(address) alt="" width="80" height="80"; }
                div {
                    h2 id=(format!("product-{place}")) { (name_of(words, entry)) }
                    p class="hint" { (words.verified_purchase) }
                    @if entry.is_saved { p { strong { (words.saved_title) } } }
                    @else if entry.product.reviewed.is_some() { p class="hint" { (words.reviewed_before) } }
                }
            }
            (stars(words, place, entry, is_one_of_several))
            (field(words, "title", words.headline_label, place, &entry.title, entry.title_fault.as_deref()))
            (field(words, "text", words.text_label, place, &entry.text, entry.text_fault.as_deref()))
        }
    }
}

fn stars(words: &Words, place: usize, entry: &Entry, can_be_none: bool) -> Markup {
    let fault = entry.rating_fault.as_ref();
    let fault_id = format!("rating-{place}-fault");
    let [worst, .., best] = words.ratings;
    html! {
        fieldset aria-describedby=[fault.map(|_| &fault_id)] {
            legend { (words.rating_legend) }
            @if let Some(fault) = fault { p class="wrong" id=(fault_id) { (fault) } }
            div class="stars" {
                @for (stars, name) in (1..=MOST_STARS).zip(words.ratings) {
                    label {
                        input type="radio" name=(format!("rating-{place}")) id=(format!("rating-{place}-{stars}"))
                            value=(stars) checked[entry.rating == Some(stars)];
                        span class="glyph" aria-hidden="true" { "★" }
                        span class="name" { (name) }
                    }
                }
            }
            div class="scale" aria-hidden="true" { span { (worst) } span { (best) } }
            @if can_be_none {
                label class="choice" {
                    input type="radio" name=(format!("rating-{place}")) id=(format!("rating-{place}-0")) value=""
                        checked[entry.rating.is_none()];
                    span { (words.no_rating) }
                }
            }
        }
    }
}

fn field(words: &Words, name: &str, label: &str, place: usize, typed: &str, fault: Option<&str>) -> Markup {
    let id = format!("{name}-{place}");
    let fault_id = format!("{id}-fault");
    let described_by = fault.map(|_| &fault_id);
    let invalid = fault.map(|_| "true");
    html! {
        div class="field" {
            label for=(id) { (label) " " span class="soft" { "(" (words.optional) ")" } }
            @if let Some(fault) = fault { p class="wrong" id=(fault_id) { (fault) } }
            @if name == "text" {
                // a browser takes the first line break of a textarea away
                textarea id=(id) name=(id) rows="5" maxlength=(MAX_TEXT_CHARS) aria-invalid=[invalid] aria-describedby=[described_by] { "\n" (typed) }
            } @else {
                input type="text" id=(id) name=(id) value=(typed) maxlength=(MAX_TITLE_CHARS) autocomplete="off" aria-invalid=[invalid] aria-describedby=[described_by];
            }
        }
    }
}

/// What became of what was sent.
pub(super) fn thanks(shop: &ShopFace, language: Locale, reviewed: &[Reviewed]) -> Response {
    let words = Words::of(language);
    let is_news = reviewed.iter().any(|one| one.changed);
    let waits = reviewed.iter().any(|one| one.changed && one.review.state == ReviewState::Pending);
    let given = reviewed.iter().filter_map(|one| one.deed.as_ref());
    let given = given.filter(|deed| deed.state == DeedState::Posted).map(|deed| deed.points);
    let points = given.fold(Points::ZERO, |sum, points| sum.plus(points).unwrap_or(sum));
    let content = html! {
        p role="status" {
            (if is_news { words.thanks_text } else { words.thanks_again })
            @if waits { " " (words.thanks_pending) }
        }
        @if !points.is_zero() { p { strong { (given_text(language, points)) } } }
        p { (words.close_hint) }
    };
    page_of_shop(shop, StatusCode::OK, language, words.thanks_title, &content)
}

fn given_text(language: Locale, points: Points) -> String {
    let [one, more] = Words::of(language).thanks_points;
    let points = points.get();
    let text = if numbers::is_one(language, points) { one } else { more };
    text.replace("{points}", &numbers::whole(language, points))
}

pub(super) fn nothing(language: Locale) -> Response {
    let words = Words::of(language);
    notice(StatusCode::OK, language, words.nothing_title, words.nothing_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_counted_as_each_language_counts() {
        let said = |language, points| given_text(language, Points::new(points));
        assert_eq!(said(Locale::En, 1), "1 point is yours.");
        assert_eq!(said(Locale::En, 1_500), "1,500 points are yours.");
        assert_eq!(said(Locale::De, 1), "1 Punkt gehört Ihnen.");
        assert_eq!(said(Locale::De, 1_500), "1.500 Punkte gehören Ihnen.");
        assert_eq!(said(Locale::Fr, 1_500), "1\u{202f}500 points sont à vous.");
        assert_eq!(said(Locale::Es, 1), "1 punto es tuyo.");
        assert_eq!(said(Locale::Ja, 1_500), "1,500ポイントを差し上げました。");
        assert_eq!(said(Locale::Zh, 1), "您获得了 1 积分。");
    }
}
