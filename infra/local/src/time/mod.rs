//! The clock that can be moved, and what falls due while it moves.

mod clock;
mod r#move;
pub(crate) mod route;
mod saved;
mod schedules;

pub(crate) use clock::LocalClock;
pub(crate) use saved::SavedClock;
