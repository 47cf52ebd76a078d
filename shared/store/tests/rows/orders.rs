//! Orders and what they changed.

use rules::{order::Order, points::Points, purchases::Contribution};
use store::{OrderContext, Write};

use crate::{
    shop::*,
    table::{Table, table},
};

#[tokio::test]
async fn an_order_and_all_that_it_changed_are_read_as_they_were_written() {
    let Table { store, .. } = table().await;
    let now = at("2026-06-18T10:00:00.123456789Z");
    let (order, settled) = settled(1, paid(5, 39_99, now), guest(now), now);
    let (account, entries) = (settled.account.clone(), settled.entries.clone());
    store.commit(order_plan(order.clone(), settled)).await.unwrap();

    assert_eq!(store.order(&order.key).await.unwrap(), Some(order));
    assert_eq!(store.account(&mia()).await.unwrap(), Some(account));
    assert_eq!(store.entry(&mia(), 1).await.unwrap().as_ref(), entries.first());
    assert_eq!(store.entries(&mia(), None, 10).await.unwrap(), entries);
    let changes = store.tier_changes(&mia(), None, 100).await.unwrap();
    assert_eq!(changes.iter().map(|change| change.to.tier.as_str()).collect::<Vec<_>>(), ["silver"]);
}

#[tokio::test]
async fn an_order_that_nobody_has_heard_of_is_nothing() {
    let Table { store, .. } = table().await;
    let context = store.order_context(&order_key(1), Some(&customer_key("1")), Some(&email_key()), &[]).await.unwrap();
    assert_eq!(context, OrderContext::default());
    assert_eq!(store.order(&order_key(1)).await.unwrap(), None);
    assert_eq!(store.account(&mia()).await.unwrap(), None);
    assert_eq!(store.member(&mia()).await.unwrap(), None);
    assert_eq!(store.entries(&mia(), None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn numbers_of_64_bits_stay_exact() {
    let Table { store, .. } = table().await;
    let now = at("2026-06-18T10:00:00Z");
    let (mut account, _) = adjusted(guest(now), i64::MAX, now);
    account.debt = Points::new(i64::MIN + 1);
    let purchase = Contribution { spend: i64::MAX, points: i64::MIN, orders: 1 };
    account.purchases.replace(now, Default::default(), purchase).unwrap();
    store.commit(plan([account_of_mia(account.clone())])).await.unwrap();
    assert_eq!(store.account(&mia()).await.unwrap(), Some(account));

    let mut order = Order { version: 1, ..Order::unknown(order_key(1)) };
    order.facts = paid(1, i64::MAX, now);
    store.commit(plan([Write::Order(order.clone())])).await.unwrap();
    assert_eq!(store.order(&order.key).await.unwrap(), Some(order));
}

#[tokio::test]
async fn the_pointer_to_an_order_comes_and_goes() {
    let table = table().await;
    let row = || table.raw("MEM#mem_019ec2b2a53072c19a7d5f4f4f6e1a2b", "ORD#shopify:green-leaf-tea.myshopify.com#1");
    let (member, order) = (mia(), order_key(1));
    let point = Write::OrderPointer { member: member.clone(), order: order.clone() };
    table.store.commit(plan([point])).await.unwrap();
    assert!(row().await.is_some());
    table.store.commit(plan([Write::RemoveOrderPointer { member, order }])).await.unwrap();
    assert!(row().await.is_none());
}
