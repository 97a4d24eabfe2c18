//! The chart grants rights by names, and the binary writes objects under names, each by rules of its own: they must be
//! the same names, for odd ones that a person has thought of and for random ones.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;
use sc_job::connections::{Connection, Declared, Document};
use sc_job::release::Release;
use serde_json::{Map, Value, json};

use super::rendering::{Rendering, render, template};
use super::roles::{Objects, deletable, objects_of, writable};
use super::uninstall;
use crate::common::kubernetes::Helm;
use crate::common::text;

#[path = "../properties/runner.rs"]
mod runner;

with_both_helms! {
    odd_names_make_the_objects_that_are_written_beside_them
    random_names_make_the_same_objects_in_the_chart_and_in_the_binary
    what_has_random_names_is_deleted_under_the_same
}

/// Connections in one values file; Helm runs once for all of them.
const CONNECTIONS: usize = 250;

/// Values files.
const CASES: u32 = 6;

/// Namespace, resource and name of the objects that a line such as `secrets shop/sc-a-secret` names.
fn named(line: &Value) -> (String, String, String) {
    let (resource, place) = line.as_str().unwrap().split_once(' ').unwrap();
    let (namespace, name) = place.split_once('/').unwrap();
    (namespace.to_owned(), resource.to_owned(), name.to_owned())
}

/// What the chart allows to write, for values that Helm must take.
fn allowed(helm: &Helm, values: &str) -> Objects {
    writable(&Rendering::parse(&template(helm, values, &[]).expect(0).stdout))
}

fn odd_names_make_the_objects_that_are_written_beside_them(helm: &Helm) {
    let entries: Vec<Value> = serde_yaml::from_str(&text("tests/data/names/taken.yaml")).unwrap();
    let mut connections = Map::new();
    for entry in &entries {
        let mut settings = json!({"data": {"KEY": "value"}});
        let more = entry["settings"].as_object().into_iter().flatten();
        settings.as_object_mut().unwrap().extend(more.map(|(field, value)| (field.clone(), value.clone())));
        connections.insert(entry["name"].as_str().unwrap().to_owned(), settings);
    }
    assert_eq!(connections.len(), entries.len(), "two entries have one name");
    let values = json!({"allowSystemNamespaces": ["sc-system"], "connections": connections}).to_string();
    let expected: Objects = entries.iter().flat_map(|entry| entry["makes"].as_array().unwrap()).map(named).collect();
    assert_eq!(objects_of(&values), expected);
    assert_eq!(allowed(helm, &values), expected);
}

fn regex(expression: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(expression).unwrap()
}

/// A client id as it is, or in base64, whose line `base64` without `-w0` breaks.
fn client_id() -> impl Strategy<Value = Value> {
    (regex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), any::<bool>(), 0_usize..40).prop_map(
        |(id, plain, at)| {
            use base64::Engine as _;
            let mut encoded = base64::engine::general_purpose::STANDARD.encode(&id);
            encoded.insert_str(at, "\n ");
            if plain { json!(id) } else { json!({"base64": encoded}) }
        },
    )
}

/// Settings of a connection, of every form that makes objects. An empty name counts as none.
fn settings() -> impl Strategy<Value = Value> {
    let vault = |auth: &str, client_id| {
        json!({
            "target": "keyvault", "auth": auth,
            "parameters": {"vault": "vault1", "tenantId": "0a0b0c0d-0000-4000-8000-00000000000f", "clientId": client_id},
        })
    };
    let confluent = json!({
        "bootstrapServer": "kafka:9092", "kafkaKey": "k", "kafkaSecret": "s",
        "schemaRegistry": "https://registry", "schemaKey": "k", "schemaSecret": "s",
    });
    let linked = select(&["dotnet", "go", "java", "none", "python", "springBoot"][..]).prop_map(move |client_type| {
        json!({"target": "confluent-cloud", "auth": "secret", "clientType": client_type, "parameters": confluent})
    });
    let account =
        (client_id(), weighted(0.3, regex("[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?"))).prop_map(move |(id, name)| {
            let mut settings = vault("workload-identity", id);
            settings["serviceAccount"] = json!({"name": name.unwrap_or_default()});
            settings
        });
    let mounted = (client_id(), any::<bool>(), any::<bool>()).prop_map(move |(id, workload_identity, key)| {
        let mut settings = vault("csi", id);
        let object = if key { json!({"name": "object", "key": "KEY"}) } else { json!({"name": "object"}) };
        settings["csi"] = json!({"workloadIdentity": workload_identity, "secrets": [object]});
        settings
    });
    prop_oneof![Just(json!({})), linked, account, mounted]
}

/// A name, its settings, and whether it is enabled.
fn connection() -> impl Strategy<Value = (String, Value)> {
    let name = prop_oneof![3 => regex("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"), 1 => regex("[0-9]{1,19}"), 1 => regex("[0-9]e[0-9]{1,3}")];
    let namespace =
        weighted(0.7, prop_oneof![regex("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"), Just("sc-system".to_owned())]);
    let own = weighted(0.3, regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,2}"));
    (name, namespace, own, settings(), any::<u8>()).prop_map(|(name, namespace, own, mut settings, enabled)| {
        settings["namespace"] = json!(namespace.unwrap_or_default());
        settings["secretName"] = json!(own.unwrap_or_default());
        settings["data"] = json!({"KEY": "value"});
        settings["enabled"] = json!(enabled > 25);
        (name, settings)
    })
}

/// The values of connections, less those that could make an object of an earlier one, or have a name that is refused.
fn values(connections: Vec<(String, Value)>) -> String {
    let mut seen = BTreeSet::new();
    let mut distinct = |name: &str, settings: &Value| {
        let letters: String = name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let own = [&settings["secretName"], &settings["serviceAccount"]["name"]];
        let own = own.into_iter().filter_map(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned);
        let names: Vec<String> = own.chain([letters]).collect();
        names.iter().all(|name| seen.insert(name.clone()))
    };
    let refused = |name: &str| matches!(name, "true" | "false" | "null") || name.ends_with("_schema");
    let connections: Map<_, _> =
        connections.into_iter().filter(|(name, settings)| !refused(name) && distinct(name, settings)).collect();
    json!({"allowSystemNamespaces": ["sc-system"], "connections": connections}).to_string()
}

fn random_names_make_the_same_objects_in_the_chart_and_in_the_binary(helm: &Helm) {
    runner::check(CASES, vec(connection(), CONNECTIONS).prop_map(values), |values| {
        prop_assert_eq!(allowed(helm, &values), objects_of(&values));
        Ok(())
    });
}

/// What the binary makes of a document.
fn declared(document: Document) -> Declared {
    let words = |faults: Vec<_>| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    Declared::check(vec![document], &Release::default()).map_err(words).unwrap()
}

fn objects<'a>(connections: impl Iterator<Item = &'a Connection>) -> Objects {
    let ids = connections.flat_map(Connection::objects);
    ids.map(|id| (id.namespace, id.kind.plural().to_owned(), id.name)).collect()
}

/// Resource and name of what may be deleted after an uninstall, in whatever namespace.
fn deletable_after_uninstall(rendered: &Rendering) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut pairs = BTreeSet::new();
    for rule in rendered.find("ClusterRole", None, uninstall::NAME).unwrap()["rules"].as_array().unwrap() {
        if rule["verbs"] == json!(["get"]) {
            continue;
        }
        let names = rule["resourceNames"].as_array().unwrap().iter();
        pairs.extend(names.map(|name| (text(&rule["resources"][0]), text(name))));
    }
    pairs
}

fn what_has_random_names_is_deleted_under_the_same(helm: &Helm) {
    let settings = "deletionPolicy=Delete,uninstall.deletionPolicy=Delete";
    runner::check(CASES, vec(connection(), CONNECTIONS).prop_map(values), |values| {
        let rendered = render(helm, &values, &["--set", settings]);
        let all = declared(Document::of_values("values.yaml".into(), values.clone()));
        prop_assert_eq!(deletable(&rendered), objects(all.connections.iter().filter(|one| !one.enabled)));
        let input = uninstall::inputs(&rendered).remove(0).to_string();
        let uninstalled = declared(Document::of_chart("000.json".into(), input));
        let every = objects(all.connections.iter());
        prop_assert_eq!(&objects(uninstalled.deleted()), &every);
        let anywhere = every.into_iter().map(|(_, resource, name)| (resource, name)).collect();
        prop_assert_eq!(deletable_after_uninstall(&rendered), anywhere);
        Ok(())
    });
}
