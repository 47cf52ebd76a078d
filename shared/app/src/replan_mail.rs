//! After a change of the program, every order's mail and every account's next notice is planned again. A run
//! does a part, writes down how far it came, and the next one goes on there.

use std::time::Duration;

use futures::{future::join_all, try_join};
use jiff::Timestamp;
use rules::{
    account::Account,
    ids::{MemberId, OrderKey},
    message::Message,
    order::Order,
    order_mail::CHANGED_AT_ONCE,
    program::Programs,
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

/// Of different orders and members, who do not make each other decide again.
const ROWS_AT_ONCE: usize = 8;

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replanned {
    Otherwise,
    AsItWas,
    /// It cannot be read, or not be planned: it is passed over, so that it stops nobody else's.
    Never,
    /// The database is busy: the next run goes on with it.
    Later,
}

/// One row that is planned again.
#[derive(Clone, Debug)]
enum Again {
    Order(OrderKey),
    Account(MemberId),
}

impl App {
    /// Goes on with what a new program has begun; nothing where none has. A row that cannot be planned is counted and
    /// passed over.
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
            let (mut left, mut last_done, mut is_busy) = (&page.rows[..], None, false);
            while !ends.has_passed() && !is_busy && !left.is_empty() {
                let (some, rest) = left.split_at(left.len().min(ROWS_AT_ONCE));
                let done = join_all(some.iter().map(|one| self.replan_row(&one.row, now))).await;
                is_busy = done.contains(&Replanned::Later);
                if !is_busy {
                    let count = |wanted| u64::try_from(done.iter().filter(|one| **one == wanted).count()).unwrap_or(0);
                    tally.served += count(Replanned::Otherwise);
                    tally.failed += count(Replanned::Never);
                    last_done = some.last().map(|one| one.at.clone());
                    left = rest;
                }
            }
            let is_whole = left.is_empty();
            let reached = if is_whole { page.next } else { last_done };
            if is_whole || reached.is_some() {
                let mut after = before.clone();
                after.go_on(reached.map(|place| place.to_string()), now);
                self.keep_replan(after).await?;
            }
            if is_busy {
                tally.stopped_early = true;
                return Ok(tally);
            }
        }
    }

    /// A failure is logged.
    async fn replan_row(&self, row: &Scan, now: Timestamp) -> Replanned {
        let again = match row {
            Scan::Order(order) if may_plan(order) => Again::Order(order.key.clone()),
            Scan::Account(member, account) if is_their_own(account) => Again::Account(member.clone()),
            Scan::Unreadable(error) => {
                log_unreadable(error);
                return Replanned::Never;
            }
            Scan::Order(_) | Scan::Account(..) | Scan::Profile(_) => return Replanned::AsItWas,
        };
        let planned = match self.plan_again(&again, now).await {
            Err(_) => self.plan_again(&again, now).await,
            planned => planned,
        };
        match planned {
            Ok(true) => Replanned::Otherwise,
            Ok(false) => Replanned::AsItWas,
            Err(error) => {
                let will_pass = matches!(&error, AppError::Busy)
                    || matches!(&error, AppError::Store(error) if error.is_unavailable());
                tracing::error!(row = ?again, error = &error as &dyn std::error::Error, "mail not planned again");
                if will_pass { Replanned::Later } else { Replanned::Never }
            }
        }
    }

    /// Whether anything was planned otherwise.
    async fn plan_again(&self, again: &Again, now: Timestamp) -> Result<bool, AppError> {
        match again {
            Again::Order(key) => self.replan_order(key, now).await,
            Again::Account(member) => {
                let is_woken = self.beside_others(|| self.try_wake(member, now)).await?.is_some();
                Ok(self.beside_others(|| self.try_follow(member, now)).await? || is_woken)
            }
        }
    }

    /// As many commits as that takes.
    async fn replan_order(&self, key: &OrderKey, now: Timestamp) -> Result<bool, AppError> {
        let mut has_changed = false;
        while self.beside_others(|| self.try_replan_order(key, now)).await? {
            has_changed = true;
        }
        Ok(has_changed)
    }

    /// What no order plans: it is counted from a consent, say.
    async fn try_follow(&self, member: &MemberId, now: Timestamp) -> Result<bool, Attempt> {
        let (messages, programs) = try_join!(
            async { self.store.messages(std::slice::from_ref(member)).await.map_err(AppError::from) },
            self.programs(now)
        )?;
        let program = &programs.at(now).program;
        let moved: Vec<Message> =
            messages.into_iter().filter_map(|mut message| message.follow(program).then_some(message)).collect();
        for some in moved.chunks(CHANGED_AT_ONCE) {
            let writes = some.iter().map(|message| message_write(message.clone(), now)).collect();
            self.store.commit(Plan { writes }).await?;
        }
        Ok(!moved.is_empty())
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
            return self.try_replan_deadlines(&order, &programs, now).await;
        }
        order.version += 1;
        plan.writes.push(Write::Order(order));
        self.store.commit(plan).await?;
        Ok(true)
    }

    /// An order remembers when its mail is due, not how long that may wait: the messages themselves tell.
    async fn try_replan_deadlines(&self, order: &Order, programs: &Programs, now: Timestamp) -> Result<bool, Attempt> {
        let deadlines = order.mail_deadlines(programs, now);
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
