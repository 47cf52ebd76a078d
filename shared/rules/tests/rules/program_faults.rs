//! Each fault of a program gives exactly the pointer to it, and all of them are found at once.

use proptest::prelude::*;
use rules::program::Program;
use serde_json::{Value, json};

fn starting() -> Value {
    serde_json::to_value(Program::starting().unwrap()).unwrap()
}

/// Sets the value at that place; without one, leaves the field out.
fn change(document: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"));
    match (parent, value) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(name.to_owned(), value)),
        (Value::Object(fields), None) => drop(fields.remove(name).unwrap_or_else(|| panic!("no {pointer}"))),
        (Value::Array(items), Some(value)) if name == "-" => items.push(value),
        (Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (parent, _) => panic!("{pointer} in {parent}"),
    }
}

fn named(document: &Value) -> Vec<String> {
    match Program::read(document) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            assert!(problems.iter().all(|problem| !problem.reason.is_empty()));
            problems.into_iter().map(|problem| problem.pointer).collect()
        }
    }
}

/// Values put at a place that are refused there, and nowhere else.
fn refused_at_their_place() -> Vec<(&'static str, Value)> {
    let long = "x".repeat(201);
    let many = |count: usize, of: Value| -> Value { (0..count).map(|_| of.clone()).collect() };
    let benefit = json!({"kind": "a", "title": "A"});
    let products: Value = (0..1_001).map(|number| json!(number.to_string())).collect();
    vec![
        ("/currency", json!("XXQ")),
        ("/currency", json!(840)),
        ("/currency", Value::Null),
        ("/zone", json!("Mars/Olympus")),
        ("/zone", json!(0)),
        ("/starts_on", json!("someday")),
        ("/starts_on", json!("2026-02-30")),
        ("/starts_on", json!(2026)),
        ("/earning", json!("none")),
        ("/earning/points_per_unit", json!(1)),
        ("/earning/points_per_unit", json!("-1")),
        ("/earning/points_per_unit", json!("1e3")),
        ("/earning/points_per_unit", json!("0.0000001")),
        ("/earning/points_per_unit", json!("10001")),
        ("/earning/excluded_products", json!("7")),
        ("/earning/excluded_products", products),
        ("/earning/exchange_rates", json!([])),
        ("/earning/exchange_rates/EUR", json!("0")),
        ("/earning/exchange_rates/EUR", json!("1000001")),
        ("/earning/exchange_rates/EUR", json!(1.1)),
        ("/earning/exchange_rates/EUR", Value::Null),
        ("/earning/exchange_rates/USD", json!("1")),
        ("/tiers", json!(7)),
        ("/tiers/basis", json!("likes")),
        ("/tiers/basis", Value::Null),
        ("/tiers/period", json!("weekly")),
        ("/tiers/grace_days", json!(367)),
        ("/tiers/grace_days", json!(-1)),
        ("/tiers/grace_days", json!("7")),
        ("/tiers/levels", json!([])),
        ("/tiers/levels", json!({})),
        ("/tiers/levels/0", json!(null)),
        ("/tiers/levels/0/id", json!("")),
        ("/tiers/levels/0/id", json!("a b")),
        ("/tiers/levels/2/id", json!("silver")),
        ("/tiers/levels/0/threshold", json!("1")),
        ("/tiers/levels/1/threshold", json!("0")),
        ("/tiers/levels/2/threshold", json!("200.00")),
        ("/tiers/levels/1/threshold", json!("200.005")),
        ("/tiers/levels/1/threshold", json!(200)),
        ("/tiers/levels/1/multiplier", json!("0")),
        ("/tiers/levels/1/multiplier", json!("100.01")),
        ("/tiers/levels/3/multiplier", json!("twice")),
        ("/tiers/levels/1/benefits", many(21, benefit)),
        ("/tiers/levels/1/benefits", json!("free shipping")),
        ("/tiers/levels/1/benefits/0/kind", json!("")),
        ("/tiers/levels/1/benefits/0/title", json!(" ")),
        ("/tiers/levels/1/benefits/0/title", json!(long)),
        ("/tiers/levels/1/benefits/0/title", json!("a\u{0}b")),
        ("/tiers/levels/1/benefits/0/value", json!(long)),
        ("/tiers/levels/1/benefits/0/value", json!(5)),
        ("/campaigns", json!({})),
        ("/campaigns/0", json!("sale")),
        ("/campaigns/0/id", json!("ä")),
        ("/campaigns/1/id", json!("member_day")),
        ("/campaigns/0/multiplier", json!("0")),
        ("/campaigns/0/multiplier", json!("101")),
        ("/campaigns/0/multiplier", json!(2)),
        ("/campaigns/0/stacks", json!("no")),
        ("/campaigns/0/when", json!("always")),
        ("/campaigns/0/when/kind", json!("sometimes")),
        ("/campaigns/0/when/rrule", json!("FREQ=HOURLY")),
        ("/campaigns/0/when/rrule", json!("nonsense")),
        ("/campaigns/0/when/rrule", json!(18)),
        ("/campaigns/0/when/zone", json!("moon")),
        ("/campaigns/1/when/days", json!(0)),
        ("/campaigns/1/when/days", json!(32)),
        ("/campaigns/1/when/days", json!(["monday"])),
        ("/campaigns/1/when/zone", json!(1)),
        ("/pending", json!(14)),
        ("/pending/after_delivery_days", json!(367)),
        ("/pending/after_delivery_days", json!(-1)),
        ("/pending/after_delivery_days", json!(1.5)),
        ("/pending/after_payment_days", json!(400)),
        ("/pending/after_payment_days", json!("30")),
        ("/expiry/months", json!(0)),
        ("/expiry/months", json!(121)),
        ("/expiry/months", json!(70_000)),
        ("/expiry/round", json!("up")),
        ("/expiry/extend_on_activity", json!("yes")),
        ("/expiry/grace_days", json!(367)),
        ("/negative", json!("forgive")),
        ("/negative", json!(true)),
        ("/activities", json!([])),
        ("/activities/enrol/points", json!(-1)),
        ("/activities/enrol/points", json!(1_000_001)),
        ("/activities/enrol/points", json!("100")),
        ("/activities/Review", json!({"points": 5})),
        ("/activities/share/caps", json!(5)),
        ("/activities/share/caps/0/period", json!("fortnight")),
        ("/activities/share/caps/1/period", json!("day")),
        ("/activities/share/caps/0/times", json!(0)),
        ("/activities/share/proof", json!("word_of_honour")),
        ("/activities/share/approval", json!(1)),
        ("/rewards", json!({})),
        ("/rewards/0", json!(500)),
        ("/rewards/0/id", json!("a b")),
        ("/rewards/1/id", json!("coupon_5")),
        ("/rewards/0/title", json!("")),
        ("/rewards/0/kind", json!("gift")),
        ("/rewards/0/points", json!(0)),
        ("/rewards/0/points", json!("500")),
        ("/rewards/0/on", json!("yes")),
        ("/rewards/0/codes", json!("printed")),
        ("/rewards/0/valid_days", json!(0)),
        ("/rewards/0/valid_days", json!(70_000)),
        ("/rewards/0/min_order", json!("10.001")),
        ("/rewards/0/amount", json!("0")),
        ("/rewards/0/amount", json!(5)),
        ("/rewards/2/percent", json!("101")),
        ("/rewards/3/up_to", json!("eight")),
        ("/rewards/5/min_points", json!(0)),
        ("/rewards/5/max_percent_of_order", json!("0")),
        ("/mail/shop/url", json!("http://shop.example")),
        ("/mail/shop/account_url", json!("shop.example/account")),
        ("/mail/shop/postal_address", json!(" \n ")),
        ("/mail/shop/postal_address", json!("1 Quay Street\u{0}Cork")),
        ("/mail/shop/postal_address", json!("1 Quay Street\tCork")),
        ("/mail/shop/postal_address", json!(long)),
        ("/mail/shop/name", json!("Leaf\nPot")),
        // fields that nobody knows, or that another kind has
        ("/colour", json!("red")),
        ("/earning/rate", json!("1")),
        ("/tiers/levels/1/colour", json!("silver")),
        ("/tiers/levels/1/benefits/0/icon", json!("x")),
        ("/campaigns/0/name", json!("x")),
        ("/campaigns/0/when/until", json!("x")),
        ("/campaigns/0/when/from_at", json!("2026-01-01T00:00:00Z")),
        ("/campaigns/1/when/rrule", json!("FREQ=DAILY")),
        ("/expiry/days", json!(3)),
        ("/activities/share/limit", json!(3)),
        ("/activities/share/caps/0/amount", json!(3)),
        ("/rewards/0/colour", json!("red")),
        ("/rewards/0/percent", json!("5")),
        ("/rewards/6/amount", json!("5")),
    ]
}

/// Fields that have to be there.
const NEEDED: &[&str] = &[
    "/currency",
    "/zone",
    "/earning",
    "/earning/points_per_unit",
    "/tiers",
    "/tiers/basis",
    "/tiers/period",
    "/tiers/levels",
    "/tiers/levels/1/id",
    "/tiers/levels/1/threshold",
    "/tiers/levels/1/multiplier",
    "/tiers/levels/1/benefits/0/kind",
    "/tiers/levels/1/benefits/0/title",
    "/campaigns/0/id",
    "/campaigns/0/multiplier",
    "/campaigns/0/when",
    "/campaigns/0/when/kind",
    "/campaigns/0/when/rrule",
    "/campaigns/0/when/zone",
    "/campaigns/1/when/days",
    "/pending",
    "/pending/after_delivery_days",
    "/pending/after_payment_days",
    "/expiry",
    "/expiry/months",
    "/expiry/round",
    "/negative",
    "/activities/enrol/points",
    "/activities/share/caps/0/period",
    "/rewards/0/id",
    "/rewards/0/title",
    "/rewards/0/kind",
    "/rewards/0/points",
    "/rewards/0/valid_days",
    "/rewards/0/amount",
    "/rewards/2/percent",
    "/rewards/5/min_points",
];

#[test]
fn each_fault_is_named_by_its_own_pointer_and_no_other() {
    let cases = refused_at_their_place();
    assert!(cases.len() + NEEDED.len() >= 150, "{}", cases.len() + NEEDED.len());
    for (pointer, value) in cases {
        let mut document = starting();
        change(&mut document, pointer, Some(value.clone()));
        assert_eq!(named(&document), [pointer], "{value}");
    }
}

#[test]
fn each_missing_field_is_named() {
    for pointer in NEEDED {
        let mut document = starting();
        change(&mut document, pointer, None);
        assert_eq!(named(&document), [*pointer]);
    }
}

#[test]
fn faults_of_every_section_are_found_at_once() {
    let mut document = starting();
    let faults = [
        ("/currency", Some(json!("XXQ"))),
        ("/colour", Some(json!("red"))),
        ("/earning/points_per_unit", Some(json!(1))),
        ("/tiers/levels/1/threshold", Some(json!("many"))),
        ("/tiers/levels/1/multiplier", None),
        ("/tiers/levels/3/id", Some(json!(""))),
        ("/campaigns/0/when/rrule", Some(json!("FREQ=HOURLY"))),
        ("/campaigns/0/when/zone", None),
        ("/campaigns/1/multiplier", Some(json!("0"))),
        ("/pending/after_payment_days", Some(json!(-1))),
        ("/expiry/grace_days", Some(json!(367))),
        ("/negative", None),
        ("/activities/share/caps/0/times", Some(json!("often"))),
        ("/activities/check_in/caps/0/times", Some(json!(0))),
        ("/rewards/0/kind", Some(json!("gift"))),
        ("/rewards/1/amount", None),
        ("/rewards/2/colour", Some(json!("red"))),
        ("/rewards/4/title", Some(json!(""))),
    ];
    for (pointer, value) in faults.clone() {
        change(&mut document, pointer, value);
    }
    let mut found = named(&document);
    let mut expected: Vec<&str> = faults.iter().map(|(pointer, _)| *pointer).collect();
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn what_contradicts_something_else_is_named() {
    let mut document = starting();
    change(&mut document, "/expiry/months", Some(json!(1)));
    change(&mut document, "/pending/after_payment_days", Some(json!(32)));
    assert_eq!(named(&document), ["/expiry/months"], "they would expire before they can be spent");
    let mut document = starting();
    change(&mut document, "/earning/excluded_products", Some(json!(["7", "8", "7"])));
    assert_eq!(named(&document), ["/earning/excluded_products/2"]);
    let mut document = starting();
    change(&mut document, "/earning/excluded_products", Some(json!(["7", "a b", 7])));
    assert_eq!(named(&document), ["/earning/excluded_products/1", "/earning/excluded_products/2"]);
    let mut document = starting();
    let sale = json!({"id": "sale", "multiplier": "2", "when": {"kind": "window",
        "from_at": "2026-06-02T00:00:00Z", "to_at": "2026-06-01T00:00:00Z"}});
    change(&mut document, "/campaigns/-", Some(sale));
    assert_eq!(named(&document), ["/campaigns/2/when/to_at"]);
    let mut document = starting();
    let never = json!({"id": "never", "multiplier": "2", "when": {"kind": "weekdays", "days": [], "zone": "shop"}});
    change(&mut document, "/campaigns/-", Some(never));
    assert_eq!(named(&document), ["/campaigns/2/when/days"]);
    let mut document = starting();
    change(&mut document, "/tiers/basis", Some(json!("orders")));
    for (level, threshold) in [(1, "2.5"), (2, "5"), (3, "10")] {
        change(&mut document, &format!("/tiers/levels/{level}/threshold"), Some(json!(threshold)));
    }
    assert_eq!(named(&document), ["/tiers/levels/1/threshold"], "half an order is none");
    let mut document = starting();
    for scenario in ["care", "review_rescue", "welcome", "points_expiring"] {
        change(&mut document, &format!("/mail/scenarios/{scenario}/only_categories"), Some(json!(["Tea"])));
    }
    let about_no_product = ["points_expiring", "welcome"].map(|name| format!("/mail/scenarios/{name}/only_categories"));
    assert_eq!(named(&document), about_no_product);
}

#[test]
fn mail_that_sells_is_live_only_with_a_sender_and_an_address_of_as_many_lines_as_it_has() {
    let mut document = starting();
    change(&mut document, "/mail/mode", Some(json!("live")));
    assert_eq!(named(&document), ["/mail/sender", "/mail/shop/postal_address"]);
    let mut silent = document.clone();
    for (name, settings) in silent["mail"]["scenarios"].as_object_mut().unwrap() {
        settings["on"] = json!(["shipped", "confirm_subscription", "staff_case"].contains(&name.as_str()));
    }
    assert_eq!(named(&silent), Vec::<String>::new(), "what is part of an order needs neither");
    change(&mut document, "/mail/sender", Some(json!({"name": "Leaf", "address": "shop@leaf.example"})));
    assert_eq!(named(&document), ["/mail/shop/postal_address"]);
    change(&mut document, "/mail/shop/postal_address", Some(json!("Leaf Ltd\r\n1 Quay Street\nCork")));
    assert_eq!(named(&document), Vec::<String>::new());
}

#[test]
fn what_is_no_object_is_refused_whole_and_what_is_empty_names_all_that_is_needed() {
    for nothing in [json!(null), json!([]), json!("program"), json!(5)] {
        assert_eq!(named(&nothing), [""], "{nothing}");
    }
    let mut all = named(&json!({}));
    all.sort();
    assert_eq!(all, ["/currency", "/earning", "/expiry", "/negative", "/pending", "/tiers", "/zone"]);
}

#[test]
fn a_program_that_fits_no_row_is_refused() {
    let mut document = starting();
    let benefit = json!({"kind": "x".repeat(200), "title": "y".repeat(200), "value": "z".repeat(200)});
    let benefits: Value = (0..20).map(|_| benefit.clone()).collect();
    let levels: Value = (0..20)
        .map(|number| {
            let threshold = (number * 100).to_string();
            json!({"id": format!("l{number}"), "threshold": threshold, "multiplier": "1", "benefits": benefits})
        })
        .collect();
    change(&mut document, "/tiers/levels", Some(levels));
    assert_eq!(named(&document), Vec::<String>::new());
    let products: Value = (0..600).map(|number| json!(format!("{number:0128}"))).collect();
    change(&mut document, "/earning/excluded_products", Some(products));
    assert_eq!(named(&document), [""]);
}

fn strange() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(json!([]))),
        Just(Some(json!({}))),
        Just(Some(json!([{"kind": 1}, null]))),
        any::<bool>().prop_map(|flag| Some(json!(flag))),
        any::<i64>().prop_map(|number| Some(json!(number))),
        ".{0,12}".prop_map(|text| Some(json!(text))),
        "[0-9]{1,14}(\\.[0-9]{0,8})?".prop_map(|text| Some(json!(text))),
    ]
}

/// The places of all fields.
fn places(value: &Value, here: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            into.push(format!("{here}/{name}"));
            places(field, &format!("{here}/{name}"), into);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{here}/{index}"), into));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_document_is_a_valid_program_or_named_at_fault(
        changes in prop::collection::vec((any::<prop::sample::Index>(), strange()), 1..6),
    ) {
        let mut document = starting();
        for (index, value) in changes {
            let mut all = Vec::new();
            places(&document, "", &mut all);
            change(&mut document, &all[index.index(all.len())], value);
        }
        match Program::read(&document) {
            Ok(program) => prop_assert_eq!(program.problems(), vec![]),
            Err(problems) => prop_assert!((1..=50).contains(&problems.len())),
        }
    }
}
