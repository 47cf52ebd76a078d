//! Logs: JSON lines, never anything that names a person.

use tracing_subscriber::EnvFilter;

/// Starts logging at the level of `RUST_LOG`, else at info.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).with_ansi(false).init();
}
