//! Rendering and SES: a letter becomes a mail, a mail is handed over, and what became of it is read.
//! Nothing here decides whether a mail is sent.

mod clean;
pub mod feedback;
mod formats;
pub mod letter;
pub mod locale;
mod machine;
mod mail_link;
pub mod mime;
pub mod pace;
pub mod refusal;
pub mod render;
pub mod sample;
pub mod ses;
mod templates;
mod view;
pub mod web_link;

pub use formats::numbers;
