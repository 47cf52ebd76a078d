//! `cargo run -p local`: everything on one machine.

use std::{error::Error, io::Write, process::ExitCode};

use indicatif::{ProgressBar, ProgressStyle};
use local::{
    Machine,
    arguments::{Command, HELP},
    client::Client,
    demo::Demo,
    development_secrets, with_causes,
};
use tracing_subscriber::EnvFilter;

const PROGRESS: &str = "a year of the shop {wide_bar} {pos} of {len} events";

/// That a condition does not hold is an answer of the database like any other, and no warning.
const LOGGED: &str = "warn,dynoxide=error";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // nobody is left to be told if this fails
            let _ = writeln!(std::io::stderr(), "error: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let Command::Run { options, demo } = Command::parse(std::env::args_os().skip(1))? else {
        return Ok(write!(std::io::stdout(), "{HELP}")?);
    };
    let machine = Machine::start(options).await?;
    if demo {
        let progress = ProgressBar::new(0).with_style(ProgressStyle::with_template(PROGRESS)?);
        let summary = Demo::default().play(&Client::of(machine.gateway), &progress).await?;
        writeln!(std::io::stderr(), "{summary}")?;
    }
    announce(&machine)?;
    until_told_to_end().await?;
    machine.stop().await;
    Ok(())
}

fn announce(machine: &Machine) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "gateway http://{}", machine.gateway)?;
    writeln!(out, "dynamodb http://{}", machine.dynamodb)?;
    writeln!(out, "ses http://{}", machine.ses)?;
    for (name, secret) in development_secrets::NAMED {
        writeln!(out, "{name} {secret}")?;
    }
    out.flush()
}

/// Ctrl-C, or a polite end by another process.
async fn until_told_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
