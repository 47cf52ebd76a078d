//! What is asked before a message goes out, and that none waits for ever.

use crate::shop::{at, cases, desk::mailing, one, starting};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rules::{
    account::{Account, Status},
    clearance::{Circumstances, Clearance, is_control},
    consent::{ConsentChange, ConsentState, Topic, TopicChoice},
    email::Email,
    ids::MemberId,
    mail_settings::{Caps, Mode},
    message::{Message, Occasion, State, Timing},
    profile::Profile,
    program::{Program, Programs},
    purchases::Contribution,
    reason::Reason,
    recent_mail::RecentMail,
    scenario::Facts,
    scenarios,
    suppression::Suppression,
};
use serde_json::json;

/// It is noon in the shop's zone.
const NOON: &str = "2026-06-18T12:00:00Z";

/// A member who wants mail, and one message to them; each test takes something away.
#[derive(Clone)]
struct Scene {
    program: Program,
    account: Account,
    profile: Option<Profile>,
    suppression: Suppression,
    message: Message,
    others: Vec<Message>,
    is_stopped: bool,
}

fn message(scenario: &str, step: u8, due_at: Timestamp) -> Message {
    let member = MemberId::parse("mem_1").unwrap();
    let timing = Timing { due_at, deadline_at: due_at + SignedDuration::from_hours(72) };
    Message::plan(Occasion { member: &member, scenario, step, subject: "" }, timing, due_at)
}

fn scene(scenario: &str, step: u8) -> Scene {
    let (program, now) = (mailing(starting()), at(NOON));
    let account = Account::new(Status::Enrolled, now, &one(program.clone()));
    let profile = json!({"id": "mem_1", "email": "ada@example.com", "country": "GB", "time_zone": "UTC",
        "updated_at": NOON, "created_at": NOON});
    let mut profile: Profile = serde_json::from_value(profile).unwrap();
    profile.consent.take(ConsentChange::new(ConsentState::Granted, now));
    let message = message(scenario, step, now);
    let (suppression, others, is_stopped) = (Suppression::default(), Vec::new(), false);
    Scene { program, account, profile: Some(profile), suppression, message, others, is_stopped }
}

impl Scene {
    fn clearance(&self, now: Timestamp) -> Clearance {
        let programs: Programs = one(self.program.clone());
        let facts = Facts {
            message: &self.message,
            programs: &programs,
            now,
            account: &self.account,
            profile: self.profile.as_ref(),
            order: None,
            has_reviewed: false,
            has_guides: false,
            rating: None,
            is_resolved: false,
        };
        let (suppression, others, is_stopped) = (&self.suppression, &self.others[..], self.is_stopped);
        let circumstances = Circumstances { suppression, others, is_stopped, categories: &[] };
        scenarios::named(&self.message.scenario).unwrap().clearance(&facts, circumstances)
    }

    fn profile(&mut self) -> &mut Profile {
        self.profile.as_mut().unwrap()
    }
}

type Change = fn(&mut Scene);

/// What is against a message, what goes before first.
fn against() -> Vec<(Reason, Change)> {
    vec![
        (Reason::MailOff, |scene| scene.program.mail.mode = Mode::Off),
        (Reason::ScenarioOff, |scene| scene.program.mail.scenarios.get_mut("welcome").unwrap().on = false),
        (Reason::NoAddress, |scene| scene.profile().email = None),
        (Reason::NotOnAllowList, |scene| scene.program.mail.mode = Mode::AllowList),
        (Reason::Suppressed, |scene| scene.suppression.bounced(at(NOON))),
        (Reason::NoConsent, |scene| {
            let change = ConsentChange::new(ConsentState::Withdrawn, at("2026-06-18T12:00:01Z"));
            scene.profile().consent.take(change);
        }),
        (Reason::TopicOff, |scene| {
            let choice = TopicChoice { on: false, at: at(NOON) };
            scene.profile().consent.choose(Topic::Loyalty, choice);
        }),
        (Reason::Control, |scene| {
            scene.program.mail.scenarios.get_mut("welcome").unwrap().control = "1".parse().unwrap();
        }),
        (Reason::MarketingStopped, |scene| scene.is_stopped = true),
        (Reason::Cap, |scene| scene.account.mailed.add(at("2026-06-18T11:00:00Z"))),
        (Reason::Outranked, |scene| scene.others.push(message("tier_up", 1, at(NOON)))),
    ]
}

/// The same mail as the scene's, planned for somebody who was merged into its member.
fn twin(id_of: &str, state: State) -> Message {
    let member = MemberId::parse(id_of).unwrap();
    let timing = Timing { due_at: at(NOON), deadline_at: at(NOON) + SignedDuration::from_hours(72) };
    let occasion = Occasion { member: &member, scenario: "welcome", step: 1, subject: "" };
    Message { state, ..Message::plan(occasion, timing, at(NOON)) }
}

#[test]
fn of_two_same_mails_of_who_was_merged_one_goes_out() {
    let with = |twin: Message| {
        let mut scene = scene("welcome", 1);
        scene.others.push(twin);
        scene.clearance(at(NOON))
    };
    let repeated = Clearance::Skip(Reason::Repeated);
    for state in [State::Sending, State::Sent, State::Unknown] {
        assert_eq!(with(twin("mem_2", state)), repeated, "{state:?}");
    }
    assert_eq!(with(twin("mem_2", State::Skipped)), Clearance::Send);
    let own = scene("welcome", 1).message.id;
    let ids: Vec<String> = (2..40).map(|number| format!("mem_{number}")).collect();
    let [earlier, later] =
        [true, false].map(|wanted| ids.iter().find(|id| (twin(id, State::Planned).id < own) == wanted).unwrap());
    assert_eq!(with(twin(earlier, State::Planned)), repeated);
    assert_ne!(with(twin(later, State::Planned)), repeated, "else neither would go out");
    assert_eq!(with(Message { step: 2, ..twin("mem_2", State::Sent) }), Clearance::Send);
}

#[test]
fn what_another_run_has_taken_goes_first_too_if_it_matters_more() {
    for (other, outranks) in [("tier_up", true), ("tips", false)] {
        let mut scene = scene("welcome", 1);
        let mut taken = message(other, 1, at(NOON));
        assert!(taken.claim(at(NOON)));
        scene.others.push(taken);
        let outranked = matches!(scene.clearance(at(NOON)), Clearance::Defer { reason: Reason::Outranked, .. });
        assert_eq!(outranked, outranks, "{other}");
    }
}

#[test]
fn the_first_thing_against_it_is_the_reason_whatever_else_is_against_it_too() {
    assert_eq!(scene("welcome", 1).clearance(at(NOON)), Clearance::Send);
    let against = against();
    for (first, (reason, _)) in against.iter().enumerate() {
        for others in [&against[first..=first], &against[first..]] {
            let mut scene = scene("welcome", 1);
            others.iter().rev().for_each(|(_, take)| take(&mut scene));
            let said = match scene.clearance(at(NOON)) {
                Clearance::Send => None,
                Clearance::Skip(said) | Clearance::Defer { reason: said, .. } => Some(said),
            };
            assert_eq!(said, Some(*reason), "of {} things", others.len());
        }
    }
    let mut erased = scene("welcome", 1);
    erased.profile = None;
    assert_eq!(erased.clearance(at(NOON)), Clearance::Skip(Reason::Erased));
}

#[test]
fn what_is_part_of_an_agreement_heeds_neither_consent_nor_night_nor_cap() {
    let mut scene = scene("confirm_subscription", 1);
    scene.is_stopped = true;
    scene.account.mailed.add(at(NOON));
    scene.profile().consent.take(ConsentChange::new(ConsentState::Withdrawn, at("2026-06-19T00:00:00Z")));
    assert_eq!(scene.clearance(at("2026-06-19T02:00:00Z")), Clearance::Skip(Reason::NothingToSay));
    scene.profile().consent = rules::consent::Consent::default();
    scene.profile().consent.take(ConsentChange::new(ConsentState::Pending, at(NOON)));
    scene.message.subject = at(NOON).as_second().to_string();
    assert_eq!(scene.clearance(at("2026-06-19T02:00:00Z")), Clearance::Send);
}

#[test]
fn the_staff_get_their_mail_whoever_it_is_about() {
    let mut scene = scene("staff_case", 1);
    (scene.profile, scene.is_stopped) = (None, true);
    assert_eq!(scene.clearance(at("2026-06-19T02:00:00Z")), Clearance::Send);
    // the address is that of the staff
    scene.suppression.bounced(at(NOON));
    assert_eq!(scene.clearance(at("2026-06-19T02:00:00Z")), Clearance::Skip(Reason::Suppressed));
}

#[test]
fn a_country_of_soft_opt_in_needs_no_word_and_heeds_a_no() {
    let mut scene = scene("welcome", 1);
    scene.program.mail.soft_opt_in = vec!["GB".to_owned()];
    scene.profile().consent = rules::consent::Consent::default();
    assert_eq!(scene.clearance(at(NOON)), Clearance::Skip(Reason::NoConsent), "they have bought nothing");
    let order = Contribution { orders: 1, ..Contribution::default() };
    scene.account.purchases.replace(at(NOON), Contribution::default(), order).unwrap();
    assert_eq!(scene.clearance(at(NOON)), Clearance::Send);
    scene.profile().country = Some("DE".to_owned());
    assert_eq!(scene.clearance(at(NOON)), Clearance::Skip(Reason::NoConsent));
    scene.profile().country = Some("GB".to_owned());
    scene.profile().consent.take(ConsentChange::new(ConsentState::Withdrawn, at(NOON)));
    assert_eq!(scene.clearance(at(NOON)), Clearance::Skip(Reason::NoConsent));
}

#[test]
fn an_allow_list_names_addresses_and_whole_domains() {
    let mut scene = scene("welcome", 1);
    scene.program.mail.mode = Mode::AllowList;
    for (listed, goes) in
        [("ADA@example.com", true), ("@Example.com", true), ("@ample.com", false), ("eve@example.com", false)]
    {
        scene.program.mail.allow_list = vec![listed.to_owned()];
        assert_eq!(scene.clearance(at(NOON)) == Clearance::Send, goes, "{listed}");
    }
    scene.profile().email = Some(Email::parse("ada@mail.example.com").unwrap());
    scene.program.mail.allow_list = vec!["@example.com".to_owned()];
    assert_eq!(scene.clearance(at(NOON)), Clearance::Skip(Reason::NotOnAllowList));
}

#[test]
fn the_control_group_is_the_share_that_was_asked_for_and_always_the_same() {
    for (share, expected) in [("0", 0_usize), ("0.1", 1_000), ("0.5", 5_000), ("1", 10_000)] {
        let group = |scenario: &str| -> Vec<usize> {
            let is_in = |number: &usize| {
                is_control(&MemberId::parse(&format!("mem_{number}")).unwrap(), scenario, share.parse().unwrap())
            };
            (0..10_000).filter(is_in).collect()
        };
        let found = group("care");
        assert!(found.len().abs_diff(expected) <= 200, "{share}: {}", found.len());
        assert_eq!(found, group("care"));
        assert!(found.is_empty() || found.len() == 10_000 || found != group("tips"), "each scenario has its own");
    }
}

/// What becomes of a message that a run looks at whenever it is due.
fn end_of(mut scene: Scene) -> (Message, Timestamp) {
    let mut now = scene.message.due_at;
    for _ in 0..1_000 {
        assert!(scene.message.claim(now), "it is looked at when it is due");
        match scene.clearance(now) {
            Clearance::Send => {
                scene.message.begin_sending(now);
                scene.message.was_sent(None, now);
                return (scene.message, now);
            }
            Clearance::Skip(reason) => {
                scene.message.skip(reason, now);
                return (scene.message, now);
            }
            Clearance::Defer { until, reason } => {
                assert!(until > now, "a wait takes time");
                scene.message.defer(until, reason, now);
                now = until;
            }
        }
    }
    panic!("deferred for ever: {:?}", scene.message)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn what_waits_for_the_morning_and_the_cap_goes_out_in_time_or_ends_for_that_reason(
        zone in any::<prop::sample::Index>(),
        due in 0..63_000_000_i64,
        sent_before in prop::collection::vec(1..600_000_i64, 0..6),
        (between, per_week) in (0..168_u16, 1..6_u16),
        hours in 1..200_i64,
        is_stopped in prop::bool::weighted(0.1),
    ) {
        let zones: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let mut scene = scene("welcome", 1);
        let due_at = at("2026-01-01T00:00:00Z") + SignedDuration::from_secs(due);
        scene.message.due_at = due_at;
        scene.message.deadline_at = due_at + SignedDuration::from_hours(hours);
        scene.profile().time_zone = Some(zone.get(&zones).clone());
        scene.program.mail.caps = Caps { hours_between: between, per_7_days: per_week };
        scene.is_stopped = is_stopped;
        let mut sent: Vec<_> = sent_before.iter().map(|ago| due_at - SignedDuration::from_secs(*ago)).collect();
        sent.sort_unstable();
        sent.into_iter().for_each(|at| scene.account.mailed.add(at));
        let before = scene.clone();
        let (message, ended) = end_of(scene);
        prop_assert!(ended <= message.deadline_at);
        if message.state == State::Sent {
            let zone = jiff::tz::TimeZone::get(zone.get(&zones).as_str()).unwrap();
            let hour = zone.to_datetime(ended).hour();
            prop_assert!((8..21).contains(&hour), "sent at {hour} of the member's day");
            prop_assert_eq!(before.account.mailed.next_at(before.program.mail.caps, ended), ended);
        } else {
            let waited_for = [Reason::QuietHours, Reason::Cap, Reason::MarketingStopped];
            prop_assert!(message.reason.is_some_and(|reason| waited_for.contains(&reason)), "{:?}", message.reason);
        }
    }

    #[test]
    fn the_caps_hold_in_every_week_and_between_any_two(
        gaps in prop::collection::vec(0..400_000_i64, 1..40),
        (hours_between, per_7_days) in (0..168_u16, 1..8_u16),
    ) {
        let caps = Caps { hours_between, per_7_days };
        let (mut recent, mut now, mut sent) = (RecentMail::default(), at(NOON), Vec::new());
        for gap in gaps {
            now = recent.next_at(caps, now + SignedDuration::from_secs(gap));
            recent.add(now);
            sent.push(now);
        }
        let between = SignedDuration::from_hours(i64::from(hours_between));
        prop_assert!(sent.windows(2).all(|two| two[1].duration_since(two[0]) >= between));
        let week = SignedDuration::from_hours(168);
        let spans = |more: &[Timestamp]| more[more.len() - 1].duration_since(more[0]) >= week;
        prop_assert!(sent.windows(usize::from(per_7_days) + 1).all(spans));
    }

    #[test]
    fn of_messages_that_are_due_together_one_goes_first(
        kinds in prop::collection::vec((prop::sample::select(vec!["welcome", "review_rescue"]), 0..3_i64), 2..6),
    ) {
        let now = at(NOON);
        let all: Vec<Message> = kinds
            .iter()
            .enumerate()
            .map(|(number, (scenario, ago))| {
                let member = MemberId::parse("mem_1").unwrap();
                let due_at = now - SignedDuration::from_secs(*ago);
                let timing = Timing { due_at, deadline_at: now + SignedDuration::from_hours(9) };
                let step = if *scenario == "review_rescue" { 2 } else { 1 };
                Message::plan(Occasion { member: &member, scenario, step, subject: &number.to_string() }, timing, now)
            })
            .collect();
        let waits = |message: &Message| {
            let mut scene = scene("welcome", 1);
            (scene.message, scene.others) = (message.clone(), all.clone());
            matches!(scene.clearance(now), Clearance::Defer { reason: Reason::Outranked, .. })
        };
        prop_assert_eq!(all.iter().filter(|message| !waits(message)).count(), 1, "the others wait for it");
    }
}
