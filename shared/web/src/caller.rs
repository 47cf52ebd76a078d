//! Who calls, by the key in `Authorization: Bearer <key>`.

use app::Audience;
use axum::extract::FromRequestParts;
use http::{StatusCode, header, request::Parts};
use sha2::{Digest, Sha256};

use crate::{problem::Problem, secrets::Role, state::AppState};

/// A caller with a valid key.
pub(crate) struct Caller {
    role: Role,
    /// A hash of the key, which tells callers apart without keeping it.
    pub(crate) id: String,
}

/// The merchant.
pub(crate) struct Admin(pub(crate) Caller);

/// The merchant or a storefront's back end.
pub(crate) struct Storefront(pub(crate) Caller);

/// Anybody with a key, a browser among them.
pub(crate) struct Anybody;

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = header.ok_or_else(|| Problem::unauthorized("the request has no `Authorization` header"))?;
        let (scheme, key) = header.split_once(' ').unwrap_or((header, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Problem::unauthorized("the `Authorization` header is not `Bearer <key>`"));
        }
        let key = key.trim();
        let role = state.secrets.role_of(key).ok_or_else(|| Problem::unauthorized("the key is not known"))?;
        let digest = Sha256::digest(key);
        let id = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Caller { role, id })
    }
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

    fn allowed(self, roles: &[Role]) -> Result<Caller, Problem> {
        if roles.contains(&self.role) {
            return Ok(self);
        }
        let problem = Problem::new(StatusCode::FORBIDDEN, "forbidden", "The key does not allow this");
        Err(problem.detail(format!("needs one of the roles {roles:?}").to_lowercase()))
    }
}

impl FromRequestParts<AppState> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.allowed(&[Role::Admin]).map(Admin)
    }
}

impl FromRequestParts<AppState> for Storefront {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.allowed(&[Role::Admin, Role::Storefront]).map(Storefront)
    }
}

impl FromRequestParts<AppState> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let roles = [Role::Admin, Role::Storefront, Role::Publishable];
        Caller::from_request_parts(parts, state).await?.allowed(&roles).map(|_| Anybody)
    }
}
