//! The due index and its cursor.

use rules::{account::Account, ids::MemberId};
use store::{Due, DueAt, DueHour, DuePage, DueRow, SHARDS, Write};

use crate::{
    shop::*,
    table::{Table, table},
};

/// Whatever the instant.
fn all() -> DuePage<'static> {
    DuePage { until: at("2999-01-01T00:00:00Z"), after: None, limit: 100 }
}

fn member(due: &Due) -> MemberId {
    let DueRow::Account(member) = &due.row else { panic!("{due:?}") };
    member.clone()
}

/// The members in all shards of one hour.
async fn due(table: &Table, hour: &str) -> Vec<MemberId> {
    let mut members = Vec::new();
    for shard in 0..SHARDS {
        members.extend(table.store.due("tiers", DueHour::of(at(hour)), shard, all()).await.unwrap().iter().map(member));
    }
    members.sort();
    members
}

fn reviewed(member: &MemberId, version: u64, due: Option<&str>) -> Write {
    let now = at("2026-06-01T00:00:00Z");
    let due = due.map(|due| DueAt { scenario: "tiers", hour: DueHour::of(at(due)), at: at(due) });
    let account = Account { version, ..guest(now) };
    Write::Account { member: member.clone(), account, due }
}

#[tokio::test]
async fn an_hour_has_the_members_that_fall_due_in_it_and_no_others() {
    let table = table().await;
    let members: Vec<_> = (0..20).map(|number| MemberId::parse(&format!("mem_{number:02}")).unwrap()).collect();
    let (now, later) = members.split_at(15);
    let writes = now.iter().map(|member| reviewed(member, 1, Some("2026-06-18T10:59:59Z")));
    table.store.commit(plan(writes)).await.unwrap();
    let writes = later.iter().map(|member| reviewed(member, 1, Some("2026-06-18T11:00:00Z")));
    table.store.commit(plan(writes)).await.unwrap();
    assert_eq!(due(&table, "2026-06-18T10:00:00Z").await, now);
    assert_eq!(due(&table, "2026-06-18T11:00:00Z").await, later);
    assert_eq!(due(&table, "2026-06-18T12:00:00Z").await, []);
}

#[tokio::test]
async fn the_hour_in_which_a_job_looks_may_be_another_than_the_due_one() {
    let table = table().await;
    let (day, due_at) = ("2026-06-18T00:00:00Z", "2026-06-18T10:30:00Z");
    let by_day = Some(DueAt { scenario: "tiers", hour: DueHour::of(at(day)), at: at(due_at) });
    let Write::Account { member, account, .. } = reviewed(&mia(), 1, None) else { panic!("an account") };
    table.store.commit(plan([Write::Account { member, account, due: by_day }])).await.unwrap();
    assert_eq!((due(&table, day).await, due(&table, due_at).await), (vec![mia()], vec![]));
}

#[tokio::test]
async fn a_moved_due_date_leaves_the_old_hour_and_none_leaves_the_index() {
    let table = table().await;
    let (then, later) = ("2026-06-18T10:30:00Z", "2027-06-18T10:30:00Z");
    table.store.commit(plan([reviewed(&mia(), 1, Some(then))])).await.unwrap();
    table.store.commit(plan([reviewed(&mia(), 2, Some(later))])).await.unwrap();
    assert_eq!((due(&table, then).await, due(&table, later).await), (vec![], vec![mia()]));
    table.store.commit(plan([reviewed(&mia(), 3, None)])).await.unwrap();
    assert_eq!(due(&table, later).await, []);
}

#[tokio::test]
async fn what_is_due_first_is_read_first_and_no_more_than_asked_for() {
    let table = table().await;
    let hour = DueHour::of(at("2026-06-18T10:00:00Z"));
    let members: Vec<_> = (0..24).map(|number| MemberId::parse(&format!("mem_{number:02}")).unwrap()).collect();
    let writes = members.iter().enumerate().map(|(index, member)| {
        let due = format!("2026-06-18T10:{:02}:00Z", 59 - index);
        reviewed(member, 1, Some(&due))
    });
    table.store.commit(plan(writes)).await.unwrap();
    for shard in 0..SHARDS {
        let dues = table.store.due("tiers", hour, shard, all()).await.unwrap();
        let found: Vec<_> = dues.iter().map(member).collect();
        let latest_first: Vec<_> = members.iter().filter(|member| found.contains(member)).cloned().collect();
        assert_eq!(found, latest_first.into_iter().rev().collect::<Vec<_>>());
        let (first, rest) = dues.split_at(1);
        let two = table.store.due("tiers", hour, shard, DuePage { limit: 2, ..all() }).await.unwrap();
        assert_eq!(two, dues.iter().take(2).cloned().collect::<Vec<_>>());
        let after = table.store.due("tiers", hour, shard, DuePage { after: first.first(), ..all() }).await.unwrap();
        assert_eq!(after, rest);
        assert_eq!(table.store.due("tiers", hour, shard, DuePage { limit: 0, ..all() }).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_is_not_due_yet_is_not_read() {
    let table = table().await;
    let hour = DueHour::of(at("2026-06-18T10:00:00Z"));
    table.store.commit(plan([reviewed(&mia(), 1, Some("2026-06-18T10:30:00Z"))])).await.unwrap();
    for (until, count) in [("2026-06-18T10:29:59.9Z", 0), ("2026-06-18T10:30:00Z", 1), ("2026-06-18T11:30:00Z", 1)] {
        let mut found = 0;
        for shard in 0..SHARDS {
            let page = DuePage { until: at(until), ..all() };
            found += table.store.due("tiers", hour, shard, page).await.unwrap().len();
        }
        assert_eq!(found, count, "{until}");
    }
}

#[tokio::test]
async fn a_cursor_never_goes_backwards() {
    let Table { store, .. } = table().await;
    assert_eq!(store.cursor("tiers").await.unwrap(), None);
    for (to, then) in [
        ("2026-06-18T10:00:00Z", "2026-06-18T10:00:00Z"),
        ("2026-06-18T09:00:00Z", "2026-06-18T10:00:00Z"),
        ("2026-06-18T10:00:00.5Z", "2026-06-18T10:00:00.5Z"),
        ("2026-06-18T10:00:00Z", "2026-06-18T10:00:00.5Z"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ] {
        store.move_cursor("tiers", at(to)).await.unwrap();
        assert_eq!(store.cursor("tiers").await.unwrap(), Some(at(then)), "moved to {to}");
    }
    assert_eq!(store.cursor("reviews").await.unwrap(), None);
}
