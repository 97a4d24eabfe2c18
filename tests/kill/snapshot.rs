//! What stands in the namespaces of a release, so that two releases can be
//! compared: without what is another one each time, such as UIDs and times.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::common::assert_no_canary;
use crate::proxy::release::{LEASE, Release};

const NAMESPACES: [&str; 3] = ["SYSTEM", "SHOP", "DEPOT"];
const KINDS: [(&str, &str); 3] =
    [("Secret", "secrets"), ("ServiceAccount", "serviceaccounts"), ("ConfigMap", "configmaps")];

/// What others have beside our objects and in them. What belongs to them has "theirs" in its name.
#[derive(Debug, Default, PartialEq)]
pub struct Theirs {
    /// Their objects, to the last byte.
    beside: BTreeMap<String, Value>,
    /// Their parts of our objects.
    within: BTreeMap<String, Value>,
}

/// The objects of a release by kind, namespace and name.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot(BTreeMap<String, Value>);

/// Looks at everything.
pub async fn of(release: &Release) -> (Snapshot, Theirs) {
    let mut found = BTreeMap::new();
    for namespace in NAMESPACES {
        for (kind, plural) in KINDS {
            for object in release.list(&format!("/api/v1/namespaces/{namespace}/{plural}")).await {
                let name = object["metadata"]["name"].as_str().unwrap();
                found.insert(format!("{kind} {}/{name}", namespace.to_lowercase()), object);
            }
        }
    }
    let events = release.list("/api/v1/namespaces/SYSTEM/events").await;
    assert_eq!(events, Vec::<Value>::new(), "no run has failed");
    let theirs = Theirs::among(&found);
    found.insert("Lease system/sc-job".to_owned(), release.get(LEASE).await);
    (Snapshot::of(found, &release.name), theirs)
}

impl Theirs {
    fn among(found: &BTreeMap<String, Value>) -> Self {
        let mut theirs = Self::default();
        for (id, object) in found {
            if is_theirs(id) {
                theirs.beside.insert(id.clone(), object.clone());
                continue;
            }
            let groups = ["/data", "/metadata/labels", "/metadata/annotations"].map(|group| object.pointer(group));
            let entries = groups.into_iter().flatten().filter_map(Value::as_object).flatten();
            let mut parts: Map<_, _> =
                entries.filter(|(key, _)| is_theirs(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
            parts.extend(object.get("imagePullSecrets").map(|pulls| ("imagePullSecrets".to_owned(), pulls.clone())));
            if !parts.is_empty() {
                theirs.within.insert(id.clone(), parts.into());
            }
        }
        theirs
    }
}

fn is_theirs(name: &str) -> bool {
    name.to_lowercase().contains("theirs")
}

impl Snapshot {
    fn of(mut found: BTreeMap<String, Value>, name: &str) -> Self {
        // A UID stands for its object wherever it is told, so that one of another object does not go unnoticed.
        let uids: Vec<_> = found.iter().map(|(id, object)| (uid(object).to_owned(), format!("UID of {id}"))).collect();
        for (id, object) in &mut found {
            let text = object.to_string().replace(&format!("{name}-"), "");
            if id.starts_with("ConfigMap ") {
                assert_no_canary(id, &text);
            }
            let text = uids.iter().fold(text, |text, (uid, named)| text.replace(uid, named));
            *object = serde_json::from_str(&text).unwrap();
            forget_times(id, object);
        }
        Self(found)
    }

    /// Our objects, each in a line: what it holds, and who has a part in it.
    pub fn ours(&self) -> Vec<String> {
        let line = |(id, object): (&String, &Value)| {
            let keys = object["data"].as_object().into_iter().flat_map(Map::keys).cloned();
            let managers = object["metadata"]["managedFields"].as_array().into_iter().flatten();
            // ours ends with the names of the release
            let managers = managers.filter_map(|entry| entry["manager"].as_str()?.split(':').next());
            let (keys, managers): (Vec<_>, Vec<_>) = (keys.collect(), managers.collect());
            format!("{id} ({}) of {}", keys.join(" "), managers.join(", "))
        };
        let of_connections = |id: &str| !id.contains(" system/") && !is_theirs(id);
        self.0.iter().filter(|(id, _)| of_connections(id)).map(line).collect()
    }

    /// Every record of the inventory tells the UID of the very object that it names.
    pub fn assert_inventory_is_true(&self) {
        let inventory = self.0["ConfigMap system/sc-connections-0"]["data"]["objects"].as_str().unwrap();
        let records = inventory.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        for record in records.filter(|line| line.get("operation").is_none()) {
            let text = |field: &str| record[field].as_str().unwrap_or_default();
            let uid = format!("UID of {} {}/{}", text("kind"), text("namespace"), text("name"));
            assert_eq!(text("uid"), uid, "{inventory}");
        }
    }

    /// The operations that the inventory tells of, as its lines do.
    pub fn operations(&self) -> Vec<&str> {
        let inventory = self.0["ConfigMap system/sc-connections-0"]["data"]["objects"].as_str().unwrap();
        inventory.lines().filter(|line| line.contains("\"operation\"")).collect()
    }

    /// What is not the same in the other one, as it is here and there.
    pub fn differences(&self, other: &Self) -> BTreeMap<String, [Value; 2]> {
        let ids = self.0.keys().chain(other.0.keys()).cloned();
        let both = |id: &String| [self, other].map(|side| side.0.get(id).cloned().unwrap_or_default());
        ids.map(|id| (id.clone(), both(&id))).filter(|(_, [here, there])| here != there).collect()
    }

    /// The same without the summary, which tells what the last run has done.
    pub fn without_summary(&self) -> Self {
        let mut others = self.clone();
        others.0.remove("ConfigMap system/sc-connections");
        others
    }
}

fn uid(object: &Value) -> &str {
    object["metadata"]["uid"].as_str().unwrap()
}

/// Takes out what tells when something was done, and how often.
fn forget_times(id: &str, object: &mut Value) {
    let metadata = object["metadata"].as_object_mut().unwrap();
    for field in ["resourceVersion", "creationTimestamp"] {
        metadata.remove(field);
    }
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove("sc-extension/input-sha256");
    }
    if let Some(Value::Array(entries)) = metadata.get_mut("managedFields") {
        for entry in &mut *entries {
            entry.as_object_mut().unwrap().remove("time");
        }
        // the API server puts them in the order of their times
        entries.sort_by_key(|entry| entry["manager"].to_string());
    }
    if id.starts_with("Lease ") {
        metadata.remove("managedFields");
        object["spec"].as_object_mut().unwrap().remove("leaseTransitions");
    }
}
