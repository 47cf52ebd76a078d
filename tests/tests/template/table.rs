//! The table is the one that the store makes for itself.

use aws_sdk_dynamodb::types::KeySchemaElement;
use serde_json::{Value, json};
use store::Store;

use crate::{database, document::template};

#[tokio::test]
async fn the_table_has_the_keys_the_index_and_the_expiry_that_the_store_creates() {
    let table = &template()["Resources"]["Table"]["Properties"];
    let created = created_by_the_store().await;
    for part in
        ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "TimeToLiveSpecification"]
    {
        assert_eq!(table[part], created[part], "{part}");
    }
}

#[test]
fn the_table_is_encrypted_can_be_restored_and_outlives_its_stack() {
    let table = &template()["Resources"]["Table"];
    assert_eq!(table["Properties"]["PointInTimeRecoverySpecification"], json!({"PointInTimeRecoveryEnabled": true}));
    assert_eq!(table["Properties"]["SSESpecification"], json!({"SSEEnabled": true}));
    assert_eq!((&table["DeletionPolicy"], &table["UpdateReplacePolicy"]), (&json!("Retain"), &json!("Retain")));
}

/// The table that the store makes for itself on this machine, in the words of the template.
async fn created_by_the_store() -> Value {
    let client = database::client(&database::serve().await, None);
    Store::new(client.clone(), "regulars").create_table().await.unwrap();

    let table = client.describe_table().table_name("regulars").send().await.unwrap().table.unwrap();
    let expiry = client.describe_time_to_live().table_name("regulars").send().await.unwrap();
    let expiry = expiry.time_to_live_description.unwrap();
    let attributes = table.attribute_definitions().iter();
    let indexes = table.global_secondary_indexes().iter().map(|index| {
        json!({
            "IndexName": index.index_name(),
            "KeySchema": key_schema(index.key_schema()),
            "Projection": {"ProjectionType": index.projection().unwrap().projection_type().unwrap().as_str()},
        })
    });
    json!({
        "AttributeDefinitions": attributes
            .map(|one| json!({"AttributeName": one.attribute_name(), "AttributeType": one.attribute_type().as_str()}))
            .collect::<Vec<_>>(),
        "KeySchema": key_schema(table.key_schema()),
        "GlobalSecondaryIndexes": indexes.collect::<Vec<_>>(),
        "BillingMode": table.billing_mode_summary().unwrap().billing_mode().unwrap().as_str(),
        "TimeToLiveSpecification": {"AttributeName": expiry.attribute_name(), "Enabled": true},
    })
}

fn key_schema(elements: &[KeySchemaElement]) -> Value {
    let one =
        |key: &KeySchemaElement| json!({"AttributeName": key.attribute_name(), "KeyType": key.key_type().as_str()});
    elements.iter().map(one).collect()
}
