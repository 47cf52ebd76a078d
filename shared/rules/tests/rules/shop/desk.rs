//! The messages that an order has planned, kept as the application keeps them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{
    email::Email,
    facts::OrderFacts,
    ids::{MemberId, MessageId, OrderId, OrderKey, Source},
    mail_settings::{Mode, Sender},
    message::{Message, State, Timing},
    order::Order,
    order_mail::{CHANGED_AT_ONCE, MailChange},
    program::{Program, Programs},
};

/// A program that sends mail, of every scenario.
pub(crate) fn mailing(mut program: Program) -> Program {
    let address = Email::parse("shop@shop.example").unwrap();
    program.mail.mode = Mode::Live;
    program.mail.sender = Some(Sender { name: "Shop".to_owned(), address, reply_to: None });
    program.mail.scenarios.values_mut().for_each(|scenario| scenario.on = true);
    program
}

#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) order: Order,
    pub(crate) messages: BTreeMap<MessageId, Message>,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        let source = Source::parse("shopify:shop.example").unwrap();
        let order = Order::unknown(OrderKey { source, id: OrderId::parse("1").unwrap() });
        Desk { order, messages: BTreeMap::new() }
    }

    pub(crate) fn hear(&mut self, facts: OrderFacts, programs: &Programs, now: Timestamp) -> usize {
        self.order = self.order.learn(facts);
        self.is_of("mem_1", programs, now)
    }

    /// Says how much changed.
    pub(crate) fn is_of(&mut self, member: &str, programs: &Programs, now: Timestamp) -> usize {
        let mut count = 0;
        loop {
            let changes = self.order.plan_mail(Some(&MemberId::parse(member).unwrap()), programs, now);
            assert!(changes.len() <= CHANGED_AT_ONCE, "they go into one commit");
            count += changes.len();
            changes.into_iter().for_each(|change| self.apply(change, now));
            if !self.order.has_mail_to_plan() {
                break;
            }
        }
        let again = self.order.clone().plan_mail(Some(&MemberId::parse(member).unwrap()), programs, now);
        assert_eq!(again, [], "what is planned is not planned again");
        count
    }

    fn apply(&mut self, change: MailChange, now: Timestamp) {
        match change {
            MailChange::Plan(message) => {
                let id = message.id.clone();
                assert!(self.messages.insert(id, *message).is_none(), "only what is not there is new");
            }
            MailChange::PlanAgain(message) => {
                let timing = Timing { due_at: message.due_at, deadline_at: message.deadline_at };
                self.messages
                    .entry(message.id.clone())
                    .and_modify(|known| {
                        known.plan_again(timing);
                    })
                    .or_insert(*message);
            }
            MailChange::Move { id, timing, .. } => {
                let message = self.messages.get_mut(&id).unwrap_or_else(|| panic!("only what is there moves"));
                message.move_to(timing);
                assert!(!message.move_to(timing), "moved twice is moved once");
            }
            MailChange::End { id, reason, .. } => {
                let message = self.messages.get_mut(&id).unwrap_or_else(|| panic!("only what is there ends"));
                message.skip(reason, now);
                assert!(!message.skip(reason, now), "ended twice is ended once");
            }
        }
    }

    /// What can still be sent: whose, what, when, and until when.
    pub(crate) fn live(&self, now: Timestamp) -> Vec<(String, String, Timestamp, Timestamp)> {
        let live =
            self.messages.values().filter(|message| message.state == State::Planned && message.deadline_at > now);
        let mut live: Vec<_> = live
            .map(|message| (message.member.to_string(), message.name(), message.due_at, message.deadline_at))
            .collect();
        live.sort();
        live
    }
}
