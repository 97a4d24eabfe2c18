//! Each value of the chart: what it changes in what is rendered, and that it changes nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rendering::render;
use crate::common::kubernetes::Helm;
use crate::common::text;

with_both_helms! {
    each_value_changes_exactly_this
}

/// A connection with an identity, and one that mounts a vault and is disabled.
const VALUES: &str = "
connections:
  a:
    namespace: shop
    target: storage-blob
    auth: workload-identity
    parameters: {account: acc1, clientId: 0a0b0c0d-0000-4000-8000-000000000002}
  gone: {enabled: false, namespace: attic, target: keyvault, auth: csi, parameters: {clientId: 0a0b0c0d-0000-4000-8000-000000000003}}
";

/// An entry each: a setting, and what it changes against [`VALUES`] alone.
const CHANGES: &str = include_str!("../data/changes.txt");

/// What stands where in all objects: an object's kind and place, and the path of the value.
fn places(helm: &Helm, setting: &str) -> BTreeMap<String, Value> {
    let mut places = BTreeMap::new();
    let args: &[&str] = if setting.is_empty() { &[] } else { &["--set", setting] };
    for object in render(helm, VALUES, args).objects() {
        let part = |field: &str| object["metadata"][field].as_str().unwrap_or("-");
        let name = format!("{} {}/{}", object["kind"].as_str().unwrap(), part("namespace"), part("name"));
        // What the other Jobs are beside this one, tests/chart/hooks.rs says.
        if object["kind"] != "Job" || part("name") == "sc-job" {
            spread(&name, object, &mut places);
        }
        assert_eq!(places.insert(name.clone(), "there".into()), None, "there are two of {name}");
    }
    places
}

fn spread(place: &str, value: &Value, places: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, below)| spread(&format!("{place} {key}"), below, places));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let key = item["name"].as_str().map_or_else(|| index.to_string(), str::to_owned);
                spread(&format!("{place} {key}"), item, places);
            }
        }
        // The checksum of the input changes with it.
        Value::String(text) if text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit()) => {}
        Value::String(text) if text.starts_with('{') => {
            spread(place, &serde_json::from_str(text).unwrap(), places);
        }
        other => {
            assert_eq!(places.insert(place.to_owned(), other.clone()), None, "two places are called {place}");
        }
    }
}

/// What a setting changes: places with the value of before and the one of now. What comes or goes as a whole is told once.
fn changes(before: &BTreeMap<String, Value>, now: &BTreeMap<String, Value>) -> Vec<String> {
    let words = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let all: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let mut told: Vec<String> = Vec::new();
    let mut whole = None;
    for place in all.into_iter().filter(|place| before.get(*place) != now.get(*place)) {
        if whole.is_some_and(|object: &String| place.starts_with(&format!("{object} "))) {
            continue;
        }
        let (old, new) = (before.get(place), now.get(place));
        if old.or(new).is_some_and(|value| value == "there") {
            whole = Some(place);
        }
        told.push(format!("{place}: {} -> {}", words(old), words(new)));
    }
    told
}

fn each_value_changes_exactly_this(helm: &Helm) {
    let before = places(helm, "");
    for entry in entries() {
        let (setting, wanted) = entry.split_first().unwrap();
        assert_eq!(changes(&before, &places(helm, setting)), wanted, "{setting}");
    }
}

fn entries() -> Vec<Vec<&'static str>> {
    CHANGES.trim_end().split("\n\n").map(|entry| entry.lines().collect()).collect()
}

/// The values below `path` that are no group of others.
fn leaves(path: &str, value: &Value) -> Vec<String> {
    let Some(group) = value.as_object().filter(|group| !group.is_empty()) else { return vec![path.to_owned()] };
    group.iter().flat_map(|(key, below)| leaves(&format!("{path}.{key}"), below)).collect()
}

#[test]
fn every_value_of_the_chart_and_every_field_of_a_connection_has_an_entry() {
    let values: Value = serde_yaml::from_str(&text("chart/values.yaml")).unwrap();
    let schema: Value = serde_json::from_str(&text("chart/values.schema.json")).unwrap();
    let fields = schema["definitions"]["connection"]["properties"].as_object().unwrap().keys();
    let wanted = leaves("", &values).into_iter().chain(fields.map(|field| format!(".connections.NAME.{field}")));
    let settings: Vec<_> = entries().into_iter().flat_map(|entry| entry[0].split(',').collect::<Vec<_>>()).collect();
    let is_of = |path: &str, setting: &&str| {
        let (place, _) = setting.split_once('=').unwrap();
        path.split('.').zip(place.split(['.', '['])).all(|(one, other)| one == other || one == "NAME")
    };
    let missing: Vec<_> = wanted.filter(|path| !settings.iter().any(|setting| is_of(&path[1..], setting))).collect();
    assert_eq!(missing, Vec::<String>::new(), "tests/data/changes.txt");
}
