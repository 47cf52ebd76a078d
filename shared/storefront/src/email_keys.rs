//! The keyed hash under which a member is found by email without the address being kept.

use std::{fmt, net::IpAddr};

use hmac::{Hmac, KeyInit, Mac};
use rules::{email::Email, ids::EmailKey};
use sha2::Sha256;

/// Hexadecimal digits of a key: 128 bits, so that no two addresses meet by chance.
const KEY_DIGITS: usize = 32;

/// Makes the keys of email addresses, under a secret that is never rotated: what is stored under
/// one could not be found under another.
#[derive(Clone)]
pub struct EmailKeys {
    mac: Hmac<Sha256>,
}

impl EmailKeys {
    pub fn new(secret: &[u8]) -> Self {
        #[allow(clippy::expect_used, reason = "RFC 2104 defines HMAC for a key of any length")]
        let mac = Hmac::new_from_slice(secret).expect("HMAC takes a key of any length");
        EmailKeys { mac }
    }

    /// The first 32 hexadecimal digits of the HMAC-SHA256 of the address.
    pub fn key(&self, email: &Email) -> EmailKey {
        let hex = self.digits(email.as_str());
        #[allow(clippy::expect_used, reason = "an id may consist of digits and letters, and be 32 of them long")]
        EmailKey::parse(&hex).expect("hexadecimal digits are an id")
    }
}

impl EmailKeys {
    /// The same of the network address that a consent came from, which is no key of an email address.
    pub fn origin(&self, address: IpAddr) -> String {
        self.digits(&format!("origin {address}"))
    }

    fn digits(&self, text: &str) -> String {
        let tag = self.mac.clone().chain_update(text.as_bytes()).finalize().into_bytes();
        tag.iter().take(KEY_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for EmailKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailKeys(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).unwrap()
    }

    #[test]
    fn one_address_has_one_key_however_it_is_written() {
        let keys = EmailKeys::new(b"dev-email");
        assert_eq!(keys.key(&email("Mia@Example.com ")), keys.key(&email("mia@example.com")));
        assert_eq!(keys.key(&email("mia@example.com")).as_str().len(), KEY_DIGITS);
    }

    #[test]
    fn another_address_or_another_secret_gives_another_key() {
        let keys = EmailKeys::new(b"dev-email");
        assert_ne!(keys.key(&email("mia@example.com")), keys.key(&email("mio@example.com")));
        assert_ne!(keys.key(&email("mia@example.com")), EmailKeys::new(b"other").key(&email("mia@example.com")));
    }

    #[test]
    fn debug_output_never_shows_the_secret() {
        assert_eq!(format!("{:?}", EmailKeys::new(b"dev-email")), "EmailKeys(***)");
    }
}
