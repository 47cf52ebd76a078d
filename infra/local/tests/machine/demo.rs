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
    let mail = &summary.mail;
    assert_eq!(mail.wrong, Vec::<String>::new());
    assert!(mail.sum() > 100 && mail.unknown == 0, "{summary}");
    assert!(mail.sent.contains_key("review_invitation_1") && mail.skipped.contains_key("no_consent"), "{summary}");
    assert!(mail.bounced > 0 && mail.complained > 0 && mail.skipped.contains_key("suppressed"), "{summary}");
    assert!(mail.left_by_mail > 0 && summary.withdrawn >= mail.left_by_mail, "{summary}");
    assert!(mail.reviews_by_mail > 0 && mail.reviews[..3].iter().sum::<u64>() > 0 && mail.reviews[4] > 0, "{summary}");
    let cases = ["bad_review resolved", "marketing_stopped resolved"];
    assert!(cases.iter().all(|case| mail.cases.contains_key(*case)), "{summary}");
    let behind = Clock::System.now().duration_since(running.now().await);
    assert!(behind.abs() < SignedDuration::from_secs(10), "{behind}");

    let again = demo.play(&running.client, &ProgressBar::hidden()).await;
    assert!(matches!(again, Err(DemoError::HasMembers)), "{again:?}");
}
