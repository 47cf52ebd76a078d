//! From a letter to what is read.

use std::fmt;

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
    #[error("the template of the {part} cannot be rendered: {said}")]
    Template {
        part: Part,
        /// What is wrong, and in which line.
        said: String,
        #[source]
        source: Box<minijinja::Error>,
    },
}

/// What a mail has a template for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Subject,
    Html,
    Text,
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
    let subject = part(letter, Part::Subject, draft.subject.as_deref(), &Value::from(Serde(&view)))?;
    let subject = one_line(&subject, MAX_SUBJECT_CHARS);
    view.insert("subject".to_owned(), subject.clone().into());
    let view = Value::from(Serde(&view));
    let html = part(letter, Part::Html, draft.html.as_deref(), &view)?;
    let text = part(letter, Part::Text, draft.text.as_deref(), &view)?;
    Ok(Rendered { subject, html: without_gaps(&html), text: without_gaps(&text) })
}

/// Every scenario that there are templates for, in the order of their names.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    let of_english = templates::names().filter_map(|name| name.strip_suffix("/en/subject.txt.j2"));
    of_english.map(|name| name.rsplit('/').next().unwrap_or(name))
}

fn part(letter: &Letter, part: Part, draft: Option<&str>, view: &Value) -> Result<String, RenderError> {
    let environment = templates::of(letter.locale);
    let name = format!("{}/{}/{}", letter.scenario, letter.locale, part.file());
    let template = match draft {
        Some(source) => environment.template_from_named_str(&name, source),
        None => environment.get_template(&name),
    };
    let rendered = template.and_then(|template| template.render(view));
    rendered.map_err(|error| RenderError::Template { part, said: said(&error, &name), source: Box::new(error) })
}

/// What is wrong, where in the template, or in which of those that it makes use of.
fn said(error: &minijinja::Error, own: &str) -> String {
    let file = error.name().filter(|name| *name != own).map(|name| format!("`{name}`, "));
    let line = error.line().map(|line| format!("line {line}: "));
    let detail = error.detail().map(|detail| format!(": {detail}"));
    let [file, line, detail] = [file, line, detail].map(Option::unwrap_or_default);
    format!("{file}{line}{}{detail}", error.kind())
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

impl Part {
    fn file(self) -> &'static str {
        match self {
            Part::Subject => "subject.txt.j2",
            Part::Html => "body.html.j2",
            Part::Text => "body.txt.j2",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Subject => "subject",
            Part::Html => "html",
            Part::Text => "text",
        })
    }
}
