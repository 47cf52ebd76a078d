//! Who calls, by the key or the member token in `Authorization: Bearer <key>`.

use app::{Audience, member_of::Subject};
use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use rules::ids::MemberId;
use sha2::{Digest, Sha256};

use crate::{problem::Problem, secrets::Role, state::AppState};

/// Header, claims, signature.
const PARTS_OF_A_TOKEN: usize = 3;

/// A caller with a valid key or token.
pub(crate) struct Caller {
    role: Role,
    /// Whom a token speaks for; a key speaks for nobody.
    subject: Option<Subject>,
    /// A hash of the key, which tells callers apart without keeping it.
    pub(crate) id: String,
}

/// The merchant.
pub(crate) struct Admin(pub(crate) Caller);

/// The merchant or a storefront's back end.
pub(crate) struct Storefront(pub(crate) Caller);

/// Anybody with a key, a browser among them.
pub(crate) struct Anybody(pub(crate) Caller);

/// A member who acts for themself.
pub(crate) struct Myself {
    pub(crate) caller: Caller,
    pub(crate) id: MemberId,
}

impl Caller {
    /// No handler takes a caller whose role it does not name, so this is not an extractor.
    fn of(parts: &Parts, state: &AppState) -> Result<Caller, Problem> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = header.ok_or_else(|| Problem::unauthorized("the request has no `Authorization` header"))?;
        let (scheme, key) = header.split_once(' ').unwrap_or((header, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Problem::unauthorized("the `Authorization` header is not `Bearer <key>`"));
        }
        let key = key.trim();
        if let Some(role) = state.secrets.role_of(key) {
            return Ok(Caller { role, subject: None, id: hash(key) });
        }
        if key.split('.').count() != PARTS_OF_A_TOKEN {
            return Err(Problem::unauthorized("the key is not known"));
        }
        let subject = state.member_tokens.verify(key, state.clock.now());
        let subject = subject.map_err(|bad| Problem::unauthorized(&bad.to_string()))?;
        Ok(Caller { role: Role::Member, subject: Some(subject), id: hash(key) })
    }
}

fn hash(key: &str) -> String {
    Sha256::digest(key).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Caller {
    /// Not for a key that any browser has.
    pub(crate) fn must_act_for_members(self) -> Result<(), Problem> {
        self.allowed(&[Role::Admin, Role::Storefront]).map(drop)
    }

    /// What they may read of erased members.
    pub(crate) fn audience(&self) -> Audience {
        if self.role == Role::Admin { Audience::Merchant } else { Audience::Storefront }
    }

    /// With a key that any browser has.
    pub(crate) fn is_in_browsers(&self) -> bool {
        self.role == Role::Publishable
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    fn allowed(self, roles: &[Role]) -> Result<Caller, Problem> {
        if roles.contains(&self.role) {
            return Ok(self);
        }
        Err(Problem::forbidden(&format!("needs one of the roles {roles:?}").to_lowercase()))
    }
}

impl FromRequestParts<AppState> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Caller::of(parts, state)?.allowed(&[Role::Admin]).map(Admin)
    }
}

impl FromRequestParts<AppState> for Storefront {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Caller::of(parts, state)?.allowed(&[Role::Admin, Role::Storefront]).map(Storefront)
    }
}

impl FromRequestParts<AppState> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let roles = [Role::Admin, Role::Storefront, Role::Publishable];
        Caller::of(parts, state)?.allowed(&roles).map(Anybody)
    }
}

impl FromRequestParts<AppState> for Myself {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let mut caller = Caller::of(parts, state)?.allowed(&[Role::Member])?;
        let Some(subject) = caller.subject.take() else { return Err(Problem::unauthorized("the token names nobody")) };
        let id = state.app.member_of(&subject).await?;
        // a member has many tokens in a day, and a retry may come with the next one
        caller.id = hash(id.as_str());
        Ok(Myself { caller, id })
    }
}
