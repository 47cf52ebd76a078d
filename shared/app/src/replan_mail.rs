//! After a change of the program, every order's mail and every account's next notice is planned again. A run
//! does a part, writes down how far it came, and the next one goes on there.

use std::time::Duration;

use jiff::Timestamp;
use rules::{
    account::Account,
    ids::{MemberId, OrderKey},
    order::Order,
    order_mail::CHANGED_AT_ONCE,
    replan::Replan,
};
use store::{Plan, Scan, ScanFrom, Write};

use crate::{
    App,
    deadline::Deadline,
    due_work::Tally,
    error::{AppError, Attempt},
    find_by_tier::log_unreadable,
    planned_mail::message_write,
};

/// A run has other work too.
const TIME_OF_A_RUN: Duration = Duration::from_secs(20);

/// One row that is planned again.
#[derive(Clone, Debug)]
enum Again {
    Order(OrderKey),
    Account(MemberId),
}

impl App {
    /// Goes on with what a new program has begun; nothing where none has. A row that fails twice is counted and passed
    /// over, so that it stops nobody else's.
    ///
    /// # Errors
    /// Whatever the table cannot be read with.
    pub(crate) async fn replan_mail(&self, now: Timestamp, deadline: Deadline) -> Result<Tally, AppError> {
        let mut tally = Tally::default();
        let ends = deadline.or_within(TIME_OF_A_RUN);
        loop {
            let programs = self.programs(now).await?;
            if !programs.plans_again(now) || ends.has_passed() {
                tally.stopped_early = programs.replan.is_under_way();
                return Ok(tally);
            }
            let before = &programs.replan;
            let page = self.store.scan(place_of(before)).await?;
            let mut rows = page.rows.into_iter();
            let mut last_done = None;
            while !ends.has_passed()
                && let Some(one) = rows.next()
            {
                self.replan_row(&mut tally, one.row, now).await;
                last_done = Some(one.at);
            }
            let reached = match last_done {
                _ if rows.len() == 0 => page.next,
                Some(place) => Some(place),
                None => continue,
            };
            let mut after = before.clone();
            after.go_on(reached.map(|place| place.to_string()), now);
            self.keep_replan(after).await?;
        }
    }

    async fn replan_row(&self, tally: &mut Tally, row: Scan, now: Timestamp) {
        let again = match row {
            Scan::Order(order) if may_plan(&order) => Again::Order(order.key),
            Scan::Account(member, account) if is_their_own(&account) => Again::Account(member),
            Scan::Unreadable(error) => {
                log_unreadable(&error);
                tally.failed += 1;
                return;
            }
            Scan::Order(_) | Scan::Account(..) | Scan::Profile(_) => return,
        };
        let planned = match self.plan_again(&again, now).await {
            Err(_) => self.plan_again(&again, now).await,
            planned => planned,
        };
        match planned {
            Ok(changed) => tally.served += u64::from(changed),
            Err(error) => {
                tracing::error!(row = ?again, error = &error as &dyn std::error::Error, "mail not planned again");
                tally.failed += 1;
            }
        }
    }

    /// Whether anything was planned otherwise.
    async fn plan_again(&self, again: &Again, now: Timestamp) -> Result<bool, AppError> {
        match again {
            Again::Order(key) => self.replan_order(key, now).await,
            Again::Account(member) => Ok(self.beside_others(|| self.try_wake(member, now)).await?.is_some()),
        }
    }

    /// As many commits as that takes.
    async fn replan_order(&self, key: &OrderKey, now: Timestamp) -> Result<bool, AppError> {
        let mut has_changed = false;
        while self.until_committed(|| self.try_replan_order(key, now)).await? {
            has_changed = true;
        }
        self.until_committed(|| self.try_replan_deadlines(key, now)).await.map(|changed| changed || has_changed)
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

    /// An order remembers when its mail is due, not how long that may wait: the messages themselves tell.
    async fn try_replan_deadlines(&self, key: &OrderKey, now: Timestamp) -> Result<bool, Attempt> {
        let Some(order) = self.store.order(key).await? else { return Ok(false) };
        let deadlines = order.mail_deadlines(&*self.programs(now).await?, now);
        let mut has_changed = false;
        for some in deadlines.chunks(CHANGED_AT_ONCE) {
            let ids: Vec<_> = some.iter().map(|(member, id, _)| (member.clone(), id.clone())).collect();
            let mut plan = Plan::default();
            for mut message in self.store.messages_by_id(&ids).await? {
                let deadline = some.iter().find(|(_, id, _)| *id == message.id).map(|(.., deadline)| *deadline);
                if deadline.is_some_and(|deadline| message.may_wait_until(deadline)) {
                    plan.writes.push(message_write(message, now));
                }
            }
            has_changed |= !plan.writes.is_empty();
            self.store.commit(plan).await?;
        }
        Ok(has_changed)
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

fn is_their_own(account: &Account) -> bool {
    account.merged_into.is_none() && account.erased_at.is_none()
}

/// Where it goes on.
fn place_of(replan: &Replan) -> Option<ScanFrom> {
    replan.after.as_deref().and_then(ScanFrom::parse)
}
