//! What a function reads from its environment, once, at its start.

use aws_credential_types::Credentials;
use store::ClientSettings;

use crate::secrets::{BadSecrets, Secrets};

#[derive(Debug)]
pub struct Config {
    /// `TABLE_NAME`
    pub table: String,
    /// `REGULARS_SECRETS`
    pub secrets: Secrets,
    /// `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, and
    /// `AWS_ENDPOINT_URL_DYNAMODB` where the database is not AWS's.
    pub database: ClientSettings,
    /// Of functions that send mail.
    pub mail: Option<MailConfig>,
}

#[derive(Debug)]
pub struct MailConfig {
    /// `REGULARS_PAGES_URL`: what the addresses of the pages begin with.
    pub pages_url: String,
    /// `REGULARS_CONFIGURATION_SET`: SES's own name of what tells of mails.
    pub configuration_set: Option<String>,
    /// `REGULARS_MAIL_FUNCTIONS`: how many functions share SES's rate.
    pub shared_by: u32,
    /// `AWS_ENDPOINT_URL_SESV2` where SES is not AWS's.
    pub endpoint: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    #[error("the variable `{0}` is not set")]
    Missing(&'static str),
    #[error("`REGULARS_MAIL_FUNCTIONS` is no number from 1 to 100")]
    MailFunctions,
    #[error("`REGULARS_SECRETS` cannot be used")]
    Secrets(#[from] BadSecrets),
}

impl Config {
    /// # Errors
    /// `BadConfig` names the variable.
    pub fn from_env() -> Result<Config, BadConfig> {
        let endpoint = variable("AWS_ENDPOINT_URL_DYNAMODB").ok();
        let credentials = Credentials::new(
            variable("AWS_ACCESS_KEY_ID")?,
            variable("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN").ok(),
            None,
            "environment",
        );
        Ok(Config {
            table: variable("TABLE_NAME")?,
            secrets: Secrets::parse(&variable("REGULARS_SECRETS")?, endpoint.as_deref().is_some_and(is_loopback))?,
            database: ClientSettings { region: variable("AWS_REGION")?, endpoint, credentials, http_client: None },
            mail: MailConfig::from_env()?,
        })
    }
}

impl MailConfig {
    fn from_env() -> Result<Option<MailConfig>, BadConfig> {
        let Ok(pages_url) = variable("REGULARS_PAGES_URL") else { return Ok(None) };
        let functions = variable("REGULARS_MAIL_FUNCTIONS").unwrap_or_else(|_| "1".to_owned());
        let shared_by = functions.parse().ok().filter(|functions| (1..=100).contains(functions));
        Ok(Some(MailConfig {
            pages_url: pages_url.trim_end_matches('/').to_owned(),
            configuration_set: variable("REGULARS_CONFIGURATION_SET").ok(),
            shared_by: shared_by.ok_or(BadConfig::MailFunctions)?,
            endpoint: variable("AWS_ENDPOINT_URL_SESV2").ok(),
        }))
    }
}

#[allow(clippy::disallowed_methods, reason = "this is where the environment is read")]
fn variable(name: &'static str) -> Result<String, BadConfig> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(BadConfig::Missing(name))
}

/// Whether an endpoint is on this machine.
pub fn is_loopback(endpoint: &str) -> bool {
    let Ok(uri) = endpoint.parse::<http::Uri>() else { return false };
    matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_this_machine_is_local() {
        assert!(is_loopback("http://127.0.0.1:8000"));
        assert!(is_loopback("http://localhost:8000"));
        assert!(is_loopback("http://[::1]:8000"));
        assert!(!is_loopback("http://127.0.0.1.example.com"));
        assert!(!is_loopback("https://dynamodb.eu-central-1.amazonaws.com"));
        assert!(!is_loopback(""));
    }
}
