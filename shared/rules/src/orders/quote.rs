//! What a cart would earn if it were paid now: an order like any other, that nobody keeps.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    account::{Account, Status},
    buyer::Buyer,
    explain::explain,
    facts::{Content, Line, OrderFacts},
    ids::OrderKey,
    money::{Currency, Money},
    most_cash::MostCash,
    order::Order,
    points::{Overflow, Points},
    program::{Program, Programs},
    register::Register,
    standing::Progress,
};

/// What somebody may be about to buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    pub currency: Currency,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub points: Points,
    /// In the sentences that explain an order.
    pub why: Vec<String>,
    /// What of the balance can become money on it; nothing for who cannot spend, or where nothing makes it.
    pub most_cash: Option<MostCash>,
    /// How far the next tier is after it.
    pub next_tier: Option<Progress>,
}

/// The quote for a member, or for somebody who has not bought yet.
///
/// # Errors
/// `Overflow` if it is worth more than can be counted.
pub fn quote(
    cart: &Cart,
    member: Option<(&Account, &Buyer)>,
    programs: &Programs,
    now: Timestamp,
) -> Result<Quote, Overflow> {
    let program = &programs.at(now).program;
    let nobody = || (Account::new(Status::Guest, now, programs), Buyer::default());
    let (account, buyer) = member.map_or_else(nobody, |(account, buyer)| (account.clone(), buyer.clone()));
    let mut order = Order::unknown(OrderKey::of_a_quote());
    order.facts = cart.paid(now);
    let settled = order.settle(&OrderFacts::default(), account, &buyer, programs, now)?;
    let explained = explain(&order, programs)?;
    let after = settled.account.membership();
    let standing = after.standing(programs, now)?;
    Ok(Quote {
        points: explained.points,
        why: explained.why,
        most_cash: most_cash(cart, member.map(|(account, _)| account), program, now)?,
        next_tier: after.progress(program, &standing, now)?,
    })
}

fn most_cash(
    cart: &Cart,
    member: Option<&Account>,
    program: &Program,
    now: Timestamp,
) -> Result<Option<MostCash>, Overflow> {
    let Some(account) = member.filter(|account| account.status == Status::Enrolled) else { return Ok(None) };
    let Some(total) = program.in_own_currency(Money { minor: cart.total()?, currency: cart.currency })? else {
        return Ok(None);
    };
    program.most_cash(account.balance(program.zone.date(now), now)?.available, total)
}

impl Cart {
    /// What its lines cost after their discounts.
    fn total(&self) -> Result<i64, Overflow> {
        self.lines.iter().try_fold(0_i64, |sum, line| {
            let gross = line.price.checked_mul(i64::from(line.quantity)).ok_or(Overflow)?;
            let net = gross.checked_sub(line.discount).ok_or(Overflow)?.max(0);
            sum.checked_add(net).ok_or(Overflow)
        })
    }

    fn paid(&self, now: Timestamp) -> OrderFacts {
        let value = Content {
            currency: self.currency,
            lines: self.lines.clone(),
            customer: None,
            test: false,
            created_at: now,
            refunds_counted: BTreeSet::new(),
            codes: Vec::new(),
            number: None,
            hold: None,
        };
        // nothing is merged into it, so it needs no hash
        let content = Some(Register { updated_at: now, hash: String::new(), value });
        OrderFacts { content, paid_at: Some(now), ..OrderFacts::default() }
    }
}
