//! What somebody has said to mail is the same in whichever order their statements arrive.

use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::select};
use rules::{
    consent::{Consent, ConsentChange, ConsentState, Topic, TopicChoice},
    consent_proof::{ConsentOrigin, ConsentProof},
    country_zone::zone_of_country,
    double_opt_in::DoubleOptIn,
    profile::Profile,
};
use serde_json::json;

use ConsentState::{Granted, Pending, Unknown, Withdrawn};

fn hour(hour: i64) -> Timestamp {
    "2026-06-20T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hour)
}

#[derive(Clone, Copy, Debug)]
enum Said {
    Marketing(ConsentState, i64),
    Topic(Topic, bool, i64),
}

impl Said {
    fn to(self, consent: &mut Consent) {
        match self {
            Said::Marketing(state, at) => consent.take(ConsentChange::new(state, hour(at))),
            Said::Topic(topic, on, at) => consent.choose(topic, TopicChoice { on, at: hour(at) }),
        }
    }
}

fn said() -> impl Strategy<Value = Said> {
    let states = select(vec![Unknown, Pending, Granted, Withdrawn]);
    let marketing = (states, 0..6_i64).prop_map(|(state, at)| Said::Marketing(state, at));
    let topic = (select(Topic::ALL.to_vec()), any::<bool>(), 0..6_i64);
    prop_oneof![marketing, topic.prop_map(|(topic, on, at)| Said::Topic(topic, on, at))]
}

fn after(all: &[Said]) -> Consent {
    let mut consent = Consent::default();
    for said in all {
        said.to(&mut consent);
    }
    consent
}

fn stated(all: &[(ConsentState, i64)]) -> ConsentState {
    after(&all.iter().map(|(state, at)| Said::Marketing(*state, *at)).collect::<Vec<_>>()).marketing
}

proptest! {
    #[test]
    fn any_order_and_any_repetition_ends_the_same(
        all in prop::collection::vec(said(), 0..8), again in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        cut in any::<prop::sample::Index>(), shuffled in Just(()).prop_perturb(|(), mut random| random.next_u64()),
    ) {
        let expected = after(&all);
        let mut others = all.clone();
        others.extend(again.iter().filter(|_| !all.is_empty()).map(|index| all[index.index(all.len())]));
        others.sort_by_key(|said| format!("{said:?}").bytes().fold(shuffled, |hash, byte| hash.rotate_left(9) ^ u64::from(byte)));
        prop_assert_eq!(&after(&others), &expected);
        let (left, right) = all.split_at(if all.is_empty() { 0 } else { cut.index(all.len()) });
        let mut merged = after(left);
        merged.absorb(&after(right));
        prop_assert_eq!(&merged, &expected);
        let read: Consent = serde_json::from_value(serde_json::to_value(&expected).unwrap()).unwrap();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn after_the_last_no_nothing_is_allowed_and_a_topic_that_is_off_stops_no_other(all in prop::collection::vec(said(), 0..8)) {
        let latest = |wanted: fn(ConsentState) -> bool| all.iter().filter_map(|said| match said {
            Said::Marketing(state, at) if wanted(*state) => Some(*at),
            _ => None,
        }).max();
        let consent = after(&all);
        let yes = latest(|state| state == Granted) > latest(|state| state == Withdrawn);
        for topic in Topic::ALL {
            prop_assert_eq!(consent.allows(topic), yes && consent.is_on(topic));
        }
    }

    #[test]
    fn every_change_has_its_proof(all in prop::collection::vec(said(), 0..8), more in said()) {
        let before = after(&all);
        let mut later = before.clone();
        more.to(&mut later);
        let proofs = ConsentProof::of_change(&before, &later, &ConsentOrigin::of("page"));
        let visible = |consent: &Consent| (consent.marketing, consent.marketing_at, consent.topics.clone());
        prop_assert_eq!(proofs.len(), usize::from(visible(&before) != visible(&later)));
        for proof in &proofs {
            let read: ConsentProof = serde_json::from_value(serde_json::to_value(proof).unwrap()).unwrap();
            prop_assert_eq!(&read, proof);
        }
    }
}

#[test]
fn the_latest_statement_holds_and_asking_again_takes_nothing_away() {
    assert_eq!(stated(&[]), Unknown);
    assert_eq!(stated(&[(Granted, 1), (Withdrawn, 2)]), Withdrawn);
    assert_eq!(stated(&[(Withdrawn, 2), (Granted, 1)]), Withdrawn);
    assert_eq!(stated(&[(Withdrawn, 1), (Granted, 2)]), Granted);
    assert_eq!(stated(&[(Withdrawn, 1), (Pending, 2)]), Pending);
    assert_eq!(stated(&[(Granted, 1), (Pending, 2)]), Granted);
    assert_eq!(stated(&[(Granted, 1), (Pending, 2), (Withdrawn, 3)]), Withdrawn);
    assert_eq!(stated(&[(Granted, 1), (Withdrawn, 1)]), Withdrawn, "at the same instant a no is a no");
    assert_eq!(stated(&[(Granted, 1), (Unknown, 2)]), Granted, "saying nothing says nothing");
}

#[test]
fn rows_from_before_there_were_topics_are_read() {
    let old = json!({"marketing": "granted", "marketing_at": "2026-06-20T12:00:00Z"});
    let consent: Consent = serde_json::from_value(old.clone()).unwrap();
    assert!(Topic::ALL.into_iter().all(|topic| consent.allows(topic)));
    assert_eq!(serde_json::to_value(&consent).unwrap(), old);
    let old = json!({"state": "granted", "at": "2026-06-20T12:00:00Z", "source": "checkout"});
    let proof: ConsentProof = serde_json::from_value(old.clone()).unwrap();
    assert_eq!(serde_json::to_value(&proof).unwrap(), old);
}

#[test]
fn from_a_new_mailbox_nothing_is_granted_by_what_was_said_before() {
    let mut consent = Consent::default();
    consent.take(ConsentChange::new(Granted, hour(1)).confirmed());
    consent.ask_anew(hour(3));
    assert_eq!(consent.marketing, Pending);
    consent.take(ConsentChange::new(Granted, hour(1)).confirmed());
    consent.take(ConsentChange::new(Granted, hour(2)).confirmed());
    assert_eq!(consent.marketing, Pending, "the storefront tells it once more");
    consent.take(ConsentChange::new(Granted, hour(4)).confirmed());
    assert_eq!(consent.marketing, Granted, "said from the new mailbox");
    let mut consent = Consent::default();
    consent.take(ConsentChange::new(Withdrawn, hour(1)));
    let said_no = consent.clone();
    consent.ask_anew(hour(3));
    assert_eq!(consent, said_no, "who said no is not asked");
}

fn asks(rule: DoubleOptIn, country: Option<&str>, locale: Option<&str>, zone: Option<&str>) -> bool {
    let profile = json!({"id": "mem_1", "country": country, "locale": locale, "time_zone": zone,
        "updated_at": hour(0), "created_at": hour(0)});
    let profile: Profile = serde_json::from_value(profile).unwrap();
    rule.asks(&profile)
}

#[test]
fn a_grant_from_the_eea_and_the_united_kingdom_is_to_be_confirmed() {
    for country in ["DE", "AT", "IT", "NO", "IS", "LI", "GB", "RE", "de"] {
        assert!(asks(DoubleOptIn::EuUk, Some(country), Some("en-US"), Some("America/New_York")), "{country}");
    }
    for country in ["US", "JP", "CH", "TR", "??"] {
        assert!(!asks(DoubleOptIn::EuUk, Some(country), Some("de-DE"), Some("Europe/Berlin")), "{country}");
    }
}

#[test]
fn of_whose_country_nothing_is_known_locale_and_time_tell() {
    let asks = |locale, zone| asks(DoubleOptIn::EuUk, None, locale, zone);
    assert!(asks(Some("de-AT"), None));
    assert!(!asks(Some("zh-Hant-HK"), Some("Europe/Paris")));
    assert!(asks(Some("de"), Some("Europe/Paris")));
    assert!(!asks(Some("de"), Some("America/Toronto")));
    for zone in ["Atlantic/Canary", "Atlantic/Azores", "Europe/Busingen", "Africa/Ceuta", "Europe/Belfast", "CET"] {
        assert!(asks(Some("en"), Some(zone)), "{zone}");
    }
    assert!(!asks(None, Some("Europe/Zurich")) && !asks(None, Some("Europe/Istanbul")));
}

#[test]
fn who_may_be_of_the_european_union_for_all_that_is_known_is_asked() {
    for zone in [None, Some("UTC"), Some("Etc/UTC"), Some("GMT")] {
        assert!(asks(DoubleOptIn::EuUk, None, None, zone));
        assert!(asks(DoubleOptIn::EuUk, None, Some("de"), zone));
    }
}

#[test]
fn every_zone_of_their_countries_is_known() {
    let zones = ["AT", "BE", "CY", "DE", "ES", "FR", "GB", "GF", "GP", "GR", "IS", "LI", "MF", "NO", "PT", "RE", "YT"];
    for zone in zones.map(|country| zone_of_country(country).unwrap()) {
        assert!(asks(DoubleOptIn::EuUk, None, None, Some(zone.name())), "{zone:?}");
    }
}

#[test]
fn the_program_can_ask_everybody_or_nobody() {
    assert!(asks(DoubleOptIn::Always, Some("US"), None, None));
    assert!(!asks(DoubleOptIn::Never, Some("DE"), None, None));
}
