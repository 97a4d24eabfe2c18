//! What `sc-job targets` says is what `sc-job render` does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::common::{run, run_unchecked, sc_job};
use crate::{json, names};

/// A set of a target for one of its client types.
struct Case {
    target: Value,
    set: Value,
    client_type: Value,
}

impl Case {
    /// Every auth, mode and client type of every target.
    fn all() -> Vec<Self> {
        let mut cases = Vec::new();
        for name in names() {
            let target = json(&[&name]);
            for set in target["sets"].as_array().unwrap() {
                for client_type in set["clientTypes"].as_array().unwrap() {
                    let (target, set, client_type) = (target.clone(), set.clone(), client_type.clone());
                    cases.push(Self { target, set, client_type });
                }
            }
        }
        cases
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.target["parameters"].as_array().unwrap().iter()
    }

    /// Whether one of the examples that are credentials is part of `value`.
    fn tells(&self, value: &str) -> bool {
        self.parameters().any(|known| known["sensitive"] == true && value.contains(known["example"].as_str().unwrap()))
    }

    fn required(&self) -> impl Iterator<Item = &str> {
        let used = self.set["parameters"].as_array().unwrap().iter();
        used.filter(|used| used["required"] == true).map(|used| used["name"].as_str().unwrap())
    }

    /// A connection of the examples of what is required, less `left_out`.
    fn connection(&self, left_out: Option<&str>) -> Value {
        let given = |known: &&Value| self.required().any(|name| known["name"] == name && Some(name) != left_out);
        let examples = self.parameters().filter(given);
        let parameters: Map<String, Value> =
            examples.map(|known| (known["name"].as_str().unwrap().to_owned(), known["example"].clone())).collect();
        let mut connection = json!({
            "target": self.target["name"],
            "auth": self.set["auth"],
            "clientType": self.client_type,
            "parameters": parameters,
        });
        if self.set["auth"] == "csi" {
            connection["csi"] = json!({ "secrets": [{ "name": "a" }] });
        }
        connection
    }
}

/// The entries of each connection's Secrets.
fn rendered(connections: &Map<String, Value>) -> BTreeMap<String, BTreeMap<String, String>> {
    let values = json!({ "connections": connections }).to_string();
    let shown = run_unchecked(&mut sc_job(&["render", "-f", "-", "--show-secrets"]), Some(&values)).expect(0);
    let mut entries = BTreeMap::<_, BTreeMap<_, _>>::new();
    for text in shown.stdout.split("---\n").filter(|text| !text.is_empty()) {
        let object: Value = serde_yaml::from_str(text).unwrap();
        if object["kind"] == "Secret" {
            let connection = object["metadata"]["labels"]["sc-extension/connection"].as_str().unwrap().to_owned();
            let data = object["stringData"].as_object().unwrap().iter();
            let data = data.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
            entries.entry(connection).or_default().extend(data);
        }
    }
    entries
}

#[test]
fn what_is_called_required_suffices_and_makes_the_variables_of_which_the_sensitive_ones_hold_a_credential() {
    let cases: BTreeMap<String, Case> =
        Case::all().into_iter().zip(0..).map(|(case, n)| (format!("c{n}"), case)).collect();
    assert!(cases.len() > 300, "{}", cases.len());
    let connections = cases.iter().map(|(name, case)| (name.clone(), case.connection(None))).collect();
    let rendered = rendered(&connections);
    for (name, case) in &cases {
        let variables = case.set["variables"].as_array().unwrap().iter();
        let told: BTreeMap<&str, bool> = variables
            .map(|variable| (variable["name"].as_str().unwrap(), variable["sensitive"].as_bool().unwrap()))
            .collect();
        let made: BTreeMap<&str, bool> =
            rendered[name].iter().map(|(name, value)| (name.as_str(), case.tells(value))).collect();
        assert_eq!(made, told, "{}", connections[name]);
    }
}

#[test]
fn what_is_called_required_is_asked_for_when_it_is_left_out() {
    let mut connections = Map::new();
    let mut expected = BTreeSet::new();
    for case in Case::all() {
        // Without the parameter that selects it, the plain set is meant.
        for parameter in case.required().filter(|name| case.set["when"] != **name) {
            let name = format!("c{}", connections.len());
            expected.insert(format!("SCJ1005 connections.{name}.parameters.{parameter}"));
            connections.insert(name, case.connection(Some(parameter)));
        }
    }
    let values = json!({ "connections": connections }).to_string();
    let refused = run(&mut sc_job(&["render", "-f", "-"]), Some(&values)).expect(78);
    let faults = refused.stderr.lines().filter_map(|line| line.trim_start().strip_prefix("ERROR "));
    let places: BTreeSet<String> = faults.map(|fault| fault.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(&places ^ &expected, BTreeSet::new());
    assert!(expected.len() > 1000, "{}", expected.len());
}
