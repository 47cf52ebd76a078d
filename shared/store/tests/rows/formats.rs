//! Formats: rows as they are stored stay readable, and newer ones are not misread.

use std::{collections::HashMap, error::Error};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use rules::{
    account::{Account, Status},
    ids::MemberId,
    points::Points,
};
use store::StoreError;

use crate::{shop::at, table::table};

type Row = HashMap<String, AttributeValue>;

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn row<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Row {
    attributes.map(|(name, value)| (name.to_owned(), value)).into()
}

/// An account as format 1 stores it.
fn stored_account() -> Row {
    let lot = AttributeValue::L(vec![AttributeValue::Null(true), text("2027-06-30"), number(1_500)]);
    let lapsed = AttributeValue::L(vec![text("2026-05-01"), number(70)]);
    let standing = row([("tier", text("silver")), ("since", text("2026-06-18T10:00:00Z"))]);
    row([
        ("pk", text("MEM#mem_1")),
        ("sk", text("ACCOUNT")),
        ("v", number(1)),
        ("version", number(7)),
        ("status", text("enrolled")),
        ("joined_at", text("2026-06-01T00:00:00Z")),
        ("entries", number(3)),
        ("recorded_at", text("2026-06-18T10:00:00Z")),
        ("ledger", number(1_500)),
        ("debt", number(0)),
        ("lots", AttributeValue::L(vec![lot])),
        ("lapsed", AttributeValue::L(vec![lapsed])),
        // one purchase in the first second of 1970: 20.00, 20 points, 1 order, each zigzag-encoded
        ("purchases", AttributeValue::B(Blob::new([1, 2, 0xa0, 0x1f, 40, 2]))),
        ("standing", AttributeValue::M(standing)),
        ("tier_changes", number(1)),
        ("done_once", AttributeValue::L(vec![text("enrol")])),
    ])
}

fn member() -> MemberId {
    MemberId::parse("mem_1").unwrap()
}

async fn read(change: impl FnOnce(&mut Row)) -> Result<Option<Account>, StoreError> {
    let table = table().await;
    let mut row = stored_account();
    change(&mut row);
    table.put_raw(row).await;
    table.store.account(&member()).await
}

fn all_said(error: &StoreError) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}

#[tokio::test]
async fn a_row_of_the_first_format_is_read() {
    let account = read(|_| {}).await.unwrap().unwrap();
    assert_eq!((account.version, account.status, account.entries), (7, Status::Enrolled, 3));
    assert_eq!(account.ledger, Points::new(1_500));
    assert_eq!(account.lots.total(), Ok(Points::new(1_500)));
    let purchase = account.purchases.iter().next().unwrap();
    assert_eq!((purchase.0.as_second(), purchase.1.spend, purchase.1.points, purchase.1.orders), (1, 2_000, 20, 1));
    assert_eq!(account.standing.since, at("2026-06-18T10:00:00Z"));
    assert!(account.done_once.contains("enrol"));
}

#[tokio::test]
async fn a_row_of_a_newer_format_is_refused_and_named() {
    let refused = read(|row| drop(row.insert("v".to_owned(), number(2)))).await.unwrap_err();
    assert!(!refused.is_unavailable());
    let said = "read account failed: the row `MEM#mem_1` `ACCOUNT` has format 2; this version knows formats up to 1";
    assert_eq!(all_said(&refused), said);
}

#[tokio::test]
async fn a_row_without_a_format_or_of_another_shape_is_refused() {
    let refused = read(|row| drop(row.remove("v"))).await.unwrap_err();
    assert!(all_said(&refused).starts_with("read account failed: the row `MEM#mem_1` `ACCOUNT` cannot be read"));
    let refused = read(|row| drop(row.insert("ledger".to_owned(), text("many")))).await.unwrap_err();
    assert!(all_said(&refused).starts_with("read account failed: the row `MEM#mem_1` `ACCOUNT` cannot be read"));
}

#[tokio::test]
async fn no_error_shows_what_a_row_says_of_a_person() {
    let table = table().await;
    table.put_raw(stored_account()).await;
    let attributes = [("pk", "MEM#mem_1"), ("sk", "PROFILE"), ("id", "mem_1"), ("email", "mia.wong"), ("name", "Mia")];
    let mut profile = row(attributes.map(|(name, value)| (name, text(value))));
    profile.insert("v".to_owned(), number(1));
    table.put_raw(profile).await;
    let refused = table.store.member(&member()).await.err().unwrap();
    for shown in [all_said(&refused), format!("{refused:?}")] {
        assert!(shown.contains("PROFILE") && !shown.to_lowercase().contains("mia"), "{shown}");
    }
}
