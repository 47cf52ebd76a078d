//! The table itself, for local runs and tests; a deployment's is in its template.

use std::time::Duration;

use aws_sdk_dynamodb::{
    client::Waiters,
    error::BuildError,
    operation::create_table::{CreateTableError, builders::CreateTableFluentBuilder},
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType, TimeToLiveSpecification, TimeToLiveStatus,
    },
};

use crate::{
    error::{Cause, StoreError},
    keys::{DUE_INDEX, DUE_PK, DUE_SK, EXPIRES_AT, PK, SK},
    table::Store,
};

const OPERATION: &str = "create table";
const CREATED_WITHIN: Duration = Duration::from_secs(60);

impl Store {
    /// Creates the table unless it exists, and waits until it can be used.
    ///
    /// # Errors
    /// `StoreError` if it can neither be created nor used.
    pub async fn create_table(&self) -> Result<(), StoreError> {
        let create = self.description().map_err(|error| StoreError::new(OPERATION, Cause::Refused(Box::new(error))))?;
        match create.send().await {
            Err(error) if error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) => {}
            created => drop(created.map_err(|error| StoreError::of_call(OPERATION, error))?),
        }
        let usable = self.client.wait_until_table_exists().table_name(&self.table).wait(CREATED_WITHIN).await;
        usable.map_err(|error| StoreError::new(OPERATION, Cause::Unavailable(Box::new(error))))?;
        self.let_rows_expire().await
    }

    fn description(&self) -> Result<CreateTableFluentBuilder, BuildError> {
        let attributes = [PK, SK, DUE_PK, DUE_SK].map(|name| {
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
        });
        let due = GlobalSecondaryIndex::builder()
            .index_name(DUE_INDEX)
            .set_key_schema(Some(key_schema(DUE_PK, DUE_SK)?))
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
            .build()?;
        Ok(self
            .client
            .create_table()
            .table_name(&self.table)
            .set_attribute_definitions(Some(attributes.into_iter().collect::<Result<_, _>>()?))
            .set_key_schema(Some(key_schema(PK, SK)?))
            .global_secondary_indexes(due)
            .billing_mode(BillingMode::PayPerRequest))
    }

    async fn let_rows_expire(&self) -> Result<(), StoreError> {
        let known = self.client.describe_time_to_live().table_name(&self.table).send().await;
        let known = known.map_err(|error| StoreError::of_call(OPERATION, error))?;
        let status = known.time_to_live_description.and_then(|known| known.time_to_live_status);
        if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
            return Ok(());
        }
        let by = TimeToLiveSpecification::builder().attribute_name(EXPIRES_AT).enabled(true).build();
        let by = by.map_err(|error| StoreError::new(OPERATION, Cause::Refused(Box::new(error))))?;
        let update = self.client.update_time_to_live().table_name(&self.table).time_to_live_specification(by);
        update.send().await.map_err(|error| StoreError::of_call(OPERATION, error))?;
        Ok(())
    }
}

fn key_schema(partition: &str, sort: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    let element = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    Ok(vec![element(partition, KeyType::Hash)?, element(sort, KeyType::Range)?])
}
