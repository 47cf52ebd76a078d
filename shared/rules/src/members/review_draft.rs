//! What somebody writes into a review, before it is one.

use jiff::Timestamp;

use crate::{
    activity::{REVIEW, Subject},
    byline::{Byline, MAX_AUTHOR_CHARS},
    deed::Told,
    ids::ProductId,
    plain_text::{one_line, paragraphs},
    program_check::Problem,
    rating::{NotARating, Rating},
};

pub const MAX_TITLE_CHARS: usize = 120;
pub const MAX_TEXT_CHARS: usize = 5_000;

/// What a member has written, within its bounds.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewDraft {
    pub product: ProductId,
    pub rating: Rating,
    pub title: Option<String>,
    pub text: Option<String>,
    pub author: Byline,
}

/// What a form or a request has.
#[derive(Default)]
pub struct RawDraft<'a> {
    pub rating: i64,
    pub title: Option<&'a str>,
    pub text: Option<&'a str>,
    /// Empty: anonymous.
    pub author: Option<&'a str>,
}

impl ReviewDraft {
    /// What was written, refused where it is too long.
    ///
    /// # Errors
    /// Every field that is bad, by its pointer.
    pub fn parse(product: ProductId, raw: &RawDraft<'_>) -> Result<ReviewDraft, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut fault = |pointer: &str, reason: String| problems.push(Problem { pointer: pointer.to_owned(), reason });
        let rating = u8::try_from(raw.rating).map_err(|_| NotARating).and_then(Rating::try_from);
        if let Err(reason) = rating {
            fault("/rating", reason.to_string());
        }
        let draft = ReviewDraft::unbounded(product, rating.unwrap_or(Rating::LOWEST), raw);
        let author = if let Byline::Chosen(name) = &draft.author { Some(name) } else { None };
        for (pointer, text, most) in [
            ("/title", draft.title.as_ref(), MAX_TITLE_CHARS),
            ("/text", draft.text.as_ref(), MAX_TEXT_CHARS),
            ("/author", author, MAX_AUTHOR_CHARS),
        ] {
            let chars = text.map_or(0, |text| text.chars().count());
            if chars > most {
                fault(pointer, format!("has {chars} characters, and may have {most}"));
            }
        }
        if problems.is_empty() { Ok(draft) } else { Err(problems) }
    }

    /// What a storefront tells, which cannot be asked to write less: what is too long is cut.
    pub fn cut(product: ProductId, rating: Rating, raw: &RawDraft<'_>) -> ReviewDraft {
        let first = |text: String, most: usize| text.chars().take(most).collect::<String>().trim_end().to_owned();
        let mut draft = ReviewDraft::unbounded(product, rating, raw);
        draft.title = draft.title.map(|title| first(title, MAX_TITLE_CHARS));
        draft.text = draft.text.map(|text| first(text, MAX_TEXT_CHARS));
        if let Byline::Chosen(name) = draft.author {
            draft.author = Byline::Chosen(first(name, MAX_AUTHOR_CHARS));
        }
        draft
    }

    fn unbounded(product: ProductId, rating: Rating, raw: &RawDraft<'_>) -> ReviewDraft {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let author = raw.author.map(|name| some(one_line(name)));
        ReviewDraft {
            product,
            rating,
            title: raw.title.and_then(|title| some(one_line(title))),
            text: raw.text.and_then(|text| some(paragraphs(text))),
            author: author.map_or(Byline::Initials, |name| name.map_or(Byline::Anonymous, Byline::Chosen)),
        }
    }

    /// The activity that may earn points for it.
    pub fn told(&self, written_at: Timestamp) -> Told {
        Told { activity: REVIEW.to_owned(), subject: self.subject(), occurred_at: written_at }
    }

    /// The product, as orders and claims of points know it.
    pub fn subject(&self) -> Option<Subject> {
        Subject::parse(self.product.as_str()).ok()
    }
}

impl std::fmt::Debug for ReviewDraft {
    /// Without what was written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReviewDraft")
            .field("product", &self.product)
            .field("rating", &self.rating)
            .finish_non_exhaustive()
    }
}
