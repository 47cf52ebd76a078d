//! From a letter to what is read.

use minijinja::{Value, value::Serde};

use crate::{clean::one_line, letter::Letter, templates, view::view};

/// What most programs show of a subject is far less.
const MAX_SUBJECT_CHARS: usize = 120;

/// A mail in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line without controls.
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// Templates instead of those of the scenario and locale, to see what they would make of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub subject: Option<String>,
    pub html: Option<String>,
    pub text: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("`{0}` is not a scenario that a mail can be written for")]
    UnknownScenario(String),
    #[error("the letter cannot be shown to a template")]
    View(#[from] serde_json::Error),
    /// Of a draft: what is wrong with it, and in which line.
    #[error("the template cannot be rendered")]
    Template(#[from] minijinja::Error),
}

/// # Errors
/// `RenderError` for a scenario without templates, or a letter that lacks what its scenario is about.
pub fn render(letter: &Letter) -> Result<Rendered, RenderError> {
    preview(letter, &Draft::default())
}

/// As [`render`], with templates that are not in use.
///
/// # Errors
/// As [`render`], and for a draft that is no template.
pub fn preview(letter: &Letter, draft: &Draft) -> Result<Rendered, RenderError> {
    if !scenarios().any(|known| known == letter.scenario) {
        return Err(RenderError::UnknownScenario(letter.scenario.chars().take(40).collect()));
    }
    let mut view = view(letter)?;
    let subject = part(letter, "subject.txt.j2", draft.subject.as_deref(), &Value::from(Serde(&view)))?;
    let subject = one_line(&subject, MAX_SUBJECT_CHARS);
    view.insert("subject".to_owned(), subject.clone().into());
    let view = Value::from(Serde(&view));
    let html = part(letter, "body.html.j2", draft.html.as_deref(), &view)?;
    let text = part(letter, "body.txt.j2", draft.text.as_deref(), &view)?;
    Ok(Rendered { subject, html: without_gaps(&html), text: without_gaps(&text) })
}

/// Every scenario that there are templates for, in the order of their names.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    let of_english = templates::names().filter_map(|name| name.strip_suffix("/en/subject.txt.j2"));
    of_english.map(|name| name.rsplit('/').next().unwrap_or(name))
}

fn part(letter: &Letter, file: &str, draft: Option<&str>, view: &Value) -> Result<String, minijinja::Error> {
    let environment = templates::of(letter.locale);
    let name = format!("{}/{}/{file}", letter.scenario, letter.locale);
    match draft {
        Some(source) => environment.template_from_named_str(&name, source)?.render(view),
        None => environment.get_template(&name)?.render(view),
    }
}

/// Tags leave lines behind: no blanks at their ends, and no two empty ones after each other.
fn without_gaps(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut gap = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            gap = !kept.is_empty();
            continue;
        }
        if gap {
            kept.push('\n');
            gap = false;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}
