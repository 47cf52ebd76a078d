//! Members, and what leads to them.

use aws_sdk_dynamodb::types::AttributeValue;
use rules::ids::MemberId;
use store::{CommitError, Write};

use crate::{
    shop::*,
    table::{Table, table},
};

#[tokio::test]
async fn purchases_are_stored_as_bytes() {
    let table = table().await;
    let now = at("2026-06-18T10:00:00Z");
    let (order, settled) = settled(1, paid(1, 10_00, now), guest(now), now);
    table.store.commit(order_plan(order, settled)).await.unwrap();
    let row = table.raw(&format!("MEM#{}", mia()), "ACCOUNT").await.unwrap();
    assert!(row["purchases"].is_b(), "{:?}", row["purchases"]);
    assert_eq!(row["v"], AttributeValue::N("1".to_owned()));
}

#[tokio::test]
async fn a_member_is_both_rows_read_at_once() {
    let Table { store, .. } = table().await;
    let (account, entries) = adjusted(guest(at("2026-06-01T00:00:00Z")), 100, at("2026-06-01T00:00:00Z"));
    let writes = [account_of_mia(account.clone()), Write::Profile(profile())];
    store.commit(plan(writes.into_iter().chain(entries))).await.unwrap();
    let (stored, with) = store.member(&mia()).await.unwrap().unwrap();
    assert!(stored == profile());
    assert_eq!(with, account);
}

#[tokio::test]
async fn a_profile_without_its_account_is_not_written() {
    let Table { store, .. } = table().await;
    let refused = store.commit(plan([Write::Profile(profile())])).await.unwrap_err();
    assert!(matches!(&refused, CommitError::Store(error) if !error.is_unavailable()), "{refused:?}");
}

#[tokio::test]
async fn accounts_come_in_the_order_in_which_they_are_asked_for_also_twice() {
    let Table { store, .. } = table().await;
    let now = at("2026-06-01T00:00:00Z");
    let (account, _) = adjusted(guest(now), 100, now);
    store.commit(plan([account_of_mia(account.clone())])).await.unwrap();
    let nobody = MemberId::parse("mem_nobody").unwrap();
    let accounts = store.accounts(&[nobody, mia(), mia()]).await.unwrap();
    assert_eq!(accounts, [None, Some(account.clone()), Some(account)]);
    assert_eq!(store.accounts(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn more_accounts_than_one_call_takes_are_all_read() {
    let Table { store, .. } = table().await;
    let now = at("2026-06-01T00:00:00Z");
    let members: Vec<_> = (0..120).map(|number| MemberId::parse(&format!("mem_{number}")).unwrap()).collect();
    for some in members.chunks(20) {
        let accounts = some.iter().map(|member| {
            let account = adjusted(guest(now), 100, now).0;
            Write::Account { member: member.clone(), account, due: None }
        });
        store.commit(plan(accounts)).await.unwrap();
    }
    let accounts = store.accounts(&members).await.unwrap();
    assert!(accounts.len() == 120 && accounts.iter().all(Option::is_some));
}

#[tokio::test]
async fn customers_and_addresses_lead_to_their_member() {
    let Table { store, .. } = table().await;
    let customer = Write::Customer { customer: customer_key("26"), member: mia() };
    store.commit(plan([customer, Write::Email { key: email_key(), member: mia() }])).await.unwrap();

    let lookups = store.lookups(&[customer_key("27"), customer_key("26")], Some(&email_key())).await.unwrap();
    assert_eq!((lookups.by_customer, lookups.by_email), (vec![None, Some(mia())], Some(mia())));
    let context = store.order_context(&order_key(1), Some(&customer_key("26")), Some(&email_key()), &[]).await.unwrap();
    assert_eq!((context.order, context.by_customer, context.by_email), (None, Some(mia()), Some(mia())));

    let somebody_else = MemberId::parse("mem_somebody_else").unwrap();
    let theft =
        store.commit(plan([Write::RemoveEmail { key: email_key(), member: somebody_else, remember: false }])).await;
    assert!(matches!(theft, Err(CommitError::Conflict)), "{theft:?}");
    store.commit(plan([Write::RemoveEmail { key: email_key(), member: mia(), remember: false }])).await.unwrap();
    let lookups = store.lookups(&[], Some(&email_key())).await.unwrap();
    assert_eq!((lookups.by_customer, lookups.by_email), (vec![], None));
}

#[tokio::test]
async fn a_customer_or_an_address_stands_for_one_member_only() {
    let Table { store, .. } = table().await;
    let other = MemberId::parse("mem_other").unwrap();
    let customer = |member| plan([Write::Customer { customer: customer_key("26"), member }]);
    let email = |member| plan([Write::Email { key: email_key(), member }]);
    store.commit(customer(mia())).await.unwrap();
    store.commit(email(mia())).await.unwrap();
    assert!(matches!(store.commit(customer(other.clone())).await, Err(CommitError::Conflict)));
    assert!(matches!(store.commit(email(other)).await, Err(CommitError::Conflict)));
    let lookups = store.lookups(&[customer_key("26")], Some(&email_key())).await.unwrap();
    assert_eq!((lookups.by_customer, lookups.by_email), (vec![Some(mia())], Some(mia())));
}
