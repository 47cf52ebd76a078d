//! Whether a message may go out now. It is asked at the claim, of the state that its sending is then
//! committed on, so nothing that was said in between is missed.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    account::Account,
    consent::{ConsentState, Topic},
    country_zone::zone_of_country,
    decimal::Decimal,
    ids::MemberId,
    mail_settings::{MailSettings, Mode},
    message::{Message, State},
    profile::Profile,
    reason::Reason,
    scenario::{Facts, Kind, Scenario},
    suppression::Suppression,
    zone::Zone,
};

/// What is to be done with a message that is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clearance {
    Send,
    Skip(Reason),
    Defer { until: Timestamp, reason: Reason },
}

/// What the checks need besides the facts.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    pub suppression: &'a Suppression,
    /// The other messages of the member.
    pub others: &'a [Message],
    /// Whether an automatic stop of marketing is in force.
    pub is_stopped: bool,
    /// The categories of what was ordered.
    pub categories: &'a [String],
}

/// While marketing is stopped, a message asks again after so long.
const STOPPED_SECS: i64 = 3_600;
/// A message that goes first is done with by then, whatever becomes of it.
const OUTRANKED_SECS: i64 = 900;

impl Scenario {
    /// Asks everything that could be against it, what ends it before what puts it off. A message that
    /// could go only after its deadline ends at once, for the reason that it would have waited for.
    pub fn clearance(&self, facts: &Facts<'_>, circumstances: Circumstances<'_>) -> Clearance {
        if facts.message.deadline_at <= facts.now {
            return Clearance::Skip(facts.message.why_late());
        }
        if let Some(reason) = self.refusal(facts, circumstances) {
            return Clearance::Skip(reason);
        }
        match self.delay(facts, circumstances) {
            None => Clearance::Send,
            Some((until, reason)) if until < facts.message.deadline_at => Clearance::Defer { until, reason },
            Some((_, reason)) => Clearance::Skip(reason),
        }
    }

    fn refusal(&self, facts: &Facts<'_>, circumstances: Circumstances<'_>) -> Option<Reason> {
        let mail = &facts.program().mail;
        let Some(settings) = mail.of(self.name) else { return Some(why_off(mail)) };
        if usize::from(facts.message.step) > settings.steps.len() {
            return Some(Reason::ScenarioOff);
        }
        let kind = self.kind_of(facts.message.step);
        if kind == Kind::Staff {
            let is_suppressed = circumstances.suppression.refuses_mail();
            return is_suppressed.then_some(Reason::Suppressed).or_else(|| (self.leaves)(facts));
        }
        let Some(profile) = facts.profile else { return Some(Reason::Erased) };
        let Some(address) = &profile.email else { return Some(Reason::NoAddress) };
        if !mail.reaches(address) {
            return Some(Reason::NotOnAllowList);
        }
        if circumstances.suppression.holds(&profile.consent) {
            return Some(Reason::Suppressed);
        }
        if let Kind::Marketing(topic) = kind
            && let Some(reason) = refused_by(facts, profile, topic)
        {
            return Some(reason);
        }
        if let Some(reason) = (self.leaves)(facts) {
            return Some(reason);
        }
        let wanted = &settings.only_categories;
        let is_wanted = |category: &String| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(category));
        if !wanted.is_empty() && !circumstances.categories.iter().any(is_wanted) {
            return Some(Reason::OtherCategory);
        }
        if circumstances.others.iter().any(|other| is_repeated_by(facts.message, other)) {
            return Some(Reason::Repeated);
        }
        is_control(&facts.message.member, self.name, settings.control).then_some(Reason::Control)
    }

    /// What has to wait, and until when.
    fn delay(&self, facts: &Facts<'_>, circumstances: Circumstances<'_>) -> Option<(Timestamp, Reason)> {
        let Kind::Marketing(_) = self.kind_of(facts.message.step) else { return None };
        let (now, program) = (facts.now, facts.program());
        let mail = &program.mail;
        let in_secs = |secs: i64| Timestamp::from_second(now.as_second().saturating_add(secs)).unwrap_or(now);
        let zone = zone_of(facts.profile, facts.account, &program.zone);
        let open = |at: Timestamp| mail.quiet_hours.next_open(at, &zone);
        if circumstances.is_stopped {
            return Some((in_secs(STOPPED_SECS), Reason::MarketingStopped));
        }
        let allowed_at = facts.account.mailed.next_at(mail.caps, now);
        if allowed_at > now {
            return Some((open(allowed_at), Reason::Cap));
        }
        let open_at = open(now);
        if open_at > now {
            return Some((open_at, Reason::QuietHours));
        }
        let outranks = |other: &&Message| self.is_outranked_by(facts, other);
        circumstances.others.iter().any(|other| outranks(&other)).then(|| (in_secs(OUTRANKED_SECS), Reason::Outranked))
    }

    /// Whether the other goes first: it is due or being sent, and matters more or was due before. When either was due
    /// first its deadline tells: what waits is looked at later each time.
    fn is_outranked_by(&self, facts: &Facts<'_>, other: &Message) -> bool {
        let own = facts.message;
        let is_on_its_way = match other.state {
            State::Planned => other.due_at <= facts.now,
            State::Claimed => true,
            State::Sending | State::Sent | State::Skipped | State::Unknown => false,
        };
        let waits = other.id != own.id && is_on_its_way && other.deadline_at > facts.now;
        let Some(others) = crate::scenarios::named(&other.scenario).filter(|_| waits) else { return false };
        let place = |scenario: &Scenario, message: &Message| (scenario.rank, message.deadline_at, message.id.clone());
        matches!(others.kind_of(other.step), Kind::Marketing(_)) && place(others, other) < place(self, own)
    }
}

/// Whether the other is the same mail, planned for somebody who is the same member by now: one of the two goes out.
fn is_repeated_by(own: &Message, other: &Message) -> bool {
    let is_same = (&other.scenario, other.step, &other.subject) == (&own.scenario, own.step, &own.subject);
    other.member != own.member
        && is_same
        && match other.state {
            State::Sending | State::Sent | State::Unknown => true,
            State::Planned | State::Claimed => other.id < own.id,
            State::Skipped => false,
        }
}

/// Why a scenario sends nothing that is switched off, or could be.
pub(crate) fn why_off(mail: &MailSettings) -> Reason {
    match (mail.mode, &mail.sender) {
        (Mode::Off, _) => Reason::MailOff,
        (_, None) => Reason::NoSender,
        _ => Reason::ScenarioOff,
    }
}

fn refused_by(facts: &Facts<'_>, profile: &Profile, topic: Topic) -> Option<Reason> {
    let consent = &profile.consent;
    if consent.marketing != ConsentState::Granted && !is_soft_opt_in(profile, facts.account, &facts.program().mail) {
        return Some(Reason::NoConsent);
    }
    (!consent.is_on(topic)).then_some(Reason::TopicOff)
}

/// Whether the law alone lets the shop write to them: they bought within two years what counts toward tiers, and have
/// neither agreed nor objected.
pub fn is_soft_opt_in(profile: &Profile, account: &Account, mail: &MailSettings) -> bool {
    let is_listed = |country: &String| mail.soft_opt_in.contains(country);
    profile.consent.marketing == ConsentState::Unknown
        && profile.country.as_ref().is_some_and(is_listed)
        && account.purchases.iter().any(|(_, counted)| counted.orders > 0)
}

/// The member's own zone, else that of the country where their newest order went, else of their own country, else
/// the shop's.
pub fn zone_of(profile: Option<&Profile>, account: &Account, shop: &Zone) -> Zone {
    let own = profile.and_then(|profile| profile.time_zone.as_deref()).and_then(|name| Zone::parse(name).ok());
    let ordered_to = || account.shipped_to.as_ref().and_then(|to| zone_of_country(&to.country));
    let countrys = || profile.and_then(|profile| profile.country.as_deref()).and_then(zone_of_country);
    own.or_else(ordered_to).or_else(countrys).unwrap_or_else(|| shop.clone())
}

/// Whether the member is one of the share who do not get it: always the same ones.
pub fn is_control(member: &MemberId, scenario: &str, share: Decimal) -> bool {
    let digest = Sha256::digest(format!("control#{scenario}#{member}"));
    let number = digest.iter().take(4).fold(0_i128, |number, byte| number * 256 + i128::from(*byte));
    number * share.denominator() < share.numerator() << 32
}
