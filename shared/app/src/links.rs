//! The links in mail: who follows one is who the mail was written to, for what it was written for, and for a while.
//!
//! A token is one character for its version, then base64url without padding of what it says (packed by postcard) and
//! the first 128 bits of an HMAC-SHA256 of that (RFC 2104, section 5: at least half of the hash). Nothing about it is
//! secret but the key, and it names nobody but by their random id.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use rules::ids::{EmailKey, MemberId, MessageId, OrderKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const VERSION: char = '1';
const TAG_BYTES: usize = 16;
/// By chance two mailboxes of one member do not meet.
const MAILBOX_BYTES: usize = 8;
/// No token of ours is nearly so long.
const MAX_TOKEN_BYTES: usize = 1024;

/// What a link is for. It is good for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    Unsubscribe,
    Preferences,
    Confirm,
    Review,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub purpose: Purpose,
    pub member: MemberId,
    /// The mail that it is in.
    pub message: Option<MessageId>,
    /// That it is about.
    pub order: Option<OrderKey>,
    /// The one that the mail was sent to: consent is granted from there alone, whatever address is the member's by then.
    pub mailbox: Option<Mailbox>,
    /// In whole seconds.
    pub expires_at: Timestamp,
}

/// A mailbox, told from others and not to be read from: a hash of the key of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox([u8; MAILBOX_BYTES]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// Nothing that we signed for this purpose: which of the two is nobody's business.
    #[error("the link is not known")]
    Unknown,
    #[error("the link has expired")]
    Expired,
}

/// Signs and checks the tokens of links, under one secret or, while it is rotated, two.
#[derive(Clone)]
pub struct Links {
    /// The first one signs.
    keys: Vec<Hmac<Sha256>>,
}

/// What is packed and signed.
#[derive(Serialize, Deserialize)]
struct Said {
    purpose: Purpose,
    expires_at: i64,
    member: MemberId,
    message: Option<MessageId>,
    order: Option<OrderKey>,
    mailbox: Option<Mailbox>,
}

impl Mailbox {
    pub fn of(address: &EmailKey) -> Mailbox {
        let hash = Sha256::digest(format!("mailbox {address}"));
        Mailbox(hash.first_chunk().copied().unwrap_or_default())
    }
}

impl Purpose {
    /// How long a link is good for. Mail is dug out late, and who wants no more of it shall find that it works; a
    /// confirmation is asked for soon after it was given or not at all.
    fn valid_for(self) -> SignedDuration {
        SignedDuration::from_hours(24 * self.valid_days())
    }

    fn valid_days(self) -> i64 {
        match self {
            Purpose::Unsubscribe | Purpose::Preferences => 3 * 366,
            Purpose::Confirm => 30,
            Purpose::Review => 120,
        }
    }

    /// Where its page is.
    pub fn path(self, token: &str) -> String {
        match self {
            Purpose::Unsubscribe => format!("/u/{token}"),
            Purpose::Preferences => format!("/u/{token}/preferences"),
            Purpose::Confirm => format!("/c/{token}"),
            Purpose::Review => format!("/r/{token}"),
        }
    }
}

impl Link {
    /// A link from now on.
    pub fn new(purpose: Purpose, member: MemberId, now: Timestamp) -> Link {
        let expires_at = now.checked_add(purpose.valid_for()).unwrap_or(Timestamp::MAX);
        Link { purpose, member, message: None, order: None, mailbox: None, expires_at }
    }

    /// About that order.
    #[must_use]
    pub fn about(self, order: OrderKey) -> Link {
        Link { order: Some(order), ..self }
    }

    /// To that mailbox.
    #[must_use]
    pub fn to(self, mailbox: Mailbox) -> Link {
        Link { mailbox: Some(mailbox), ..self }
    }

    /// In that mail.
    #[must_use]
    pub fn in_message(self, message: MessageId) -> Link {
        Link { message: Some(message), ..self }
    }
}

impl Links {
    /// Of several secrets the first one signs, and all of them are checked.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a [u8]>) -> Links {
        #[allow(clippy::expect_used, reason = "RFC 2104 defines HMAC for a key of any length")]
        let key = |secret: &[u8]| Hmac::new_from_slice(secret).expect("HMAC takes a key of any length");
        Links { keys: secrets.into_iter().map(key).collect() }
    }

    pub fn can_sign(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The token of a link; none without a secret.
    pub fn sign(&self, link: &Link) -> Option<String> {
        let said = Said {
            purpose: link.purpose,
            expires_at: link.expires_at.as_second(),
            member: link.member.clone(),
            message: link.message.clone(),
            order: link.order.clone(),
            mailbox: link.mailbox,
        };
        let mut bytes = postcard::to_allocvec(&said).ok()?;
        let tag = mac(self.keys.first()?, &bytes).finalize().into_bytes();
        bytes.extend(tag.iter().take(TAG_BYTES));
        Some(format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The path of a link's page, with its token.
    pub fn path(&self, link: &Link) -> Option<String> {
        self.sign(link).map(|token| link.purpose.path(&token))
    }

    /// What the token says, if we signed it for one of these purposes and it is still good. The tag is compared in
    /// constant time, and before anything of it is read.
    ///
    /// # Errors
    /// `BadLink`.
    pub fn open(&self, token: &str, purposes: &[Purpose], now: Timestamp) -> Result<Link, BadLink> {
        let text = token.strip_prefix(VERSION).filter(|text| text.len() <= MAX_TOKEN_BYTES).ok_or(BadLink::Unknown)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadLink::Unknown)?;
        let (said, tag) = bytes.split_last_chunk::<TAG_BYTES>().ok_or(BadLink::Unknown)?;
        if !self.keys.iter().any(|key| mac(key, said).verify_truncated_left(tag).is_ok()) {
            return Err(BadLink::Unknown);
        }
        let said: Said = postcard::from_bytes(said).map_err(|_| BadLink::Unknown)?;
        if !purposes.contains(&said.purpose) {
            return Err(BadLink::Unknown);
        }
        if said.expires_at <= now.as_second() {
            return Err(BadLink::Expired);
        }
        let expires_at = Timestamp::from_second(said.expires_at).map_err(|_| BadLink::Unknown)?;
        let Said { purpose, member, message, order, mailbox, .. } = said;
        Ok(Link { purpose, member, message, order, mailbox, expires_at })
    }
}

/// Bound to what it is the tag of, so that no other tag under the same secret is one.
fn mac(key: &Hmac<Sha256>, said: &[u8]) -> Hmac<Sha256> {
    key.clone().chain_update(format!("link {VERSION}\n")).chain_update(said)
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Links(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Purpose; 4] = [Purpose::Unsubscribe, Purpose::Preferences, Purpose::Confirm, Purpose::Review];

    fn now() -> Timestamp {
        "2026-06-20T12:00:00Z".parse().unwrap()
    }

    fn link(purpose: Purpose) -> Link {
        let order = serde_json::from_str(r#"{"source":"shopify:a.myshopify.com","id":"6120345678901"}"#).unwrap();
        let member = MemberId::parse("mem_019ee4e6ee0078eca4d9e8b26d6427c5").unwrap();
        Link::new(purpose, member, now())
            .about(order)
            .in_message(MessageId::parse("msg_0123456789abcdef").unwrap())
            .to(Mailbox([255; MAILBOX_BYTES]))
    }

    fn links(secret: &str) -> Links {
        Links::new([secret.as_bytes()])
    }

    #[test]
    fn a_link_opens_as_it_was_signed_and_for_its_own_purpose_alone() {
        for purpose in ALL {
            let token = links("a").sign(&link(purpose)).unwrap();
            assert!(
                token.len() < 180 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            );
            for asked in ALL {
                let opened = links("a").open(&token, &[asked], now());
                assert_eq!(opened, if asked == purpose { Ok(link(purpose)) } else { Err(BadLink::Unknown) });
            }
        }
    }

    #[test]
    fn no_other_secret_no_other_text_and_no_part_of_a_token_opens() {
        let token = links("a").sign(&link(Purpose::Review)).unwrap();
        let open = |links: &Links, token: &str| links.open(token, &ALL, now());
        assert_eq!(open(&links("b"), &token), Err(BadLink::Unknown));
        assert_eq!(open(&Links::new([]), &token), Err(BadLink::Unknown));
        for index in 0..token.len() {
            let other = if token.as_bytes()[index] == b'A' { 'B' } else { 'A' };
            let changed = format!("{}{other}{}", &token[..index], &token[index + 1..]);
            assert_eq!(open(&links("a"), &changed), Err(BadLink::Unknown), "{index}");
            assert_eq!(open(&links("a"), &token[..index]), Err(BadLink::Unknown), "{index}");
        }
        for junk in ["", "1", "1~", "2AAAA", &"1".repeat(5_000), &format!("{token}="), &format!("{token}A")] {
            assert_eq!(open(&links("a"), junk), Err(BadLink::Unknown));
        }
    }

    #[test]
    fn a_link_ends_with_its_last_second() {
        let token = links("a").sign(&link(Purpose::Confirm)).unwrap();
        let end = now() + SignedDuration::from_hours(30 * 24);
        let at = |at| links("a").open(&token, &[Purpose::Confirm], at);
        assert!(at(end - SignedDuration::from_secs(1)).is_ok());
        assert_eq!(at(end), Err(BadLink::Expired));
        assert_eq!(
            links("b").open(&token, &[Purpose::Confirm], end),
            Err(BadLink::Unknown),
            "a stranger learns nothing"
        );
    }

    #[test]
    fn both_secrets_open_while_one_is_rotated_and_the_first_signs() {
        let both = Links::new([b"new".as_slice(), b"old".as_slice()]);
        let old = links("old").sign(&link(Purpose::Review)).unwrap();
        assert!(both.open(&old, &[Purpose::Review], now()).is_ok());
        assert_eq!(both.sign(&link(Purpose::Review)), links("new").sign(&link(Purpose::Review)));
    }

    #[test]
    fn without_a_secret_nothing_is_signed_and_none_is_shown() {
        assert_eq!(Links::new([]).sign(&link(Purpose::Review)), None);
        assert_eq!(format!("{:?}", links("secret")), "Links(***)");
    }
}
