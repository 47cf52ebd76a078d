//! The one place that reads the time. Everything else is given it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::Timestamp;

/// The machine's clock, or one that the local machine moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Microseconds since the epoch.
    Set(Arc<AtomicI64>),
}

impl Clock {
    pub fn set_to(at: Timestamp) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    #[allow(clippy::disallowed_methods, reason = "this is where the time is read")]
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Set(microsecond) => {
                Timestamp::from_microsecond(microsecond.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Moves a clock that is set; the machine's own goes on as it does.
    pub fn move_to(&self, at: Timestamp) {
        if let Clock::Set(microsecond) = self {
            microsecond.store(at.as_microsecond(), Ordering::SeqCst);
        }
    }
}
