//! Mail: what is planned for whom, when it may go, and what became of it.

pub mod clearance;
pub mod fate;
pub mod mail_stop;
pub mod message;
pub mod order_mail;
pub mod reason;
pub mod recent_mail;
pub mod replan;
pub mod scenario;
pub mod suppression;
