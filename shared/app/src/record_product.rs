//! What a storefront tells of a product.

use rules::{
    ids::Source,
    product::{Listed, Listing, Product},
    register::Register,
    web_address::HttpsAddress,
};
use store::{Plan, Write};
use storefront::event::{ProductEvent, ProductNews};

use crate::{
    App,
    error::{AppError, Attempt},
    record_order::Recorded,
};

impl App {
    /// Keeps what is newer than what is known.
    ///
    /// # Errors
    /// `Busy` if others change the same product for too long.
    pub async fn record_product(&self, source: &Source, event: &ProductEvent) -> Result<Recorded, AppError> {
        self.until_committed(|| self.try_record_product(source, event)).await
    }

    async fn try_record_product(&self, source: &Source, event: &ProductEvent) -> Result<Recorded, Attempt> {
        let known = self.store.product(&event.id).await?;
        let before = known.unwrap_or_else(|| Product::unknown(event.id.clone()));
        let mut product = match &event.news {
            ProductNews::Deleted { at } => before.delete(*at),
            ProductNews::Listed { listing, page_path, updated_at } => {
                let listing = with_page(listing.clone(), source, page_path.as_deref());
                let listed = Listed { source: source.clone(), listing };
                before.learn(Register::new(*updated_at, listed).map_err(AppError::Unwritable)?)
            }
        };
        if product == before {
            return Ok(Recorded::Known);
        }
        product.version += 1;
        self.store.commit(Plan { writes: vec![Write::Product(product)] }).await?;
        Ok(Recorded::Kept)
    }
}

/// The domain is the source's own name: the secret that signed the event decided it.
fn with_page(listing: Listing, source: &Source, path: Option<&str>) -> Listing {
    let domain = source.as_str().split_once(':').map(|(_, domain)| domain);
    let page = domain.zip(path).and_then(|(domain, path)| HttpsAddress::parse(&format!("https://{domain}{path}")).ok());
    Listing { url: listing.url.or(page), ..listing }
}
