//! What the local machine asks of the table as a whole, by scans that no function may make.

use std::error::Error;

use aws_sdk_dynamodb::{Client, operation::scan::builders::ScanFluentBuilder, types::AttributeValue};
use jiff::Timestamp;

const MEMBERS: &str = "MEM#";
const CURSORS: &str = "CURSOR#";

#[derive(Debug, thiserror::Error)]
#[error("the table cannot be read as a whole")]
pub(crate) struct TableError(#[source] Box<dyn Error + Send + Sync>);

pub(crate) struct Table {
    client: Client,
    name: &'static str,
}

impl Table {
    pub(crate) fn new(client: Client, name: &'static str) -> Table {
        Table { client, name }
    }

    pub(crate) async fn has_members(&self) -> Result<bool, TableError> {
        let mut rows = self.rows_of("pk", MEMBERS).into_paginator().items().send();
        Ok(rows.try_next().await.map_err(failed)?.is_some())
    }

    /// The first instant at which a scenario has work, if there is any.
    pub(crate) async fn first_due(&self, scenario: &str) -> Result<Option<Timestamp>, TableError> {
        let due = self.rows_of("gsi1pk", &format!("DUE#{scenario}#")).index_name("gsi1");
        let mut rows = due.into_paginator().items().send();
        let mut first: Option<Timestamp> = None;
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let at = row.get("gsi1sk").and_then(|place| place.as_s().ok()?.split_once('#')?.0.parse().ok());
            first = first.into_iter().chain(at).min();
        }
        Ok(first)
    }

    /// Forgets how far the schedules have worked.
    pub(crate) async fn forget_cursors(&self) -> Result<(), TableError> {
        let mut rows = self.rows_of("pk", CURSORS).into_paginator().items().send();
        while let Some(mut row) = rows.try_next().await.map_err(failed)? {
            row.retain(|name, _| name == "pk" || name == "sk");
            let delete = self.client.delete_item().table_name(self.name).set_key(Some(row));
            delete.send().await.map_err(failed)?;
        }
        Ok(())
    }

    fn rows_of(&self, key: &str, prefix: &str) -> ScanFluentBuilder {
        self.client
            .scan()
            .table_name(self.name)
            .filter_expression("begins_with(#key, :prefix)")
            .expression_attribute_names("#key", key)
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
    }
}

fn failed(error: impl Error + Send + Sync + 'static) -> TableError {
    TableError(Box::new(error))
}
