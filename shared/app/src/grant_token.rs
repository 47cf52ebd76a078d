//! The right to a member token: for whom, and from when to when. What signs it is not known here.

use jiff::Timestamp;
use rules::ids::MemberId;
use store::Plan;

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
};

const CREATED: u16 = 201;

/// What a token is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub member: MemberId,
    /// Epoch seconds.
    pub issued_at: i64,
    pub expires_at: i64,
}

impl App {
    /// The same request gets the same times again, and so the same token.
    ///
    /// # Errors
    /// `UnknownMember`; `KeyReused` if the key came with another request.
    pub async fn grant_token(
        &self,
        member: &MemberId,
        ttl_secs: i64,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Grant, AppError> {
        self.until_committed(|| self.try_grant_token(member, ttl_secs, request, now)).await
    }

    async fn try_grant_token(
        &self,
        member: &MemberId,
        ttl_secs: i64,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Grant, Attempt> {
        let (member, _) = self.load_account(member).await?;
        let grant = |issued_at: Timestamp| {
            let issued_at = issued_at.as_second();
            Grant { member: member.clone(), issued_at, expires_at: issued_at + ttl_secs }
        };
        if let Some(saved) = self.answered_before(request, now).await? {
            return Ok(grant(saved.now));
        }
        if let Some(request) = request {
            let answer = request.answer(CREATED, member.to_string(), now);
            self.store.commit(Plan { writes: vec![answer] }).await?;
        }
        Ok(grant(now))
    }
}
