//! The template as JSON, and its parts by the names of the code.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

const HOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The template's functions by their folder.
pub(crate) fn functions() -> BTreeMap<String, Value> {
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

pub(crate) fn events(function: &Value, kind: &str) -> Vec<Value> {
    let events = function["Properties"]["Events"].as_object().unwrap().values();
    events.filter(|event| event["Type"] == kind).map(|event| event["Properties"].clone()).collect()
}

pub(crate) fn template() -> Value {
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

pub(crate) fn house(path: &str) -> PathBuf {
    Path::new(HOUSE).join(path)
}
