//! What the shop itself is told, and has to look at.

pub mod case;
pub mod endpoint;
pub mod outbound_event;
