//! Member tokens: JWTs (RFC 7519) under HS256 and nothing else, minted here or by the merchant's back end.

use std::{collections::HashSet, fmt};

use app::member_of::Subject;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use rules::ids::{CustomerId, CustomerKey, MemberId, Source};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::hs256;

/// No token is good for longer.
pub(crate) const MAX_TTL_SECS: i64 = 24 * 60 * 60;
/// How far the clock of whoever minted it may be ahead of ours.
const LEEWAY_SECS: i64 = 60;

/// The secrets that tokens are signed with; the first one mints.
#[derive(Clone)]
pub(crate) struct TokenSecrets(Vec<String>);

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadToken {
    #[error("the token is not a JWT that one of the secrets signed by HS256")]
    NotSigned,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not good yet")]
    NotYet,
    #[error("the token is good for longer than 24 hours")]
    TooLong,
    #[error("the token's `sub` is neither a member's id nor `source:customer_id`")]
    Subject,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: Number,
    iat: Option<Number>,
    nbf: Option<Number>,
}

#[derive(Serialize)]
struct Minted<'a> {
    sub: &'a str,
    iat: i64,
    exp: i64,
}

impl TokenSecrets {
    pub(crate) fn new(secrets: &[String]) -> TokenSecrets {
        hs256::install();
        TokenSecrets(secrets.to_vec())
    }

    /// A token for the member; `None` where there is no secret to sign it with.
    pub(crate) fn mint(&self, member: &MemberId, issued_at: i64, expires_at: i64) -> Option<String> {
        let key = EncodingKey::from_secret(self.0.first()?.as_bytes());
        let claims = Minted { sub: member.as_str(), iat: issued_at, exp: expires_at };
        encode(&Header::new(Algorithm::HS256), &claims, &key).ok()
    }

    /// Whom a token speaks for at that moment.
    ///
    /// # Errors
    /// `BadToken` says why it speaks for nobody.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Subject, BadToken> {
        let signed = self.0.iter().find_map(|secret| signed_claims(token, secret));
        let claims = signed.ok_or(BadToken::NotSigned)?;
        claims.check_times(now.as_second())?;
        subject(&claims.sub).ok_or(BadToken::Subject)
    }
}

/// The claims, if that secret signed them. The times are checked by our clock, not by the library's.
fn signed_claims(token: &str, secret: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims = HashSet::new();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let decoded = decode::<Claims>(token, &DecodingKey::from_secret(secret.as_bytes()), &validation).ok()?;
    // RFC 7515, 4.1.11: extensions that must be understood, and are not
    decoded.header.crit.is_none().then_some(decoded.claims)
}

impl Claims {
    fn check_times(&self, now: i64) -> Result<(), BadToken> {
        let expires_at = second(&self.exp);
        let optional = |time: &Option<Number>| time.as_ref().map(second);
        if expires_at <= now {
            return Err(BadToken::Expired);
        }
        let issued_at = optional(&self.iat);
        if [issued_at, optional(&self.nbf)].into_iter().flatten().any(|at| at > now + LEEWAY_SECS) {
            return Err(BadToken::NotYet);
        }
        let from_now = expires_at.saturating_sub(now + LEEWAY_SECS);
        let from_issue = issued_at.map_or(0, |issued_at| expires_at.saturating_sub(issued_at));
        if from_now.max(from_issue) > MAX_TTL_SECS { Err(BadToken::TooLong) } else { Ok(()) }
    }
}

/// RFC 7519 allows fractions of a second; they are cut off.
fn second(time: &Number) -> i64 {
    // such a cast saturates, at a time that is as far away as it says
    time.as_i64().or_else(|| time.as_f64().map(|seconds| seconds as i64)).unwrap_or(i64::MAX)
}

/// A member's id has no colon; in `source:customer_id` the last one splits.
fn subject(text: &str) -> Option<Subject> {
    let Some((source, customer_id)) = text.rsplit_once(':') else {
        return MemberId::parse(text).ok().map(Subject::Member);
    };
    let (source, customer_id) = (Source::parse(source).ok()?, CustomerId::parse(customer_id).ok()?);
    Some(Subject::Customer(CustomerKey { source, customer_id }))
}

impl fmt::Debug for TokenSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecrets(***)")
    }
}
