use rules::{ids::OrderId, money::Currency};

use super::*;

fn now() -> Timestamp {
    "2026-07-01T00:00:00Z".parse().unwrap()
}

/// What `read` finds wrong with the body: pointers and reasons.
fn problems<T>(body: &str, read: impl Fn(&Object) -> Option<T>) -> Vec<(String, String)> {
    let reading = Reading::new(now());
    let value = reading.root(body.as_bytes()).and_then(|root| read(&root));
    let problems = reading.finish(value).err().map(|bad| bad.problems).unwrap_or_default();
    problems.into_iter().map(|problem| (problem.pointer, problem.reason)).collect()
}

fn only_problem<T>(body: &str, read: impl Fn(&Object) -> Option<T>) -> (String, String) {
    let mut all = problems(body, read);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn reason<T>(value: &str, read: impl Fn(&Field) -> Option<T>) -> String {
    only_problem(&format!(r#"{{"it":{value}}}"#), |root| read(&root.get("it"))).1
}

#[test]
fn a_pointer_names_lists_and_odd_names_as_rfc_6901_says() {
    let body = r#"{"a/b~c": [{"x": 1}, {"x": true}]}"#;
    let read = |root: &Object| root.objects("a/b~c").iter().map(|item| item.get("x").flag()).next().flatten();
    assert_eq!(only_problem(body, read), ("/a~1b~0c/0/x".to_owned(), "must be true or false".to_owned()));
}

#[test]
fn what_is_no_json_object_is_refused_as_a_whole() {
    for body in ["", "{", "[]", "1", "null", "{\"a\":}", "{} {}", "\u{feff}{}"] {
        assert_eq!(only_problem(body, |_| Some(())).0, "", "{body}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let reading = Reading::new(now());
    assert!(reading.root(&[b'{', 0xff, b'}']).is_none());
    assert_eq!(reading.finish(None::<()>).unwrap_err().problems[0].reason, "is not UTF-8");
}

#[test]
fn deep_nesting_is_refused_even_where_nobody_looks() {
    let body = format!(r#"{{"unread": {}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(only_problem(&body, |_| Some(())).1, "is nested deeper than 64 levels");
    assert_eq!(problems(r#"{"unread": "[[[[{{{{\"[[["}"#, |_| Some(())), []);
}

#[test]
fn null_and_missing_are_the_same() {
    assert_eq!(problems(r#"{"a": null}"#, |root| Some((root.get("a").flag(), root.get("b").flag()))), []);
    let both = problems(r#"{"a": null}"#, |root| root.need("a").flag().or(root.need("b").flag()));
    assert_eq!(both, [("/a".into(), "is missing".into()), ("/b".into(), "is missing".into())]);
}

#[test]
fn an_id_is_the_same_as_number_and_as_text() {
    let body = br#"{"a": 706405506930370084, "b": "706405506930370084"}"#;
    let reading = Reading::new(now());
    let root = reading.root(body).unwrap();
    assert_eq!(root.get("a").id::<OrderId>().unwrap().as_str(), "706405506930370084");
    assert_eq!(root.get("a").id::<OrderId>(), root.get("b").id());
}

#[test]
fn what_is_no_number_of_a_storefront_is_no_id() {
    for value in ["-1", "1.5", "1e5", "0", "007x", r#""""#, r#""a#b""#, "true", "{}", "123456789012345678901"] {
        let value = value.to_owned();
        assert!(!reason(&value, |field| field.id::<OrderId>()).is_empty(), "{value}");
    }
}

#[test]
fn a_quantity_is_whole_and_bounded() {
    let quantity = |value| reason(value, |field| field.quantity());
    assert_eq!(quantity("-1"), "`-1` is negative");
    assert_eq!(quantity("1.5"), "`1.5` is not a whole number");
    assert_eq!(quantity("1000001"), "`1000001` is more than 1000000");
    assert_eq!(quantity("99999999999999999999"), "`99999999999999999999` is more than 1000000");
    assert_eq!(quantity(r#""2""#), "must be a number");
}

#[test]
fn a_time_is_neither_ancient_nor_more_than_a_day_ahead() {
    let time = |value| reason(value, |field| field.time());
    assert_eq!(time(r#""1999-12-31T23:59:59Z""#), "`1999-12-31T23:59:59Z` is before the year 2000");
    assert_eq!(time(r#""2026-07-02T00:00:01Z""#), "`2026-07-02T00:00:01Z` is more than 24 hours ahead");
    assert_eq!(time(r#""yesterday""#), "`yesterday` is not a time such as `2026-06-18T10:00:00Z`");
    assert_eq!(time("1750000000"), "must be text");
    assert_eq!(problems(r#"{"a": "2026-07-01T19:59:59-04:00"}"#, |root| root.get("a").time()), []);
}

#[test]
fn money_is_read_from_its_text_never_from_a_float() {
    let reading = Reading::new(now());
    let root = reading.root(br#"{"a": 19.99, "b": "19.99", "c": -0.1, "d": 4503599627370.49}"#).unwrap();
    assert_eq!(root.get("a").money(Some(Currency::USD)), Some(1_999));
    assert_eq!(root.get("b").money(Some(Currency::USD)), Some(1_999));
    assert_eq!(root.get("c").signed_money(Some(Currency::USD)), Some(-10));
    assert_eq!(root.get("d").money(Some(Currency::USD)), None);
    assert_eq!(reading.finish(None::<()>).unwrap_err().problems[0].pointer, "/d");
}

#[test]
fn without_a_currency_only_nothing_can_be_an_amount() {
    let reading = Reading::new(now());
    let root = reading.root(br#"{"a": "0.00", "b": -0, "c": "1.00"}"#).unwrap();
    assert_eq!(root.get("a").signed_money(None), Some(0));
    assert_eq!(root.get("b").signed_money(None), Some(0));
    assert_eq!(root.get("c").signed_money(None), None);
}

#[test]
fn an_amount_in_finer_units_is_read_to_the_nearest_minor_unit() {
    let reading = Reading::new(now());
    let root = reading.root(br#"{"a": "9.9950", "b": "-0.005", "c": "9.9949", "d": "10.", "e": "1.2.3"}"#).unwrap();
    let yen = "JPY".parse().ok();
    assert_eq!(root.get("a").nearest_money(Some(Currency::USD)), Some(1_000));
    assert_eq!(root.get("a").nearest_money(yen), Some(10));
    assert_eq!(root.get("b").nearest_signed_money(Some(Currency::USD)), Some(-1));
    assert_eq!(root.get("c").nearest_money(Some(Currency::USD)), Some(999));
    for malformed in ["d", "e"] {
        assert_eq!(root.get(malformed).nearest_money(Some(Currency::USD)), None);
        assert_eq!(root.get(malformed).nearest_money(yen), None);
    }
    assert_eq!(reason(r#""-1.00""#, |field| field.nearest_money(Some(Currency::USD))), "is negative");
}

#[test]
fn a_time_may_be_utc_without_saying_so() {
    let reading = Reading::new(now());
    let root = reading.root(br#"{"a": "2026-06-18T10:00:00", "b": "2026-06-18T12:00:00+02:00"}"#).unwrap();
    assert_eq!(root.get("a").utc_time(), root.get("b").utc_time());
    assert_eq!(root.get("a").time(), None);
    let ahead = reason(r#""2026-07-02T00:00:01""#, |field| field.utc_time());
    assert_eq!(ahead, "`2026-07-02T00:00:01Z` is more than 24 hours ahead");
}

#[test]
fn what_is_expected_may_be_up_to_a_year_ahead() {
    assert_eq!(problems(r#"{"a": "2027-07-01T00:00:00Z"}"#, |root| root.get("a").expected_time()), []);
    let ahead = reason(r#""2027-07-03T00:00:00Z""#, |field| field.expected_time());
    assert_eq!(ahead, "`2027-07-03T00:00:00Z` is more than a year ahead");
}

#[test]
fn our_own_money_is_text_in_the_currency_that_it_names() {
    let in_usd = |value| reason(value, |field| field.amount_in(Some(Currency::USD)));
    assert_eq!(in_usd(r#"{"amount": 1.5, "currency": "USD"}"#), "must be text");
    assert_eq!(in_usd(r#"{"amount": "1.005", "currency": "USD"}"#), "`1.005` has more digits than USD has");
    assert_eq!(in_usd(r#"{"amount": "1.00", "currency": "EUR"}"#), "is in EUR, the order is in USD");
    assert_eq!(in_usd(r#""1.00""#), "must be an object");
    assert_eq!(in_usd(r#"{"currency": "USD"}"#), "is missing");
}

#[test]
fn zero_may_stand_for_no_number() {
    let reading = Reading::new(now());
    let root = reading.root(br#"{"a": 0, "b": 7}"#).unwrap();
    assert_eq!(root.get("a").id_unless_zero::<OrderId>(), None);
    assert_eq!(root.get("b").id_unless_zero::<OrderId>(), root.get("b").id());
    assert_eq!(reading.finish(Some(())), Ok(()));
}

#[test]
fn no_more_than_twenty_problems_are_listed() {
    let body = format!(r#"{{"list": [{}]}}"#, vec!["1"; 50].join(","));
    assert_eq!(problems(&body, |root| Some(root.objects("list").len())).len(), MAX_PROBLEMS);
}

#[test]
fn a_list_longer_than_any_order_has_is_refused() {
    let body = format!(r#"{{"list": [{}]}}"#, vec!["{}"; 501].join(","));
    let expected = ("/list".to_owned(), "has 501 entries; no order has more than 500".to_owned());
    assert_eq!(only_problem(&body, |root| Some(root.objects("list").len())), expected);
}
