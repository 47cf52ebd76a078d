//! What a mail links to: pages that work without scripts, cookies and third parties.

pub mod confirm;
mod document;
mod form;
mod language;
mod multipart;
pub mod preferences;
pub mod review;
mod review_form;
mod review_page;
pub mod unsubscribe;
mod visit;
mod words;
