//! The signature of Standard Webhooks, version 1 with a shared secret
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>):
//! `v1,` and the base64 HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use jiff::Timestamp;
use subtle::{Choice, ConstantTimeEq};

use crate::mac;

/// An attempt may be this much older or newer than `now`.
const TOLERANCE_SECS: u64 = 5 * 60;
/// What a secret begins with; it may be left out.
const SECRET_PREFIX: &str = "whsec_";
const VERSION_PREFIX: &str = "v1,";
/// Some tools leave out the padding of a secret.
const SECRET_BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What became of a verification; everything but `Genuine` is to be answered alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Genuine,
    /// None of the signatures is by any of the secrets.
    WrongSignature,
    /// `webhook-timestamp` is no number of seconds, or more than 5 minutes off: perhaps somebody
    /// sends again what they overheard.
    WrongTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a secret: `whsec_` and base64 of at least one byte")]
pub struct BadSecret;

/// Whether one of the live secrets made one of the signatures in `signature_header`, a list separated
/// by spaces; those of other versions than `v1` are passed over. The three headers are taken just as
/// they came, the body is the raw bytes. Every secret is tried against every signature in constant
/// time; one that is malformed signs nothing.
pub fn verify(
    secrets: &[impl AsRef<str>],
    webhook_id: &str,
    webhook_timestamp: &str,
    signature_header: &str,
    body: &[u8],
    now: Timestamp,
) -> Verdict {
    if !is_recent(webhook_timestamp, now) {
        return Verdict::WrongTime;
    }
    let signatures = signature_header.split(' ').filter_map(|signature| signature.strip_prefix(VERSION_PREFIX));
    let signatures: Vec<Vec<u8>> = signatures.filter_map(|signature| STANDARD.decode(signature).ok()).collect();
    let mut found = Choice::from(0);
    for secret in secrets {
        let Ok(tag) = tag(secret.as_ref(), webhook_id, webhook_timestamp, body) else { continue };
        for signature in &signatures {
            found |= tag.as_slice().ct_eq(signature);
        }
    }
    if bool::from(found) && !webhook_id.is_empty() { Verdict::Genuine } else { Verdict::WrongSignature }
}

/// The `webhook-signature` of a body that is sent with that id at that time.
///
/// # Errors
/// `BadSecret` without the secret, which is nobody else's business.
pub fn sign(secret: &str, webhook_id: &str, sent_at: Timestamp, body: &[u8]) -> Result<String, BadSecret> {
    let tag = tag(secret, webhook_id, &sent_at.as_second().to_string(), body)?;
    Ok(format!("{VERSION_PREFIX}{}", STANDARD.encode(tag)))
}

/// A secret as people are given it.
pub fn secret_of(bytes: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))
}

fn tag(secret: &str, webhook_id: &str, webhook_timestamp: &str, body: &[u8]) -> Result<[u8; 32], BadSecret> {
    let encoded = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
    let secret = SECRET_BASE64.decode(encoded).map_err(|_| BadSecret)?;
    let signed = [webhook_id.as_bytes(), b".", webhook_timestamp.as_bytes(), b".", body];
    mac::tag(&secret, &signed).ok_or(BadSecret)
}

fn is_recent(webhook_timestamp: &str, now: Timestamp) -> bool {
    let digits_only = webhook_timestamp.bytes().all(|b| b.is_ascii_digit());
    let sent_at = webhook_timestamp.parse::<i64>().ok().filter(|_| digits_only);
    sent_at.is_some_and(|sent_at| sent_at.abs_diff(now.as_second()) <= TOLERANCE_SECS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example that the libraries of Standard Webhooks are tested with.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SENT_AT: &str = "1614265330";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const DEV_SECRET: &str = "whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM=";

    fn after(secs: i64) -> Timestamp {
        Timestamp::from_second(1_614_265_330 + secs).unwrap()
    }

    fn verdict(secrets: &[&str], signatures: &str) -> Verdict {
        verify(secrets, ID, SENT_AT, signatures, BODY, after(0))
    }

    #[test]
    fn the_published_example_is_genuine_and_is_what_we_sign() {
        assert_eq!(verdict(&[SECRET], SIGNATURE), Verdict::Genuine);
        assert_eq!(sign(SECRET, ID, after(0), BODY).as_deref(), Ok(SIGNATURE));
    }

    #[test]
    fn one_good_signature_among_several_is_enough() {
        let other = sign(DEV_SECRET, ID, after(0), BODY).unwrap();
        for list in [format!("{other} {SIGNATURE}"), format!("v1a,AAAA {SIGNATURE} v2,x"), format!("  {SIGNATURE} ")] {
            assert_eq!(verdict(&[SECRET], &list), Verdict::Genuine, "{list}");
        }
    }

    #[test]
    fn while_a_secret_is_rotated_either_is_good_and_a_malformed_one_is_none() {
        assert_eq!(verdict(&[DEV_SECRET, SECRET], SIGNATURE), Verdict::Genuine);
        assert_eq!(verdict(&["whsec_&", "", "whsec_", "ß", SECRET], SIGNATURE), Verdict::Genuine);
        for secret in ["whsec_&", "", "whsec_", "ß", "=", "whsec_A"] {
            assert_eq!(verdict(&[secret], SIGNATURE), Verdict::WrongSignature, "{secret}");
            assert_eq!(sign(secret, ID, after(0), BODY), Err(BadSecret), "{secret}");
        }
    }

    #[test]
    fn a_secret_needs_neither_prefix_nor_padding() {
        let unpadded = DEV_SECRET.trim_start_matches("whsec_").trim_end_matches('=');
        assert_eq!(sign(unpadded, ID, after(0), BODY), sign(DEV_SECRET, ID, after(0), BODY));
    }

    #[test]
    fn what_is_signed_is_id_time_and_body_together() {
        let check = |id: &str, at: &str, body: &[u8]| verify(&[SECRET], id, at, SIGNATURE, body, after(0));
        assert_eq!(check("msg_other", SENT_AT, BODY), Verdict::WrongSignature);
        assert_eq!(check("", SENT_AT, BODY), Verdict::WrongSignature);
        assert_eq!(check(ID, "1614265331", BODY), Verdict::WrongSignature);
        assert_eq!(check(ID, SENT_AT, br#"{"test": 2432232315}"#), Verdict::WrongSignature);
        assert_eq!(check(ID, "01614265330", BODY), Verdict::WrongSignature);
    }

    #[test]
    fn another_version_or_no_signature_at_all_is_refused() {
        let bare = &SIGNATURE[3..];
        for list in ["", " ", "v1,", "v1", "v1,AAAA", bare, &format!("v2,{bare}"), &format!("V1,{bare}")] {
            assert_eq!(verdict(&[SECRET], list), Verdict::WrongSignature, "{list}");
        }
        assert_eq!(verdict(&[], SIGNATURE), Verdict::WrongSignature);
    }

    #[test]
    fn five_minutes_either_way_are_recent_and_no_more() {
        let at = |secs| verify(&[SECRET], ID, SENT_AT, SIGNATURE, BODY, after(secs));
        assert_eq!([at(-300), at(300)], [Verdict::Genuine; 2]);
        assert_eq!([at(-301), at(301)], [Verdict::WrongTime; 2]);
    }

    #[test]
    fn a_time_that_is_no_number_of_seconds_is_refused() {
        for time in ["", "now", "-1614265330", "+1614265330", "1614265330.0", "99999999999999999999", " 1614265330"] {
            assert_eq!(verify(&[SECRET], ID, time, SIGNATURE, BODY, after(0)), Verdict::WrongTime, "{time}");
        }
    }
}
