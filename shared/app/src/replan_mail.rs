//! After a change of the program, every order's mail and every account's next notice is planned again. A run
//! does a part, writes down how far it came, and the next one goes on there.

use std::time::Duration;

use jiff::Timestamp;
use rules::{
    ids::{MemberId, OrderKey},
    order::Order,
    replan::Replan,
};
use store::{DueRow, Plan, ScanFrom, Write};

use crate::{
    App,
    due_work::{Deadline, Served, Tally},
    error::{AppError, Attempt},
};

/// A run has other work too.
const TIME_OF_A_RUN: Duration = Duration::from_secs(20);

impl App {
    /// Goes on with what a new program has begun; nothing where none has.
    ///
    /// # Errors
    /// Whatever the table cannot be read with; a row that fails is counted, and ends the run.
    pub(crate) async fn replan_mail(&self, now: Timestamp, deadline: Deadline) -> Result<Tally, AppError> {
        let mut tally = Tally::default();
        let ends = Deadline::within(TIME_OF_A_RUN);
        loop {
            let programs = self.programs(now).await?;
            if !programs.replan.is_under_way() || deadline.has_passed() || ends.has_passed() {
                tally.stopped_early = programs.replan.is_under_way();
                return Ok(tally);
            }
            let before = &programs.replan;
            let page = self.store.scan(before.after.as_deref().and_then(ScanFrom::parse)).await?;
            for order in page.orders.iter().filter(|order| may_plan(order)) {
                self.count(&mut tally, self.replan_order(&order.key, now).await);
            }
            for (member, account) in &page.accounts {
                if account.merged_into.is_none() && account.erased_at.is_none() {
                    self.count_served(&mut tally, member, now).await;
                }
            }
            if tally.failed > 0 {
                // the page is begun again by the next run
                return Ok(tally);
            }
            let mut after = before.clone();
            after.go_on(page.next.map(|next| next.to_string()), now);
            self.keep_replan(after).await?;
        }
    }

    fn count(&self, tally: &mut Tally, replanned: Result<bool, AppError>) {
        match replanned {
            Ok(changed) => tally.served += u64::from(changed),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "mail not planned again");
                tally.failed += 1;
            }
        }
    }

    async fn count_served(&self, tally: &mut Tally, member: &MemberId, now: Timestamp) {
        match self.wake(DueRow::Account(member.clone()), now).await.0 {
            Served::Done => tally.served += 1,
            Served::NothingToDo => {}
            Served::Failed => tally.failed += 1,
        }
    }

    /// Whether anything of it was planned otherwise.
    async fn replan_order(&self, key: &OrderKey, now: Timestamp) -> Result<bool, AppError> {
        self.until_committed(|| self.try_replan_order(key, now)).await
    }

    async fn try_replan_order(&self, key: &OrderKey, now: Timestamp) -> Result<bool, Attempt> {
        let Some(before) = self.store.order(key).await? else { return Ok(false) };
        let Some(member) = &before.member else { return Ok(false) };
        let programs = self.programs(now).await?;
        let (member, account) = self.load_account_even_erased(member).await?;
        let mut order = before.clone();
        let mut plan = Plan::default();
        let reader = order.reader(&member, &account);
        self.push_order_mail(&mut plan, &mut order, reader.as_ref(), &programs, now).await?;
        if order.mail == before.mail && plan.writes.is_empty() {
            return Ok(false);
        }
        order.version += 1;
        plan.writes.push(Write::Order(order));
        self.store.commit(plan).await?;
        Ok(true)
    }

    /// Another run may have come further: then what it has written stays.
    async fn keep_replan(&self, replan: Replan) -> Result<(), AppError> {
        match self.store.commit(Plan { writes: vec![Write::Replan(replan)] }).await.map_err(Attempt::from) {
            Ok(()) | Err(Attempt::Conflict) => Ok(()),
            Err(Attempt::Failed(error)) => Err(error),
        }
    }
}

/// Of what a file alone has told, nothing is planned.
fn may_plan(order: &Order) -> bool {
    order.member.is_some() && order.mail.as_ref().is_none_or(|mail| mail.ended || !mail.due.is_empty())
}
