//! The embedded DynamoDB, and how to reach it: over HTTP with the real SDK, as in a deployment.

use std::{net::SocketAddr, path::Path};

use aws_credential_types::Credentials;
use dynoxide::Database;
use store::ClientSettings;

use crate::error::LocalError;

pub(crate) const TABLE: &str = "regulars";
const REGION: &str = "us-east-1";

/// Opens the file, or a database in memory.
pub(crate) fn open(file: Option<&Path>) -> Result<Database, LocalError> {
    let opened = match file {
        Some(file) => Database::new(&file.to_string_lossy()),
        None => Database::memory(),
    };
    opened.map_err(|error| LocalError::Database(error.to_string()))
}

/// Any credentials will do.
pub(crate) fn client_settings(at: SocketAddr) -> ClientSettings {
    ClientSettings {
        region: REGION.to_owned(),
        endpoint: Some(format!("http://{at}")),
        credentials: Credentials::from_keys("local", "local", None),
        http_client: None,
    }
}
