//! The house's arrows and the purity of its rules, read from `cargo metadata`, `cargo tree` and the sources.
#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const HOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The rooms of the house, and what each may lean on: functions and infra/local -> web -> app ->
/// {store, mail, storefront, outbound} -> rules. An arrow may skip rooms, never turn back.
const ROOMS: &[(&str, &[&str])] = &[
    ("shared/rules", &[]),
    ("shared/store", &["rules"]),
    ("shared/mail", &["rules"]),
    ("shared/storefront", &["rules"]),
    ("shared/outbound", &[]),
    ("shared/app", &["store", "mail", "storefront", "outbound", "rules"]),
    ("shared/web", &["app", "store", "mail", "storefront", "outbound", "rules"]),
    ("functions/webhooks", FRONT_DOOR),
    ("functions/members", FRONT_DOOR),
    ("functions/program", FRONT_DOOR),
    ("functions/pages", FRONT_DOOR),
    ("functions/tiers", FRONT_DOOR),
    ("functions/lifecycle", FRONT_DOOR),
    ("functions/reviews", FRONT_DOOR),
    ("functions/feedback", FRONT_DOOR),
    ("infra/local", FRONT_DOOR),
    ("tests", &["local", "web", "app", "store", "mail", "storefront", "outbound", "rules"]),
];
const FRONT_DOOR: &[&str] = &["web", "app", "store", "mail", "storefront", "outbound", "rules"];

/// What pure code cannot be built on: runtimes, sockets, databases, AWS.
const IMPURE: &[&str] =
    &["aws", "axum", "dynoxide", "hyper", "lambda", "mio", "reqwest", "rusqlite", "socket2", "tokio"];

/// What pure code does not say: floats, concurrency, clocks.
const UNSAID_IN_RULES: &[&str] = &["f32", "f64", "async", "await", "SystemTime", "Instant"];

/// What pure code does not call: clocks, the environment, the machine.
const UNCALLED_IN_RULES: &[&str] =
    &["::now(", "std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread"];

#[test]
fn every_package_has_its_folders_name_and_a_place_in_the_house() {
    let built: BTreeSet<String> = packages().iter().map(folder).collect();
    let planned: BTreeSet<String> = ROOMS.iter().map(|(folder, _)| (*folder).to_owned()).collect();
    assert_eq!(built, planned, "ROOMS says where each package stands");
    for package in packages() {
        let folder = folder(&package);
        assert_eq!(Path::new(&folder).file_name().unwrap().to_str(), package["name"].as_str(), "{folder}");
    }
}

#[test]
fn arrows_run_one_way_in_code_and_in_tests() {
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let ours: BTreeSet<&str> = ROOMS.iter().filter_map(|(folder, _)| folder.rsplit('/').next()).collect();
    for package in packages() {
        let folder = folder(&package);
        for dependency in package["dependencies"].as_array().unwrap() {
            let name = dependency["name"].as_str().unwrap();
            let kind = dependency["kind"].as_str().unwrap_or("normal");
            assert!(
                !ours.contains(name) || rooms[folder.as_str()].contains(&name),
                "`{folder}` must not lean on `{name}` ({kind})"
            );
        }
    }
}

#[test]
fn the_rules_are_built_on_nothing_that_can_reach_the_machine() {
    for name in built_on("rules") {
        assert!(!is_any_of(&name, IMPURE), "`rules` is built on `{name}`");
    }
}

#[test]
fn no_function_carries_the_embedded_database() {
    for function in ROOMS.iter().filter_map(|(folder, _)| folder.strip_prefix("functions/")) {
        for name in built_on(function) {
            assert!(!is_any_of(&name, &["dynoxide", "rusqlite"]), "`{function}` carries `{name}`");
        }
    }
}

#[test]
fn the_rules_have_no_floats_no_clock_and_no_async() {
    for file in sources(&Path::new(HOUSE).join("shared/rules/src")) {
        for (number, line) in (1..).zip(fs::read_to_string(&file).unwrap().lines()) {
            let code = line.split("//").next().unwrap();
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let unsaid = words.find(|word| UNSAID_IN_RULES.contains(word));
            let uncalled = UNCALLED_IN_RULES.iter().copied().find(|path| code.contains(path));
            assert_eq!(unsaid.or(uncalled), None, "{}:{number}", file.display());
        }
    }
}

/// Our packages, as `cargo metadata` describes them.
fn packages() -> Vec<Value> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"])).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Where a package lives, relative to the house.
fn folder(package: &Value) -> String {
    let house = fs::canonicalize(HOUSE).unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap()).canonicalize().unwrap();
    manifest.parent().unwrap().strip_prefix(house).unwrap().to_str().unwrap().replace('\\', "/")
}

/// All that is compiled into a package, transitively, on this platform.
fn built_on(package: &str) -> BTreeSet<String> {
    let tree = cargo(&["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--locked"]);
    tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn is_any_of(name: &str, families: &[&str]) -> bool {
    families.iter().any(|family| name == *family || name.starts_with(&format!("{family}-")))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(HOUSE).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
