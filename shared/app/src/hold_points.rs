//! Points set aside for a checkout, and the code by which its order takes them.

use futures::join;
use jiff::{SignedDuration, Timestamp};
use rules::{
    account::Status,
    hold::Hold,
    hold_terms::HoldAsk,
    ids::{HoldId, MemberId},
    posting::Posting,
};
use store::{Plan, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    issue_coupon::new_code,
    settled::push_settled,
};

const CREATED: u16 = 201;

impl App {
    /// Holds points once, however often the same request comes.
    ///
    /// # Errors
    /// `InvalidRequest` for what cannot be asked for; `HoldsNotOffered`; `NotEnrolled`;
    /// `InsufficientPoints`; `TooManyHolds`; `UnknownMember`; `KeyReused`; `Busy`.
    pub async fn hold_points(
        &self,
        member: &MemberId,
        ask: HoldAsk,
        ttl: SignedDuration,
        request: &Request,
        now: Timestamp,
    ) -> Result<Hold, AppError> {
        self.until_committed(|| self.try_hold(member, ask, ttl, request, now)).await
    }

    async fn try_hold(
        &self,
        member: &MemberId,
        ask: HoldAsk,
        ttl: SignedDuration,
        request: &Request,
        now: Timestamp,
    ) -> Result<Hold, Attempt> {
        let saved = self.answered_before(Some(request), now);
        let (saved, loaded, programs) = join!(saved, self.load_account(member), self.programs(now));
        let (saved, (member, account), programs) = (saved?, loaded?, programs?);
        if let Some(saved) = saved {
            let id = saved.resource.try_into().map_err(|_| AppError::UnknownHold)?;
            return Ok(self.hold(&member, &id).await?);
        }
        if account.status != Status::Enrolled {
            return Err(AppError::NotEnrolled(member).into());
        }
        let mut posting = Posting::begin(account, &programs, now)?;
        let available = posting.balance()?.available;
        let terms = programs.at(now).program.hold_terms(ask, available).map_err(AppError::from)?;
        let code = new_code()?;
        // whole seconds, as the account counts them
        let held_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let ends_at = held_at.checked_add(ttl).unwrap_or(Timestamp::MAX);
        let hold = Hold::new(HoldId::of_code(&code), terms, held_at, ends_at);
        posting.hold(hold.open()).map_err(|error| AppError::of_holding(error, &member))?;
        let mut plan = Plan { writes: vec![request.answer(CREATED, hold.id.to_string(), now)] };
        plan.writes.push(Write::HoldCode { code, holder: member.clone() });
        plan.writes.push(Write::Hold { member: member.clone(), hold: hold.clone() });
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(hold)
    }
}
