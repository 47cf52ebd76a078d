//! A role is what its function needs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    asking::asked_by_each_function,
    document::{functions, template},
};

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
fn a_role_names_each_action_on_the_table_and_only_schedules_and_the_merchant_read_the_index() {
    let table = json!({"Fn::GetAtt": "Table.Arn"});
    let index = json!({"Fn::Sub": "${Table.Arn}/index/gsi1"});
    for (name, function) in functions() {
        for statement in statements(&role_of(&function)).iter().filter(|statement| is_on_database(statement)) {
            assert!(actions(statement).iter().all(|action| !action.contains('*')), "{name}");
            let needs_index = ["tiers", "lifecycle", "program", "reviews", "feedback"].contains(&name.as_str());
            let reads_index = statement["Resource"] == index && needs_index && actions(statement) == ["Query"];
            assert!(statement["Resource"] == table || reads_index, "{name}: {statement}");
        }
    }
}

#[tokio::test]
async fn each_role_allows_what_its_function_asks_of_the_database_and_nothing_else() {
    let asked = asked_by_each_function().await;
    for (name, function) in functions() {
        let statements = statements(&role_of(&function));
        let allowed: BTreeSet<String> = statements.iter().flat_map(actions).collect();
        assert_eq!(allowed, asked[&name], "{name}");
    }
}

#[test]
fn who_sends_may_send_whole_messages_and_who_may_fail_unseen_may_say_so() {
    let allowed = |name: &str, action: &str| {
        let all = statements(&role_of(&functions()[name]));
        all.iter().any(|statement| {
            let actions = &statement["Action"];
            actions == action || actions.as_array().is_some_and(|listed| listed.contains(&json!(action)))
        })
    };
    for name in ["lifecycle", "reviews"] {
        assert!(allowed(name, "ses:SendEmail") && allowed(name, "ses:SendRawEmail"), "{name}");
    }
    for name in ["tiers", "lifecycle", "reviews", "feedback"] {
        assert!(allowed(name, "sqs:SendMessage"), "{name}");
    }
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
