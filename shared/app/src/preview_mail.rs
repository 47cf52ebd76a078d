//! What templates make of a letter: nothing is kept, and nobody is written to.

use jiff::Timestamp;
use mail::{
    letter::{Content, Letter},
    locale::Locale,
    render::{Draft, RenderError, Rendered, preview},
    sample,
};
use rules::{
    program::Program,
    program_check::Problem,
    scenario::{Kind, Scenario, Starts},
    scenarios,
};

use crate::{App, error::AppError, letterhead::letterhead};

/// One mail that might be sent.
#[derive(Clone, Debug)]
pub struct Asked {
    pub scenario: String,
    /// The first, unless it says otherwise.
    pub step: Option<u8>,
    /// A BCP 47 tag; the shop's own, unless it says otherwise.
    pub locale: Option<String>,
    pub draft: Draft,
}

impl App {
    /// Renders an invented letter in the shop's own dress.
    ///
    /// # Errors
    /// `AppError::InvalidRequest` with every field that is bad, or the draft that is no template.
    pub async fn preview_mail(&self, asked: &Asked, now: Timestamp) -> Result<Rendered, AppError> {
        let version = self.program(now).await?;
        let letter = letter(asked, &version.program)?;
        preview(&letter, &asked.draft).map_err(|error| match error {
            RenderError::Template { part, said, .. } => invalid(&format!("/{part}"), said),
            RenderError::UnknownScenario(_) => invalid("/scenario", error.to_string()),
            RenderError::View(error) => AppError::Unwritable(error),
        })
    }
}

fn letter(asked: &Asked, program: &Program) -> Result<Letter, AppError> {
    let scenario = scenarios::named(&asked.scenario).ok_or_else(|| {
        let names: Vec<&str> = scenarios::ALL.iter().map(|scenario| scenario.name).collect();
        invalid("/scenario", format!("must be one of {}", names.join(", ")))
    })?;
    let (step, locale) = (step(asked, scenario)?, locale(asked, program)?);
    let mut letter = sample::letter(scenario.name, step, locale, &str::to_owned).map_err(AppError::Unwritable)?;
    let sender = program.mail.sender.as_ref();
    letter.shop = letterhead(program, sender.map_or(&letter.shop.name, |sender| &sender.name));
    if let Some(sender) = sender {
        letter.links.reply_to = Some(sender.mailbox().clone());
    }
    leave_what_it_tells(&mut letter.content, scenario);
    if !matches!(scenario.kind_of(step), Kind::Marketing(_)) {
        (letter.links.unsubscribe, letter.links.preferences) = (None, None);
    }
    Ok(letter)
}

/// A preview shows nothing that no mail of the scenario has.
fn leave_what_it_tells(content: &mut Content, scenario: &Scenario) {
    content.offer = None;
    if let Some(order) = &mut content.order {
        order.total = None;
    }
    if !matches!(scenario.starts, Starts::Order(_)) {
        content.order = None;
    }
    if !matches!(scenario.starts, Starts::Order(_) | Starts::Review) {
        content.products.clear();
    }
    if matches!(scenario.starts, Starts::Consent) {
        content.points = None;
    }
}

fn step(asked: &Asked, scenario: &Scenario) -> Result<u8, AppError> {
    let step = asked.step.unwrap_or(1);
    let known = (1..=scenario.steps).contains(&step);
    known.then_some(step).ok_or_else(|| invalid("/step", format!("must be 1 to {}", scenario.steps)))
}

fn locale(asked: &Asked, program: &Program) -> Result<Locale, AppError> {
    let Some(tag) = &asked.locale else { return Ok(Locale::negotiate(None, Some(&program.mail.locale))) };
    Locale::of(tag).ok_or_else(|| {
        let tags = Locale::ALL.map(Locale::tag).join(", ");
        invalid("/locale", format!("must be a language that mails are written in: {tags}"))
    })
}

fn invalid(pointer: &str, reason: String) -> AppError {
    AppError::InvalidRequest(vec![Problem { pointer: pointer.to_owned(), reason }])
}
