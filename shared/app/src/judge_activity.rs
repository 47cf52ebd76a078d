//! A person's word on a member's deed: it deserves its points, or it does not.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    account::Account,
    deed::Deed,
    ids::{ActivityId, MemberId},
    posting::Posting,
    program::Programs,
};
use store::{Plan, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    settled::push_settled,
};

const OK: u16 = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    Approve,
    /// Takes back what was given, or declines what waits.
    Reverse,
}

impl App {
    /// Carries the judgement out once; the same again changes nothing.
    ///
    /// # Errors
    /// `UnknownMember`; `UnknownActivity`; `Activity` if it was reversed and is to be approved; `Busy`.
    pub async fn judge_activity(
        &self,
        member: &MemberId,
        id: &ActivityId,
        judgement: Judgement,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Deed, AppError> {
        self.until_committed(|| self.try_judge(member, id, judgement, request, now)).await
    }

    async fn try_judge(
        &self,
        member: &MemberId,
        id: &ActivityId,
        judgement: Judgement,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Deed, Attempt> {
        let loaded = async { Ok(try_join!(self.load_account(member), self.programs(now))?) };
        let (answered, ((member, account), programs)) = try_join!(self.answered_before(request, now), loaded)?;
        let partitions: Vec<MemberId> = account.partitions(&member).cloned().collect();
        let (partition, before) = self.store.deed(&partitions, id).await?.ok_or(AppError::UnknownActivity)?;
        if answered.is_some() {
            return Ok(before);
        }
        let mut posting = Posting::begin(account, &programs, now)?;
        let mut deed = before.clone();
        match judgement {
            Judgement::Approve => posting.approve_deed(&mut deed)?,
            Judgement::Reverse => posting.reverse_deed(&mut deed)?,
        }
        if deed == before {
            return Ok(deed);
        }
        let mut plan = Plan::default();
        plan.writes.extend(request.map(|request| request.answer(OK, deed.id.to_string(), now)));
        plan.writes.push(Write::Deed { member: partition, deed: deed.clone() });
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(deed)
    }

    /// Reverses all of the deeds, each in the partition that it is named with, in one commit.
    pub(crate) async fn reverse_deeds(
        &self,
        member: &MemberId,
        account: Account,
        mut deeds: Vec<(MemberId, Deed)>,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let mut posting = Posting::begin(account, programs, now)?;
        posting.reverse_deeds(&mut deeds)?;
        let rows = deeds.into_iter().map(|(member, deed)| Write::Deed { member, deed });
        let mut plan = Plan { writes: rows.collect() };
        push_settled(&mut plan, member, posting.end()?, programs, now);
        self.store.commit(plan).await?;
        Ok(())
    }
}
