//! What the page of a mail does with what is written on it.

use app::AppError;
use rules::{
    ids::{MemberId, OrderKey, ProductId},
    points::Points,
    review::{ReviewSource, ReviewState},
    review_draft::{RawDraft, ReviewDraft},
};
use serde_json::json;
use tests::{
    Shop,
    payloads::cancelled,
    shop::{ADMIN, SOURCE},
};

use crate::{ORDER, PRODUCT, SECOND, balance, each, later, listed, order, shop_with_buyer};

fn draft(product: &str, rating: i64, text: &str) -> ReviewDraft {
    let raw = RawDraft { rating, text: Some(text), ..RawDraft::default() };
    ReviewDraft::parse(ProductId::parse(product).unwrap(), &raw).unwrap()
}

fn key(id: u64) -> OrderKey {
    serde_json::from_value(json!({"source": SOURCE, "id": id.to_string()})).unwrap()
}

async fn record(
    shop: &Shop,
    member: &str,
    order: u64,
    drafts: Vec<ReviewDraft>,
) -> Result<Vec<app::record_review::Reviewed>, AppError> {
    let member = MemberId::parse(member).unwrap();
    let (order, source) = (key(order), ReviewSource::Page);
    let recorded = shop.state.app.record_reviews(&member, &order, drafts, source, Some("de"), shop.now()).await;
    recorded.map_err(|interrupted| interrupted.error)
}

#[tokio::test]
async fn each_product_of_the_order_is_reviewed_and_earns() {
    let (shop, id) = shop_with_buyer().await;
    let drafts = || vec![draft(PRODUCT, 5, "Gut"), draft(SECOND, 2, "Nicht gut")];
    let reviewed = record(&shop, &id, ORDER, drafts()).await.unwrap();
    for one in &reviewed {
        assert_eq!(one.deed.as_ref().map(|deed| deed.points), Some(Points::new(50)));
        assert_eq!((one.review.state, one.review.verified_purchase), (ReviewState::Published, true));
        assert_eq!((one.review.order.as_ref(), one.review.locale.as_deref()), (Some(&key(ORDER)), Some("de")));
    }
    assert_eq!(balance(&shop, &id).await, 100);
    assert_eq!(listed(&shop, ADMIN, "/v1/cases").await.len(), 1);
    let rows = shop.rows().await;
    let again = record(&shop, &id, ORDER, drafts()).await.unwrap();
    assert!(again.iter().all(|one| !one.changed && one.deed.is_none()), "{again:?}");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_page_is_good_for_its_order_and_its_member_alone() {
    let (shop, id) = shop_with_buyer().await;
    let other = crate::buyer(&shop, 2).await;
    for (member, order) in [(&other, ORDER), (&id, ORDER + 1), (&id, ORDER + 7)] {
        let refused = record(&shop, member, order, vec![draft(PRODUCT, 5, "x")]).await;
        assert!(matches!(refused, Err(AppError::UnknownOrder)), "{refused:?}");
    }
    let refused = record(&shop, &id, ORDER, vec![draft(PRODUCT, 5, "x"), draft("8410000000009", 5, "x")]).await;
    assert!(matches!(refused, Err(AppError::NotInOrder(_))), "{refused:?}");
    assert!(listed(&shop, ADMIN, "/v1/reviews").await.is_empty());
}

#[tokio::test]
async fn a_page_that_is_opened_after_a_merge_or_a_return_still_works() {
    let (shop, id) = shop_with_buyer().await;
    let other = crate::buyer(&shop, 2).await;
    shop.merge(&id, &other).await;
    let reviewed = record(&shop, &id, ORDER, vec![draft(PRODUCT, 5, "x")]).await.unwrap();
    assert_eq!(reviewed[0].review.member.as_str(), other);
    shop.send("orders/cancelled", &cancelled(&order(1), shop.now())).await.is(200);
    assert_eq!(balance(&shop, &other).await, 0);
    later(&shop, 5);
    // the other's own order has both too
    let late = record(&shop, &id, ORDER, vec![draft(PRODUCT, 4, "y"), draft(SECOND, 4, "y")]).await.unwrap();
    assert_eq!((late[0].review.verified_purchase, late[1].review.verified_purchase), (true, true));
    assert_eq!(each(&listed(&shop, ADMIN, &format!("/v1/reviews?product_id={PRODUCT}")).await, "rating"), [4]);
}
