//! Products.

use rules::{ids::ProductId, product::Product};

use crate::{error::StoreError, keys, table::Store};

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn product(&self, id: &ProductId) -> Result<Option<Product>, StoreError> {
        self.get("read product", &keys::product(id)).await
    }
}
