//! How far a scenario has worked through the due index.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnConsumedCapacity},
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{error::StoreError, keys, row, table::Store};

#[derive(Deserialize)]
struct Cursor {
    at: Timestamp,
}

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn cursor(&self, scenario: &str) -> Result<Option<Timestamp>, StoreError> {
        let cursor: Option<Cursor> = self.get("read cursor", &keys::cursor(scenario)).await?;
        Ok(cursor.map(|cursor| cursor.at))
    }

    /// Moves the cursor on; one that is further already stays where it is.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be written.
    pub async fn move_cursor(&self, scenario: &str, to: Timestamp) -> Result<(), StoreError> {
        let moved = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::cursor(scenario).attributes()))
            .update_expression("SET #at = :to, #v = :v")
            .condition_expression("attribute_not_exists(#at) OR #at < :to")
            .expression_attribute_names("#at", "at")
            .expression_attribute_names("#v", row::FORMAT)
            // all nine digits, so that the texts compare as the instants do
            .expression_attribute_values(":to", AttributeValue::S(format!("{to:.9}")))
            .expression_attribute_values(":v", row::format())
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .send()
            .await;
        let is_further = UpdateItemError::is_conditional_check_failed_exception;
        match moved {
            Err(error) if !error.as_service_error().is_some_and(is_further) => {
                Err(StoreError::of_call("move cursor", error))
            }
            _ => Ok(()),
        }
    }
}
