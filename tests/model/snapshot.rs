//! What really is in the cluster, in the words of the model.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use kube::Client;
use serde_json::Value;

use super::candidates::Leftover;
use super::field::{Field, Fields};
use super::identity::{Id, Kind, Namespace};
use super::inventory::{Inventory, Record};
use super::object::Manager;
use super::place::{ANCHOR, INVENTORY, KEY, Place};

/// An object as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub uid: String,
    pub version: String,
    pub fields: Fields,
    pub managers: BTreeMap<Manager, BTreeSet<Field>>,
    pub terminating: bool,
}

/// Everything that the test looks at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    pub objects: BTreeMap<Id, Seen>,
    maps: BTreeMap<String, Value>,
}

impl Snapshot {
    pub async fn of(place: &Place) -> Self {
        let kinds = [Kind::ServiceAccount, Kind::Secret];
        let places = Namespace::ALL.into_iter().flat_map(|namespace| kinds.map(|kind| (namespace, kind)));
        let objects = places.map(|(namespace, kind)| async move {
            let listed = list(place, namespace.as_str(), kind.plural()).await;
            listed
                .into_iter()
                .map(move |object| (Id::find(kind.as_str(), namespace.as_str(), name(&object)), Seen::of(&object)))
        });
        let (objects, maps) = tokio::join!(join_all(objects), list(place, "sc-system", "configmaps"));
        let maps = maps.into_iter().map(|map| (name(&map).to_owned(), map)).collect();
        Self { objects: objects.into_iter().flatten().collect(), maps }
    }

    /// The object's UID.
    pub fn uid(&self, id: Id) -> Option<String> {
        self.objects.get(&id).map(|seen| seen.uid.clone())
    }

    /// The ConfigMap of the inventory.
    pub fn record(&self) -> Option<&Value> {
        self.maps.get(INVENTORY)
    }

    /// The inventory as a run reads it, and how many lines of it are no records. `births` tells which UID is whose.
    pub fn inventory(&self, births: &BTreeMap<String, usize>) -> (Inventory, usize) {
        let mut inventory = Inventory::default();
        let mut misread = 0;
        let text = self.record().and_then(|map| map["data"][KEY].as_str());
        for line in text.unwrap_or_default().lines() {
            match record(line, births) {
                Some((id, record)) => inventory.add(id, record),
                None => misread += 1,
            }
        }
        (inventory, misread)
    }

    /// The UIDs in the inventory.
    pub fn recorded(&self) -> impl Iterator<Item = String> {
        let text = self.record().and_then(|map| map["data"][KEY].as_str()).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter_map(|line| line["uid"].as_str().map(str::to_owned))
    }

    /// The objects that the summary lists as left behind.
    pub fn retained(&self) -> BTreeMap<Id, Leftover> {
        let text = self.maps.get(ANCHOR).and_then(|map| map["data"]["_retained"].as_str());
        let entries: Vec<Value> = text.map(|text| serde_yaml::from_str(text).unwrap()).unwrap_or_default();
        let read = |entry: &Value| {
            let (kind, name) = entry["object"].as_str().unwrap().split_once(' ').unwrap();
            let (namespace, name) = name.split_once('/').unwrap();
            let id = Id::find(kind, namespace, name);
            let delete = format!(
                "kubectl delete {} -n {namespace} --field-selector metadata.name={name} -l \
                 sc-extension/release=sc-extension,sc-extension/release-namespace=sc-system",
                id.kind.plural()
            );
            let adopted = entry["delete"].is_null();
            assert!(if adopted { entry["withdraw"].is_string() } else { entry["delete"] == delete }, "{entry}");
            (id, Leftover { connections: serde_json::from_value(entry["connections"].clone()).unwrap(), adopted })
        };
        entries.iter().map(read).collect()
    }
}

impl Seen {
    fn of(object: &Value) -> Self {
        let metadata = &object["metadata"];
        let text = |key: &str| metadata[key].as_str().unwrap().to_owned();
        let mut managers = BTreeMap::<Manager, BTreeSet<Field>>::new();
        for entry in metadata["managedFields"].as_array().into_iter().flatten() {
            let name = entry["manager"].as_str().unwrap().to_owned();
            let manager = Manager { name, applies: entry["operation"] == "Apply" };
            managers.entry(manager).or_default().extend(Field::held(&entry["fieldsV1"]));
        }
        let terminating = metadata["deletionTimestamp"].is_string();
        let (uid, version, fields) = (text("uid"), text("resourceVersion"), Field::read(object));
        Self { uid, version, fields, managers, terminating }
    }
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

async fn list(place: &Place, namespace: &str, plural: &str) -> Vec<Value> {
    let path = format!("/api/v1/namespaces/{}{namespace}/{plural}", place.prefix);
    let request = http::Request::get(path).body(Vec::new()).unwrap();
    let text = Client::request_text(&place.client, request).await.unwrap();
    let mut list: Value = serde_json::from_str(&text.replace(&place.prefix, "")).unwrap();
    list["items"].as_array_mut().map(std::mem::take).unwrap()
}

/// A line that names an object and its connections; others are none of sc-job's.
fn record(line: &str, births: &BTreeMap<String, usize>) -> Option<(Id, Record)> {
    let line: Value = serde_json::from_str(line).ok()?;
    let (kind, namespace, name) = (line["kind"].as_str()?, line["namespace"].as_str()?, line["name"].as_str()?);
    if kind != "Secret" && kind != "ServiceAccount" {
        return None;
    }
    let record = Record {
        birth: line["uid"].as_str().map(|uid| births[uid]),
        adopted: line["adopted"].as_bool().unwrap_or_default(),
        connections: serde_json::from_value(line["connections"].clone()).ok()?,
        others_unknown: line["othersUnknown"].as_bool().unwrap_or_default(),
    };
    Some((Id::find(kind, namespace, name), record))
}
