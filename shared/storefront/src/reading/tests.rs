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
