//! Why the local machine cannot start.

use std::{error::Error, path::PathBuf};

use app::AppError;
use store::StoreError;
use web::secrets::BadSecrets;

#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("port {port} is taken: choose another with `{flag}`, or 0 for any that is free")]
    PortTaken { flag: &'static str, port: u16 },
    #[error("port {port} of `{flag}` cannot be listened on")]
    Port {
        flag: &'static str,
        port: u16,
        #[source]
        source: std::io::Error,
    },
    #[error("the folder `{}` is in use by another run: choose another with `--data`", .0.display())]
    DataInUse(PathBuf),
    #[error("the folder `{}` of `--data` cannot be used", folder.display())]
    Data {
        folder: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the file `{}` cannot be read: {reason}", file.display())]
    Unreadable { file: PathBuf, reason: String },
    #[error("the embedded database cannot be opened: {0}")]
    Database(String),
    #[error("the table cannot be created")]
    Table(#[from] StoreError),
    #[error("the development secrets cannot be read")]
    Secrets(#[from] BadSecrets),
    #[error("the program cannot be put in force")]
    Program(#[from] AppError),
}

/// The error and what caused it, in one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}
