//! The table, and reading one row or a run of rows from it.

use aws_sdk_dynamodb::{
    Client,
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity},
};
use serde::de::DeserializeOwned;

use crate::{
    error::StoreError,
    keys::{Key, PK, SK},
    row::{self, Item, RowError},
};

/// The one table of a deployment. Cloning shares the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
}

impl Store {
    pub fn new(client: Client, table: impl Into<String>) -> Store {
        Store { client, table: table.into() }
    }

    /// The row as it was last committed.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        self.get_by(operation, key, true).await
    }

    /// The row as it was a moment ago, at half the price.
    pub(crate) async fn get_lately<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        self.get_by(operation, key, false).await
    }

    async fn get_by<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        key: &Key,
        consistent: bool,
    ) -> Result<Option<T>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(consistent)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .send()
            .await
            .map_err(|error| StoreError::of_call(operation, error))?;
        answer.item.map(|item| row::read(item).map_err(|error| StoreError::new(operation, error))).transpose()
    }

    /// The rows of a partition between two sort keys, both included, as they were last committed.
    pub(crate) fn between(&self, partition: &str, first: &str, last: &str) -> QueryFluentBuilder {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        self.client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(partition))
            .expression_attribute_values(":first", text(first))
            .expression_attribute_values(":last", text(last))
    }

    /// Reads page after page until there are `limit` rows, one is not wanted, or there are no more.
    pub(crate) async fn query_while<T>(
        &self,
        operation: &'static str,
        query: QueryFluentBuilder,
        limit: usize,
        read: impl Fn(Item) -> Result<T, RowError>,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        let mut items = query.into_paginator().items().send();
        while rows.len() < limit {
            let Some(item) = items.next().await else { break };
            let item = item.map_err(|error| StoreError::of_call(operation, error))?;
            let row = read(item).map_err(|error| StoreError::new(operation, error))?;
            if !wanted(&row) {
                break;
            }
            rows.push(row);
        }
        Ok(rows)
    }
}
