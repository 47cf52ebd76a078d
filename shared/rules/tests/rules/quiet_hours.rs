//! Quiet hours end in every zone of the world, whatever its clocks do.

use crate::shop::{at, cases};
use jiff::{
    SignedDuration, Timestamp,
    civil::Time,
    tz::{self, TimeZone},
};
use proptest::prelude::*;
use rules::{mail_settings::QuietHours, zone::Zone};

const HALF_HOUR_SECS: i64 = 1_800;

fn quiet(from: &str, to: &str) -> QuietHours {
    QuietHours { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn zones() -> Vec<String> {
    let zones: Vec<String> = tz::db().available().map(|name| name.to_string()).collect();
    assert!(zones.len() > 400, "the bundled database has all of them: {}", zones.len());
    zones
}

fn is_quiet(hours: QuietHours, zone: &TimeZone, at: Timestamp) -> bool {
    let time = zone.to_datetime(at).time();
    match hours.from <= hours.to {
        true => hours.from <= time && time < hours.to,
        false => hours.from <= time || time < hours.to,
    }
}

/// What must hold of an instant, given how long the quiet hours may last at most.
fn check(hours: QuietHours, zone: &Zone, at: Timestamp, most: SignedDuration) {
    let (name, clock) = (zone.name(), TimeZone::get(zone.name()).unwrap());
    let open = hours.next_open(at, zone);
    assert!(open >= at, "{name}: {open} is before {at}");
    assert!(open.duration_since(at) <= most, "{name}: {open} is too long after {at}, {hours:?}");
    assert!(!is_quiet(hours, &clock, open), "{name}: {open} is quiet, for {at} and {hours:?}");
    assert_eq!(open == at, !is_quiet(hours, &clock, at), "{name}: only what is quiet waits at {at}");
    assert_eq!(hours.next_open(open, zone), open, "{name}: what is open stays open");
}

/// Every turn of the zone's clocks in 2026 and 2027.
fn turns(name: &str) -> Vec<Timestamp> {
    let (zone, end) = (TimeZone::get(name).unwrap(), at("2028-01-01T00:00:00Z"));
    let turns = zone.following(at("2026-01-01T00:00:00Z")).map(|turn| turn.timestamp());
    turns.take_while(|turn| *turn < end).collect()
}

/// Each half of an hour, and a second to either side, for thirty hours around an instant.
fn around(instant: Timestamp) -> impl Iterator<Item = Timestamp> {
    let halves = (-30 * 2..=30 * 2).map(|half| half * HALF_HOUR_SECS);
    let seconds = halves.flat_map(|secs| [secs - 1, secs, secs + 1]);
    seconds.map(move |secs| Timestamp::from_second(instant.as_second() + secs).unwrap())
}

#[test]
fn in_every_zone_and_around_every_turn_of_its_clocks_the_night_ends_within_a_day() {
    let night = quiet("21:00", "08:00");
    let mut seen = 0;
    for name in zones() {
        let turns = turns(&name);
        seen += turns.len();
        let days = turns.into_iter().chain([at("2026-06-18"), at("2027-12-31")]);
        let zone = Zone::parse(&name).unwrap();
        days.flat_map(around).for_each(|instant| check(night, &zone, instant, SignedDuration::from_hours(24)));
    }
    assert!(seen > 500, "many zones have two turns a year: {seen}");
}

#[test]
fn clocks_that_do_what_others_do_not_are_no_exception() {
    let odd = [
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("Pacific/Chatham", "2026-09-26T14:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
        ("Antarctica/Troll", "2026-03-29T01:00:00Z"),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),
        ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z"),
    ];
    // over midnight, within a day, ending or beginning where clocks skip or repeat, and all but an hour
    let hours = [
        ("21:00", "08:00"),
        ("12:00", "14:30"),
        ("22:00", "02:30"),
        ("23:30", "03:15"),
        ("01:30", "05:00"),
        ("03:00", "02:00"),
        ("02:30", "01:30"),
        ("00:00", "23:00"),
        ("09:00", "09:00"),
    ];
    for ((name, turn), (from, to)) in odd.iter().flat_map(|odd| hours.iter().map(move |hours| (odd, hours))) {
        // where the one open hour of a day is skipped, that of the next day is the first
        let zone = Zone::parse(name).unwrap();
        around(at(turn)).for_each(|instant| check(quiet(from, to), &zone, instant, SignedDuration::from_hours(50)));
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn whatever_hours_a_shop_calls_quiet_they_end(
        place in any::<prop::sample::Index>(),
        turn in any::<prop::sample::Index>(),
        from in 0..1_440_i16,
        open in 60..1_440_i16,
        secs in -100_000..100_000_i64,
    ) {
        let time = |minute: i16| Time::new((minute / 60 % 24) as i8, (minute % 60) as i8, 0, 0).unwrap();
        let hours = QuietHours { from: time(from), to: time((from + 1_440 - open) % 1_440) };
        let zones = zones();
        let name = place.get(&zones);
        let mut turns = turns(name);
        turns.push(at("2026-06-18"));
        let instant = Timestamp::from_second(turn.get(&turns).as_second() + secs).unwrap();
        check(hours, &Zone::parse(name).unwrap(), instant, SignedDuration::from_hours(50));
    }
}
