//! Mail: taken where SES would take it, kept, and shown.

mod events;
pub(crate) mod list;
mod mailbox;
mod message;
pub(crate) mod page;
mod raw;
mod request;
pub(crate) mod ses;

pub(crate) use mailbox::Mailbox;
