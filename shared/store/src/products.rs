//! Products.

use rules::{ids::ProductId, product::Product};

use crate::{
    error::StoreError,
    keys::{self, Key},
    table::Store,
};

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn product(&self, id: &ProductId) -> Result<Option<Product>, StoreError> {
        self.get("read product", &keys::product(id)).await
    }

    /// Those that there are, by one BatchGetItem for each hundred.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn products(&self, ids: &[ProductId]) -> Result<Vec<Product>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(keys::product).collect();
        let found = self.batch("read products", keys.iter().cloned()).await?;
        keys.iter().filter_map(|key| found.row(key).transpose()).collect()
    }
}
