//! What a scenario of mail is. Each is a file in `scenarios/`, which says when it starts, what it is
//! about, and when it is over; all else is the same for all of them.

use jiff::{Timestamp, civil::Date};

use crate::{
    account::Account,
    consent::Topic,
    ids::TierId,
    mail_settings::MailSettings,
    message::Message,
    order::Order,
    points::Points,
    profile::Profile,
    program::{Program, Programs},
    rating::Rating,
    reason::Reason,
};

#[derive(Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// What its mail to the member is.
    pub kind: Kind,
    /// So many of its first steps go to the shop's staff instead.
    pub staff_steps: u8,
    /// Where its mail waits that needs consent.
    pub queue: Queue,
    /// What serves goes before what sells: the lower one first.
    pub rank: u8,
    /// How many steps there are templates for.
    pub steps: u8,
    pub starts: Starts,
    /// The page of ours that its mail leads to.
    pub leads_to: LeadsTo,
    /// Why there is nothing more to send.
    pub leaves: fn(&Facts<'_>) -> Option<Reason>,
    pub about: fn(&Facts<'_>) -> About,
}

/// What lets a mail go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Part of an order or of an agreement; never promotional.
    Transactional,
    /// Needs consent, and that the topic is wanted.
    Marketing(Topic),
    /// To the shop itself.
    Staff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadsTo {
    /// None: its templates lead to the shop, the reader's account there, the carrier or the shop's mailbox.
    Shop,
    /// The page on which the order is reviewed.
    Review,
    /// The page on which a consent is confirmed.
    Confirmation,
}

/// Who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// `functions/lifecycle`, whether or not SES takes anything: all that may have been sent, until SES tells or an hour
    /// is over.
    Quarantine,
    /// `functions/lifecycle`, before its other mail: what somebody waits for.
    Transactional,
    /// `functions/reviews`.
    Reviews,
    /// `functions/lifecycle`.
    Mail,
}

/// What begins it.
#[derive(Clone, Copy, Debug)]
pub enum Starts {
    /// What is known of an order; the parts of it that begin one each.
    Order(fn(&Order, &MailSettings, &Program) -> Vec<Start>),
    /// A date in an account, at which it is woken.
    Account,
    /// A consent that is given, or has to be confirmed.
    Consent,
    /// A higher tier.
    Tier,
    /// A bad review.
    Review,
    /// A case that is opened.
    Case,
}

/// One occasion of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Which of several in one order; empty where there is one.
    pub part: String,
    pub at: Timestamp,
}

/// Everything that is known when a message is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub message: &'a Message,
    pub programs: &'a Programs,
    pub now: Timestamp,
    pub account: &'a Account,
    pub profile: Option<&'a Profile>,
    /// The order that it is about.
    pub order: Option<&'a Order>,
    /// Whether the member has reviewed anything of that order.
    pub has_reviewed: bool,
    /// Whether a product of that order has a guide that the member can read.
    pub has_guides: bool,
    /// The stars that the review which it is about has by now.
    pub rating: Option<Rating>,
    /// Whether the case that it is about is resolved, or was opened anew since with mail of its own.
    pub is_resolved: bool,
}

/// What a mail says of points, days and tiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub points: Option<Points>,
    pub on: Option<Date>,
    pub tier: Option<TierId>,
    pub lower_tier: Option<TierId>,
    /// What is missing to keep the tier, in the basis's own whole units.
    pub missing: Option<i64>,
}

impl Scenario {
    pub fn kind_of(&self, step: u8) -> Kind {
        if step <= self.staff_steps { Kind::Staff } else { self.kind }
    }

    /// However much marketing is due, it keeps no confirmation and no alert waiting.
    pub fn queue_of(&self, step: u8) -> Queue {
        match self.kind_of(step) {
            Kind::Transactional | Kind::Staff => Queue::Transactional,
            Kind::Marketing(_) => self.queue,
        }
    }
}

impl Start {
    pub(crate) fn of_order(at: Timestamp) -> Start {
        Start { part: String::new(), at }
    }
}

impl Facts<'_> {
    pub fn program(&self) -> &Program {
        &self.programs.at(self.now).program
    }
}

/// For scenarios that are about an order as a whole.
pub(crate) fn nothing_more(_: &Facts<'_>) -> About {
    About::default()
}

/// Of an order that went back: there is nothing to write about.
pub(crate) fn gone_back(facts: &Facts<'_>) -> Option<Reason> {
    match facts.order {
        Some(order) => order.no_mail_because(),
        None => Some(Reason::NothingToSay),
    }
}
