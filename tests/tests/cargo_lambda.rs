//! What `cargo lambda watch` and `cargo lambda invoke` are given says what the code says.
#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde_json::Value;
use web::{
    routes::ROUTES,
    secrets::{BadSecrets, Secrets},
};

const HOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_manifest_routes_every_path_to_the_function_that_serves_it() {
    let mut routed = BTreeSet::new();
    for (path, by_method) in watch_settings()["router"].as_object().unwrap() {
        for route in by_method.as_array().unwrap() {
            let (function, method) = (route["function"].as_str().unwrap(), route["method"].as_str().unwrap());
            routed.insert((function.to_owned(), method.to_owned(), path.clone()));
        }
    }
    assert_eq!(routed, served());
}

#[test]
fn the_functions_get_the_database_and_the_secrets_of_this_machine() {
    let file = watch_settings()["env_file"].as_str().unwrap().to_owned();
    let given = variables(&fs::read_to_string(Path::new(HOUSE).join(file)).unwrap());
    let config = fs::read_to_string(Path::new(HOUSE).join("shared/web/src/config.rs")).unwrap();
    let read: BTreeSet<&str> = config.split("variable(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut names: BTreeSet<&str> = given.keys().map(String::as_str).collect();
    names.insert("AWS_SESSION_TOKEN"); // temporary credentials have one, these have not
    assert_eq!(names, read);
    assert!(web::config::is_loopback(&given["AWS_ENDPOINT_URL_DYNAMODB"]));
    assert!(Secrets::parse(&given["REGULARS_SECRETS"], true).is_ok());
    assert!(matches!(Secrets::parse(&given["REGULARS_SECRETS"], false), Err(BadSecrets::Development)));
}

#[test]
fn every_event_is_for_a_function_and_a_route_of_it() {
    let routes = served();
    let mut invoked = BTreeSet::new();
    for entry in fs::read_dir(Path::new(HOUSE).join("events")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let function = name.split('-').next().unwrap();
        let event: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert!(Path::new(HOUSE).join("functions").join(function).is_dir(), "{name}");
        if let Some((method, path)) = event["routeKey"].as_str().and_then(|key| key.split_once(' ')) {
            let route = (function.to_owned(), method.to_owned(), path.to_owned());
            assert!(routes.contains(&route), "{name}: {route:?}");
        }
        invoked.insert(function.to_owned());
    }
    let functions = fs::read_dir(Path::new(HOUSE).join("functions")).unwrap();
    let functions: BTreeSet<String> =
        functions.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(invoked, functions, "each function has an event to invoke it with");
}

#[test]
fn what_ses_can_tell_has_an_event_each() {
    let mut told = BTreeSet::new();
    for entry in fs::read_dir(Path::new(HOUSE).join("events")).unwrap() {
        let event: Value = serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for feedback in mail::feedback::read(&event).into_iter().flatten() {
            told.insert(event["detail"]["eventType"].as_str().unwrap_or("by SNS").to_owned());
            assert!(feedback.member_id.is_some() && feedback.message_id.is_some(), "{event}");
        }
    }
    let all = [
        "Bounce",
        "Click",
        "Complaint",
        "Delivery",
        "DeliveryDelay",
        "Open",
        "Reject",
        "Rendering Failure",
        "Send",
        "Subscription",
        "by SNS",
    ];
    assert_eq!(told, all.map(str::to_owned).into());
}

fn served() -> BTreeSet<(String, String, String)> {
    ROUTES.iter().map(|(function, method, path)| [*function, *method, *path].map(str::to_owned).into()).collect()
}

/// `workspace.metadata.lambda.watch` of the manifest.
fn watch_settings() -> Value {
    let metadata = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    let output = Command::new(env!("CARGO")).args(metadata).current_dir(HOUSE).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["metadata"]["lambda"]["watch"].clone()
}

/// The variables of an environment file, without their quotes.
fn variables(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.map(|line| line.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.trim_matches(['"', '\'']).to_owned())).collect()
}
