//! The cost of a run grows with what is due, never with the number of members.

use std::{collections::BTreeSet, ops::Range};

use tests::payloads::email;

use crate::*;

const ORDER: u64 = 6_120_000_000_001;
/// One more than ten pages of a shard of the index, in which all but the first are: wherever that one is, as many pages
/// are read.
const DUE: u64 = 1_001;
const MEMBERS: [u64; 3] = [1_000, 10_000, 100_000];
/// So many are imported at once.
const AT_ONCE: usize = 1_000;
const SHARDS: u64 = 8;

/// What one run took, and to how many a mail went out. Its trips are not compared: sixteen are sent at once, and who
/// answers first decides which of their calls share a trip.
#[derive(Debug, PartialEq)]
struct Run {
    mails: u64,
    calls: usize,
    read_units: f64,
    write_units: f64,
}

/// A shop of so many members: of some an invitation is due, and of all others later, of half of them in this hour.
async fn shop_of(members: u64, due: u64) -> (Shop, Ses) {
    let (shop, ses) = shop_that_invites().await;
    let now_due = member(&shop, 1).await;
    delivered(&shop, 1, four_days_ago()).await;
    let mut patterns = Vec::new();
    for (number, later) in [(2, SignedDuration::from_mins(30)), (3, SignedDuration::from_hours(24))] {
        let id = member(&shop, number).await;
        delivered(&shop, number, four_days_ago() + later).await;
        patterns.push(shop.pattern(&id, number, ORDER + number).only(&["ACCOUNT", "PROFILE", "MSG#"]));
    }
    // all in one shard, so that a page of it is full
    let copied = shop.pattern(&now_due, 1, ORDER + 1);
    shop.import_rows((4..due + 3).flat_map(|number| copied.copy(number, ORDER + number, 0)).collect());
    for others in in_parts(due + 3..members) {
        let copy = |number: u64| {
            let pattern = &patterns[usize::try_from(number / SHARDS % 2).unwrap()];
            pattern.copy(number, ORDER + number, u8::try_from(number % SHARDS).unwrap())
        };
        shop.import_rows(others.flat_map(copy).collect());
    }
    shop.move_clock(at(NOW) + SignedDuration::from_mins(10));
    (shop, ses)
}

fn in_parts(numbers: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    numbers.clone().step_by(AT_ONCE).map(move |first| first..numbers.end.min(first + AT_ONCE as u64))
}

async fn run_of(members: u64, due: u64) -> Run {
    let (shop, ses) = shop_of(members, due).await;
    let took = cost_of_run(&shop).await;
    let everybody: BTreeSet<_> = ses.taken().into_iter().map(|mail| mail.to).collect();
    assert!(everybody.contains(&email(1)) && !everybody.contains(&email(2)));
    assert_eq!(everybody.len(), ses.taken().len(), "nobody had two");
    Run {
        mails: everybody.len() as u64,
        calls: took.calls.len(),
        read_units: took.read_units,
        write_units: took.write_units,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_costs_the_same_among_a_thousand_members_and_a_hundred_thousand() {
    let mut runs = Vec::new();
    for members in MEMBERS {
        runs.push(run_of(members, DUE).await);
    }
    assert!(runs.iter().all(|run| *run == runs[0] && run.mails == DUE), "{runs:?}");
}
