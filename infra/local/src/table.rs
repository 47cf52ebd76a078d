//! What the local machine asks of the table as a whole, by scans that no function may make.

use std::{collections::BTreeMap, error::Error};

use aws_sdk_dynamodb::{Client, operation::scan::builders::ScanFluentBuilder, types::AttributeValue};
use jiff::{SignedDuration, Timestamp};

/// The index has whole seconds.
const SECOND: SignedDuration = SignedDuration::from_secs(1);
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

    /// The first instant at which a scenario has work, of each that has any by then.
    pub(crate) async fn first_due(&self, until: Timestamp) -> Result<BTreeMap<String, Timestamp>, TableError> {
        let due = self.rows_of("gsi1pk", "DUE#").index_name("gsi1");
        let due = due
            .filter_expression("begins_with(#key, :prefix) AND gsi1sk < :after")
            .expression_attribute_values(":after", AttributeValue::S(format!("{:.0}", until + SECOND)));
        let mut rows = due.into_paginator().items().send();
        let mut first: BTreeMap<String, Timestamp> = BTreeMap::new();
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            let field = |name: &str| row.get(name).and_then(|value| value.as_s().ok()).map_or("", String::as_str);
            let scenario = field("gsi1pk").split('#').nth(1).unwrap_or_default();
            let at = field("gsi1sk").split('#').next().unwrap_or_default().parse::<Timestamp>();
            let Ok(at) = at else { continue };
            first.entry(scenario.to_owned()).and_modify(|first| *first = at.min(*first)).or_insert(at);
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
