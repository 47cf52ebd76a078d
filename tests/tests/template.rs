//! `infra/template.yaml` says what the code says: the table, the functions, their routes, rights and variables.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::KeySchemaElement;
use dynoxide::{Database, server};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};
use store::{ClientSettings, Store, dynamodb};
use tokio::net::TcpListener;
use web::routes::ROUTES;

const HOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

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

#[test]
fn every_folder_of_functions_is_deployed_and_nothing_else() {
    let folders = fs::read_dir(house("functions")).unwrap().map(|entry| entry.unwrap().file_name());
    let folders: BTreeSet<String> = folders.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(functions().into_keys().collect::<BTreeSet<_>>(), folders);
}

#[test]
fn every_function_is_built_by_cargo_lambda_for_arm64_with_limits_of_its_own() {
    let shared = &template()["Globals"]["Function"];
    assert_eq!((&shared["Architectures"], &shared["Runtime"]), (&json!(["arm64"]), &json!("provided.al2023")));
    for (name, function) in functions() {
        assert_eq!(function["Metadata"]["BuildMethod"], "rust-cargolambda", "{name}");
        assert!(function["Properties"]["Timeout"].is_u64() && function["Properties"]["MemorySize"].is_u64(), "{name}");
    }
}

#[test]
fn every_route_of_the_code_leads_to_its_function_and_no_other_route_exists() {
    let mut deployed = BTreeSet::new();
    for (name, function) in functions() {
        for event in events(&function, "HttpApi") {
            assert_eq!(event["ApiId"], json!({"Ref": "Api"}), "{name}");
            let (method, path) = (event["Method"].as_str().unwrap(), event["Path"].as_str().unwrap());
            assert!(deployed.insert((name.clone(), method.to_owned(), path.to_owned())), "{method} {path} twice");
        }
    }
    let served = ROUTES.iter().map(|(function, method, path)| (*function, *method, *path));
    let served: BTreeSet<_> = served.map(|(f, m, p)| (f.to_owned(), m.to_owned(), p.to_owned())).collect();
    assert_eq!(deployed, served);
}

#[test]
fn the_tiers_are_reviewed_daily() {
    let schedules: Vec<(String, Value)> = functions()
        .into_iter()
        .flat_map(|(name, function)| {
            events(&function, "ScheduleV2").into_iter().map(move |event| (name.clone(), event))
        })
        .collect();
    let [(name, schedule)] = schedules.as_slice() else { panic!("{schedules:?}") };
    assert_eq!(name, "tiers");
    let expression = schedule["ScheduleExpression"].as_str().unwrap();
    assert!(expression.ends_with(" * * ? *)"), "`{expression}` is not once a day");
}

#[test]
fn every_function_has_its_own_role_and_its_own_log_that_is_not_kept_for_ever() {
    let mut owned = BTreeSet::new();
    for (name, function) in functions() {
        let role = role_of(&function);
        let log = function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"].as_str().unwrap().to_owned();
        let group = &template()["Resources"][&log];
        assert_eq!(group["Type"], "AWS::Logs::LogGroup", "{name}");
        assert!(group["Properties"]["RetentionInDays"].is_u64(), "{name}");
        let writes_logs = json!({
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::GetAtt": format!("{log}.Arn")},
        });
        assert!(statements(&role).contains(&writes_logs), "{name}");
        assert!(owned.insert(role) && owned.insert(log), "{name} shares its role or its log");
    }
}

#[test]
fn a_role_names_each_action_on_the_table_and_only_tiers_reads_the_due_index() {
    let table = json!({"Fn::GetAtt": "Table.Arn"});
    let index = json!({"Fn::Sub": "${Table.Arn}/index/gsi1"});
    for (name, function) in functions() {
        for statement in statements(&role_of(&function)).iter().filter(|statement| is_on_database(statement)) {
            assert!(actions(statement).iter().all(|action| !action.contains('*')), "{name}");
            let reads_index = statement["Resource"] == index && name == "tiers" && actions(statement) == ["Query"];
            assert!(statement["Resource"] == table || reads_index, "{name}: {statement}");
        }
    }
}

#[test]
fn the_roles_together_allow_what_the_store_calls_and_nothing_else() {
    let roles: Vec<String> = functions().values().map(role_of).collect();
    let statements = roles.iter().flat_map(|role| statements(role)).filter(is_on_database);
    let allowed: BTreeSet<String> = statements.flat_map(|statement| actions(&statement)).collect();
    assert_eq!(allowed, called_by_the_store());
}

#[test]
fn a_function_gets_the_variables_that_it_reads_and_lambda_does_not_set() {
    let given = &template()["Globals"]["Function"]["Environment"]["Variables"];
    let given: BTreeSet<&str> = given.as_object().unwrap().keys().map(String::as_str).collect();
    let config = fs::read_to_string(house("shared/web/src/config.rs")).unwrap();
    let read = config.split("variable(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let read: BTreeSet<&str> = read.filter(|name| !name.starts_with("AWS_")).collect();
    assert_eq!(given, read);
}

#[test]
fn the_secrets_are_one_version_of_one_secret_and_in_no_parameter() {
    let template = template();
    let secrets = &template["Globals"]["Function"]["Environment"]["Variables"]["REGULARS_SECRETS"];
    let reference = "{{resolve:secretsmanager:${SecretsName}:SecretString:::${SecretsVersionId}}}";
    assert_eq!(secrets, &json!({"Fn::Sub": reference}));
    let parameters: Vec<&String> = template["Parameters"].as_object().unwrap().keys().collect();
    assert_eq!(parameters, ["SecretsName", "SecretsVersionId"]);
}

/// The table that the store makes for itself on this machine, in the words of the template.
async fn created_by_the_store() -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = ClientSettings {
        region: "us-east-1".to_owned(),
        endpoint: Some(format!("http://{}", listener.local_addr().unwrap())),
        credentials: Credentials::from_keys("local", "local", None),
        http_client: None,
    };
    tokio::spawn(server::serve_on(listener, Database::memory().unwrap()));
    let client = dynamodb(&settings);
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

/// The actions of IAM that the store's calls need: a transaction needs those of its parts.
fn called_by_the_store() -> BTreeSet<String> {
    let calls = [
        (".batch_get_item()", "BatchGetItem"),
        (".batch_write_item()", "BatchWriteItem"),
        ("ConditionCheck::builder()", "ConditionCheckItem"),
        (".delete_item()", "DeleteItem"),
        ("Delete::builder()", "DeleteItem"),
        (".get_item()", "GetItem"),
        (".transact_get_items()", "GetItem"),
        (".put_item()", "PutItem"),
        ("Put::builder()", "PutItem"),
        (".query()", "Query"),
        (".scan()", "Scan"),
        (".update_item()", "UpdateItem"),
        ("Update::builder()", "UpdateItem"),
    ];
    let sources = fs::read_dir(house("shared/store/src")).unwrap().map(|entry| entry.unwrap().path());
    let sources: Vec<String> = sources.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let made = calls.into_iter().filter(|(call, _)| sources.iter().any(|source| source.contains(call)));
    made.map(|(_, action)| action.to_owned()).collect()
}

/// The template's functions by their folder.
fn functions() -> BTreeMap<String, Value> {
    let template = template();
    let resources = template["Resources"].as_object().unwrap().values();
    let functions = resources.filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    functions
        .map(|function| {
            let code = function["Properties"]["CodeUri"].as_str().unwrap();
            (code.strip_prefix("../functions/").unwrap().to_owned(), function.clone())
        })
        .collect()
}

fn events(function: &Value, kind: &str) -> Vec<Value> {
    let events = function["Properties"]["Events"].as_object().unwrap().values();
    events.filter(|event| event["Type"] == kind).map(|event| event["Properties"].clone()).collect()
}

fn role_of(function: &Value) -> String {
    let role = function["Properties"]["Role"]["Fn::GetAtt"].as_str().unwrap();
    role.strip_suffix(".Arn").unwrap().to_owned()
}

fn statements(role: &str) -> Vec<Value> {
    let policies = template()["Resources"][role]["Properties"]["Policies"].as_array().unwrap().clone();
    policies.iter().flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap().clone()).collect()
}

fn is_on_database(statement: &Value) -> bool {
    !actions(statement).is_empty()
}

/// What a statement allows on DynamoDB.
fn actions(statement: &Value) -> Vec<String> {
    let listed = statement["Action"].as_array().cloned().unwrap_or_else(|| vec![statement["Action"].clone()]);
    let listed = listed.iter().filter_map(|action| action.as_str()?.strip_prefix("dynamodb:"));
    listed.map(str::to_owned).collect()
}

fn template() -> Value {
    let text = fs::read_to_string(house("infra/template.yaml")).unwrap();
    let documents = Yaml::load_from_str(&text).unwrap();
    json_of(&documents[0])
}

/// YAML as JSON, its short functions (`!Ref Api`) in their long form (`{"Ref": "Api"}`).
fn json_of(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Value(Scalar::Integer(number)) => json!(number),
        Yaml::Value(Scalar::Boolean(truth)) => json!(truth),
        Yaml::Sequence(items) => items.iter().map(json_of).collect(),
        Yaml::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.as_str().unwrap().to_owned(), json_of(value)));
            Value::Object(entries.collect())
        }
        Yaml::Tagged(tag, argument) => {
            let function = if tag.suffix == "Ref" { "Ref".to_owned() } else { format!("Fn::{}", tag.suffix) };
            Value::Object(Map::from_iter([(function, json_of(argument))]))
        }
        other => panic!("the template has no use for {other:?}"),
    }
}

fn house(path: &str) -> std::path::PathBuf {
    Path::new(HOUSE).join(path)
}
