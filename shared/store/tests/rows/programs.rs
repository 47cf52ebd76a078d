//! The versions of the program.

use rules::money::Currency;
use store::{CommitError, Write};

use crate::{
    shop::*,
    table::{Table, table},
};

#[tokio::test]
async fn the_versions_of_the_program_come_the_oldest_first() {
    let Table { store, .. } = table().await;
    assert_eq!(store.programs_after(0).await.unwrap().versions, []);
    let mut second = version(2);
    let rates = [("EUR", "1.081234"), ("JPY", "0.0067")];
    let rates = rates.map(|(code, rate)| (code.parse::<Currency>().unwrap(), rate.parse().unwrap()));
    second.program.earning.exchange_rates = rates.into();
    let sale = r#"{"id":"sale","multiplier":"1.5","stacks":true,
        "when":{"kind":"weekdays","days":["monday","sunday"],"zone":"Asia/Tokyo"}}"#;
    second.program.campaigns.push(serde_json::from_str(sale).unwrap());
    for version in [version(1), second.clone(), version(10)] {
        store.commit(plan([Write::Program(version)])).await.unwrap();
    }
    assert_eq!(store.programs_after(0).await.unwrap().versions, [version(1), second.clone(), version(10)]);
    assert_eq!(store.programs_after(1).await.unwrap().versions, [second, version(10)]);
    assert_eq!(store.programs_after(10).await.unwrap().versions, []);
    assert_eq!(store.programs_after(u64::MAX).await.unwrap().versions, []);
    assert!(matches!(store.commit(plan([Write::Program(version(2))])).await, Err(CommitError::Conflict)));
}
