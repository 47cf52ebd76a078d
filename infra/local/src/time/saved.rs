//! How far the clock is from the machine's own, kept over a restart.

use std::{fs, io, path::PathBuf};

use jiff::{SignedDuration, Timestamp};
use web::clock::Clock;

use crate::error::LocalError;

/// The distance rather than the time: it changes only when the clock is moved, so that a crash
/// never takes the clock back.
pub(crate) struct SavedClock {
    ahead: SignedDuration,
    file: Option<PathBuf>,
}

impl SavedClock {
    /// What the file says; the machine's time where there is no file, or where the clock was behind it.
    pub(crate) fn open(file: Option<PathBuf>) -> Result<SavedClock, LocalError> {
        let Some(path) = &file else { return Ok(SavedClock { ahead: SignedDuration::ZERO, file }) };
        let unreadable = |reason: String| LocalError::Unreadable { file: path.clone(), reason };
        let ahead: SignedDuration = match fs::read_to_string(path) {
            Ok(text) => text.trim().parse().map_err(|error: jiff::Error| unreadable(error.to_string()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => SignedDuration::ZERO,
            Err(error) => return Err(unreadable(error.to_string())),
        };
        Ok(SavedClock { ahead: ahead.max(SignedDuration::ZERO), file })
    }

    /// The machine's time, and how far the clock is ahead of it.
    pub(crate) fn now(&self) -> Timestamp {
        let now = Clock::System.now();
        now.checked_add(self.ahead).unwrap_or(now)
    }

    /// The clock says that time from now on.
    pub(crate) fn save(&mut self, time: Timestamp) -> io::Result<()> {
        self.ahead = time.duration_since(Clock::System.now());
        let Some(file) = &self.file else { return Ok(()) };
        // a file is renamed as a whole, or not at all
        let new = file.with_extension("new");
        fs::write(&new, self.ahead.to_string())?;
        fs::rename(&new, file)
    }
}
