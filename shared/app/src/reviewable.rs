//! What of an order its buyer can review.

use futures::{future::try_join_all, try_join};
use jiff::Timestamp;
use rules::{
    activity::Subject,
    byline::Byline,
    ids::{MemberId, OrderKey, ProductId},
    order::Order,
    review::Review,
};

use crate::{App, error::AppError, shop_face::ShopFace};

#[derive(Clone, Debug)]
pub struct Reviewable {
    pub shop: ShopFace,
    pub member: MemberId,
    /// BCP 47.
    pub locale: Option<String>,
    /// Those of which something was kept, each once, in the order of the lines. None where nothing was.
    pub products: Vec<ReviewableProduct>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewableProduct {
    pub id: ProductId,
    /// As the storefront lists it; unknown where it has told of no such product.
    pub title: Option<String>,
    pub image_url: Option<String>,
    /// What they have said of it before.
    pub reviewed: Option<Review>,
    /// The name that their review of it is shown under, unless they want none; none where none is known. A name that a
    /// review has stays its own.
    pub byline: Option<String>,
}

/// Of an order with more, the first ones are asked for.
const MAX_PRODUCTS: usize = 20;

impl App {
    /// # Errors
    /// `UnknownMember`, also where the member was erased; `UnknownOrder` if it is not theirs.
    pub async fn reviewable(
        &self,
        member: &MemberId,
        order: &OrderKey,
        now: Timestamp,
    ) -> Result<Reviewable, AppError> {
        let found = async { Ok::<_, AppError>(self.store.order(order).await?) };
        let ((profile, account), found, programs) =
            try_join!(self.load_member(member), found, self.programs_lately(now))?;
        let partitions: Vec<MemberId> = account.partitions(&profile.id).cloned().collect();
        let order = found.filter(|order| order.is_of(&partitions)).ok_or(AppError::UnknownOrder)?;
        let name = profile.name.as_deref();
        let shown = reviewable_products(&order).map(|id| self.shown(id, &partitions, name));
        let products = try_join_all(shown).await?;
        let shop = ShopFace::of(&programs.at(now).program);
        Ok(Reviewable { shop, products, member: profile.id, locale: profile.locale })
    }

    async fn shown(
        &self,
        id: ProductId,
        partitions: &[MemberId],
        name: Option<&str>,
    ) -> Result<ReviewableProduct, AppError> {
        let reviews = self.store.reviews_about(partitions, std::slice::from_ref(&id));
        let (product, reviews) = try_join!(self.store.product(&id), reviews)?;
        let reviewed = newest(reviews);
        let byline = reviewed.as_ref().and_then(|review| review.author.clone());
        let byline = byline.or_else(|| Byline::Initials.shown(name));
        let listing = product.and_then(|product| product.listed).map(|told| told.value.listing);
        let title = listing.as_ref().map(|listing| listing.title.as_str().to_owned());
        let image_url = listing.and_then(|listing| listing.image_url).map(String::from);
        Ok(ReviewableProduct { id, title, image_url, reviewed, byline })
    }
}

/// Of several, which members had who were merged, the one that was changed last.
pub(crate) fn newest(reviews: Vec<Review>) -> Option<Review> {
    reviews.into_iter().max_by_key(|review| review.updated_at)
}

fn reviewable_products(order: &Order) -> impl Iterator<Item = ProductId> {
    let kept = if order.is_kept() { order.kept_products() } else { Vec::new() };
    kept.into_iter().filter(|id| Subject::parse(id.as_str()).is_ok()).take(MAX_PRODUCTS)
}
