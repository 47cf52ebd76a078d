use indicatif::ProgressBar;
use jiff::SignedDuration;
use local::demo::{Demo, DemoError};
use web::clock::Clock;

use crate::start;

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_the_shop_adds_up_and_leaves_the_clock_at_the_present() {
    let running = start().await;
    let demo = Demo { people: 60, seed: 7 };
    let summary = demo.play(&running.client, &ProgressBar::hidden()).await.unwrap();
    assert_eq!(summary.unlawful, Vec::<String>::new());
    assert!(summary.members >= 50, "{summary}");
    assert_eq!(summary.members, summary.enrolled + summary.guests);
    assert_eq!(summary.members, summary.tiers.values().sum::<u64>());
    assert_eq!(summary.events, summary.posted + summary.known + summary.waiting + summary.ignored);
    assert!(summary.repeated > 0 && summary.known >= summary.repeated, "{summary}");
    let ledgers = summary.ledgers;
    assert!(ledgers.earned > 0 && ledgers.taken_back > 0 && summary.pending > 0, "{summary}");
    let balance = summary.available + summary.pending + summary.held - summary.debt;
    assert_eq!(balance, ledgers.sum());
    assert!(ledgers.redeemed > 0 && ledgers.captured > 0, "{summary}");
    assert!(ledgers.activities > 0 && ledgers.referrals > 0 && ledgers.merges > 0, "{summary}");
    assert!(summary.coupons > summary.coupons_used && summary.coupons_used > 0, "{summary}");
    assert!(summary.told >= summary.listed && summary.listed > 0, "{summary}");
    let behind = Clock::System.now().duration_since(running.now().await);
    assert!(behind.abs() < SignedDuration::from_secs(10), "{behind}");

    let again = demo.play(&running.client, &ProgressBar::hidden()).await;
    assert!(matches!(again, Err(DemoError::HasMembers)), "{again:?}");
}
