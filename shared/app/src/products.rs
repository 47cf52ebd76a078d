//! A product: reading it, and the merchant's guides to it.

use rules::{
    ids::ProductId,
    product::{Guide, Product},
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

impl App {
    /// # Errors
    /// `UnknownProduct` if neither a storefront nor the merchant has told of it.
    pub async fn product(&self, id: &ProductId) -> Result<Product, AppError> {
        self.store.product(id).await?.ok_or(AppError::UnknownProduct)
    }

    /// Replaces the guides, also of a product that no storefront has told of yet.
    ///
    /// # Errors
    /// `Busy` if others change the same product for too long.
    pub async fn put_guides(&self, id: &ProductId, guides: &[Guide]) -> Result<Product, AppError> {
        self.until_committed(|| self.try_put_guides(id, guides)).await
    }

    async fn try_put_guides(&self, id: &ProductId, guides: &[Guide]) -> Result<Product, Attempt> {
        let known = self.store.product(id).await?;
        let known = known.unwrap_or_else(|| Product::unknown(id.clone()));
        if known.guides == guides && known.version > 0 {
            return Ok(known);
        }
        let product = Product { version: known.version + 1, guides: guides.to_vec(), ..known };
        self.store.commit(Plan { writes: vec![Write::Product(product.clone())] }).await?;
        Ok(product)
    }
}
