//! The functions are those of the code, with its routes and variables.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use web::routes::ROUTES;

use crate::document::{events, functions, house, template};

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
fn the_tiers_are_reviewed_hourly_and_what_else_falls_due_is_done_every_minute() {
    let schedules: Vec<(String, Value)> = functions()
        .into_iter()
        .flat_map(|(name, function)| {
            events(&function, "ScheduleV2").into_iter().map(move |event| (name.clone(), event))
        })
        .collect();
    let expressions: Vec<(&str, &str)> =
        schedules.iter().map(|(name, event)| (name.as_str(), event["ScheduleExpression"].as_str().unwrap())).collect();
    let due = [("lifecycle", "rate(1 minute)"), ("reviews", "rate(5 minutes)"), ("tiers", "cron(10 * * * ? *)")];
    assert_eq!(expressions, due);
}

#[test]
fn what_nobody_waits_for_leaves_its_failures_where_an_alarm_sees_them() {
    let failures = json!({"Fn::GetAtt": "Failures.Arn"});
    let resources = &template()["Resources"];
    assert_eq!(resources["Failures"]["Properties"]["SqsManagedSseEnabled"], true);
    let watched = &resources["FailuresAlarm"]["Properties"];
    assert_eq!(watched["Dimensions"][0]["Value"], json!({"Fn::GetAtt": "Failures.QueueName"}));
    assert_eq!(watched["MetricName"], "ApproximateNumberOfMessagesVisible");
    for name in ["tiers", "lifecycle", "reviews", "feedback"] {
        let function = &functions()[name];
        let invoked = &function["Properties"]["EventInvokeConfig"];
        assert_eq!(invoked["DestinationConfig"]["OnFailure"]["Destination"], failures, "{name}");
        for schedule in events(function, "ScheduleV2") {
            // the next run does it anyway
            assert_eq!(invoked["MaximumRetryAttempts"], 0, "{name}");
            assert_eq!(schedule["RetryPolicy"]["MaximumRetryAttempts"], 0, "{name}");
            assert_eq!(schedule["DeadLetterConfig"]["Arn"], failures, "{name}");
        }
    }
}

#[test]
fn a_run_of_every_minute_is_over_before_the_next_one_begins() {
    assert!(functions()["lifecycle"]["Properties"]["Timeout"].as_u64().unwrap() <= 60);
    assert!(functions()["reviews"]["Properties"]["Timeout"].as_u64().unwrap() <= 300);
}

#[test]
fn a_function_gets_the_variables_that_it_reads_and_lambda_does_not_set() {
    let names = |owner: &Value| -> BTreeSet<String> {
        owner["Environment"]["Variables"].as_object().into_iter().flat_map(|given| given.keys().cloned()).collect()
    };
    let shared = names(&template()["Globals"]["Function"]);
    let sends_mail = |name: &str| ["lifecycle", "reviews"].contains(&name);
    let own: BTreeSet<String> = functions()
        .iter()
        .filter(|(name, _)| sends_mail(name))
        .flat_map(|(_, function)| names(&function["Properties"]))
        .collect();
    for (name, function) in functions() {
        let expected = if sends_mail(&name) { own.clone() } else { BTreeSet::new() };
        assert_eq!(names(&function["Properties"]), expected, "{name}");
    }
    let given: BTreeSet<&str> = shared.iter().chain(&own).map(String::as_str).collect();
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
    assert_eq!(parameters, ["AlarmTopicArn", "SecretsName", "SecretsVersionId"]);
}
