//! Points become a reward: spent, and the coupon issued, in one commit.

use futures::join;
use jiff::Timestamp;
use rules::{
    deal::{Ask, Terms},
    ids::{CouponCode, MemberId, RedemptionId, RewardId},
    posting::Posting,
    redemption::Redemption,
};
use store::{Plan, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    issue_coupon::{new_code, push_new_redemption},
    new_id::new_uuid,
    outbound_events::push_redemption_events,
    settled::push_settled,
};

const CREATED: u16 = 201;

/// One of so many codes is taken, so that few redemptions want the same one.
const CODES_TO_CHOOSE_FROM: i32 = 50;

impl App {
    /// Redeems a reward once, however often the same request comes.
    ///
    /// # Errors
    /// `InvalidRequest` for what cannot be asked for; `NotEnrolled`; `InsufficientPoints`;
    /// `NoCodesLeft`; `UnknownMember`; `KeyReused`; `Busy`.
    pub async fn redeem_reward(
        &self,
        member: &MemberId,
        ask: &Ask,
        request: &Request,
        now: Timestamp,
    ) -> Result<Redemption, AppError> {
        self.until_committed(|| self.try_redeem(member, ask, request, now)).await
    }

    async fn try_redeem(
        &self,
        member: &MemberId,
        ask: &Ask,
        request: &Request,
        now: Timestamp,
    ) -> Result<Redemption, Attempt> {
        let saved = self.answered_before(Some(request), now);
        let (saved, loaded, programs) = join!(saved, self.load_account(member), self.programs(now));
        let (saved, (member, account), programs) = (saved?, loaded?, programs?);
        if let Some(saved) = saved {
            let id = RedemptionId::parse(&saved.resource).map_err(|_| AppError::UnknownRedemption)?;
            let partitions = account.partitions(&member).cloned();
            return Ok(self.redemption_in(partitions, &id).await?.1);
        }
        let version = programs.at(now);
        let deal = version.program.deal(ask).map_err(AppError::from)?;
        let mut posting = Posting::begin(account, &programs, now)?;
        let bought = posting.redeem(&deal).map_err(|error| AppError::of_redeeming(error, &member))?;
        let mut redemption = Redemption::new(RedemptionId::from_uuid(new_uuid(now)), bought, version.version, now);
        let mut plan = Plan { writes: vec![request.answer(CREATED, redemption.id.to_string(), now)] };
        if let Some(terms) = deal.coupon {
            let code = self.code_for(&mut plan, &deal.reward_id, &terms).await?;
            redemption = redemption.with_coupon(code, terms);
        }
        push_redemption_events(&mut plan, &member, &redemption, &programs, now);
        push_new_redemption(&mut plan, &member, redemption.clone());
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(redemption)
    }

    /// A new code, or one of the pool, which the plan then takes out of it.
    async fn code_for(&self, plan: &mut Plan, reward: &RewardId, terms: &Terms) -> Result<CouponCode, AppError> {
        if !terms.from_pool {
            return new_code();
        }
        let mut codes = self.store.pool_codes(reward, CODES_TO_CHOOSE_FROM).await?;
        if codes.is_empty() {
            return Err(AppError::NoCodesLeft(reward.clone()));
        }
        let code = codes.swap_remove(fastrand::usize(..codes.len()));
        plan.writes.push(Write::TakePoolCode { reward: reward.clone(), code: code.clone() });
        Ok(code)
    }
}
