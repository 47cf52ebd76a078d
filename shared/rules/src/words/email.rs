//! Email addresses, which no log and no debug output ever shows.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An address in the form in which it is compared: trimmed and lower case.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct NotAnEmail;

impl Email {
    /// Takes what a mail server could take: one `@`, a dotted domain, no blanks or controls, at most
    /// 254 bytes (RFC 5321, 4.5.3.1.3 less the angle brackets). A letter that is another one's ASCII once
    /// it is lower case, as the Kelvin sign is `k`, would make one mailbox of two.
    ///
    /// # Errors
    /// `NotAnEmail`, without the text: it may be somebody's address all the same.
    pub fn parse(text: &str) -> Result<Email, NotAnEmail> {
        let address = text.trim().to_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(NotAnEmail)?;
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c);
        let folds = |c: char| !c.is_ascii() && c.to_lowercase().any(|lower| lower.is_ascii());
        let bad_domain = !domain.contains('.') || domain.split('.').any(str::is_empty);
        if local.is_empty() || local.len() > 64 || address.len() > 254 || bad_domain {
            return Err(NotAnEmail);
        }
        if text.chars().any(folds) || local.chars().any(forbidden) || domain.chars().any(forbidden) {
            return Err(NotAnEmail);
        }
        Ok(Email(address))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;

    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_compared_without_case_or_blanks() {
        assert_eq!(Email::parse(" Mia.Wong@Example.COM "), Email::parse("mia.wong@example.com"));
    }

    #[test]
    fn what_no_server_takes_is_refused() {
        for text in
            ["", "mia", "mia@", "@example.com", "mia@localhost", "a b@example.com", "a@b@example.com", "a@ex..com"]
        {
            assert_eq!(Email::parse(text), Err(NotAnEmail), "{text}");
        }
    }

    #[test]
    fn a_letter_that_becomes_an_ascii_one_is_refused() {
        for text in ["mi\u{212a}e@example.com", "mike@faceboo\u{212a}.example", "M\u{130}KE@example.com"] {
            assert_eq!(Email::parse(text), Err(NotAnEmail), "{text}");
        }
        assert!(Email::parse("J\u{d6}RG@example.com") == Email::parse("j\u{f6}rg@example.com"));
    }

    #[test]
    fn debug_output_never_shows_the_address() {
        assert_eq!(format!("{:?}", Email::parse("mia@example.com").unwrap()), "***");
    }
}
