//! What a cell's outcome means for its objects in the cluster, for the plan and for the log.

use std::collections::{BTreeMap, BTreeSet};

use sc_job::object::{Kind, ObjectId};
use sc_job::ownership::{self, ADOPTED};
use serde_json::{Map, Value, json};

use super::object::Object;
use super::outcome::{After, Did};
use super::place::Place;
use super::state::{Part, State};

/// One object of a cell, with all that is expected of it.
pub struct Expected {
    pub object: Object,
    pub id: ObjectId,
    pub did: Did,
    after: After,
    /// What the values say of it, if they do.
    intent: Option<Value>,
    pub before: Option<Value>,
}

impl Expected {
    pub fn of(
        place: &Place,
        intents: &mut BTreeMap<ObjectId, Value>,
        (object, did, after): (Object, Did, After),
    ) -> Self {
        let (id, before) = (object.id(place), place.get(&object));
        let intent = match id.kind {
            Kind::Namespace => Some(of_namespace(place, &id)),
            _ => intents.remove(&id),
        };
        Self { object, id, did, after, intent, before }
    }

    /// Whether it bears the mark of what others had made before.
    pub fn is_adopted(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before["metadata"]["annotations"][ADOPTED] == "true")
    }

    /// Whether the object is to be found in its namespace after the run.
    pub fn is_there(&self) -> bool {
        let was_there = self.before.is_some();
        self.id.kind != Kind::Namespace && (self.after != After::Gone && (self.after != After::Same || was_there))
    }

    /// The keys that plan and log name of an object that is applied.
    pub fn keys(&self) -> Vec<String> {
        let data = self.intent.as_ref().and_then(|intent| intent["data"].as_object());
        data.into_iter().flat_map(Map::keys).cloned().collect()
    }

    /// What is wrong with the object as it is now.
    pub fn judge(&self, state: &State, place: &Place) -> Option<String> {
        let now = place.get(&self.object);
        let (wanted, found) = match self.after {
            After::Gone => (Value::Null, now.map_or(Value::Null, bare)),
            After::Same => (self.before.clone()?, now.unwrap_or_default()),
            _ => {
                let Some(now) = now else { return Some(format!("{} is not there", self.id)) };
                if let Some(complaint) = self.judge_identity(&now, place) {
                    return Some(complaint);
                }
                (self.wanted(state, place), bare(now))
            }
        };
        (wanted != found).then(|| format!("{} is to be\n  {wanted}\n and is\n  {found}", self.id))
    }

    /// Whether it is the object that was there, and ours, as far as it has to be.
    fn judge_identity(&self, now: &Value, place: &Place) -> Option<String> {
        let uid = |object: &Value| object["metadata"]["uid"].clone();
        let is_same = self.before.as_ref().is_some_and(|before| uid(before) == uid(now));
        if is_same == (self.after == After::New) {
            return Some(format!("{}: another object under its name", self.id));
        }
        let ours = place.release().field_manager();
        let entries = now["metadata"]["managedFields"].as_array().into_iter().flatten();
        let is_ours = entries.into_iter().any(|entry| entry["manager"] == *ours && entry["operation"] == "Apply");
        (is_ours == (self.after == After::Theirs)).then(|| format!("{}: whether it is ours is {is_ours}", self.id))
    }

    fn wanted(&self, state: &State, place: &Place) -> Value {
        let mut wanted = match (self.after, &self.intent) {
            (After::Theirs, _) | (_, None) => place.complete(&self.object, &json!({})),
            (_, Some(intent)) => intent.clone(),
        };
        if self.id.kind == Kind::Secret {
            wanted["type"] = "Opaque".into();
        }
        if self.after == After::Marked {
            wanted["metadata"]["annotations"][ADOPTED] = "true".into();
        }
        if self.after != After::New && self.id.kind == state.declares.kind() {
            state.parts.iter().for_each(|part| self.add(&mut wanted, part));
        }
        wanted
    }

    /// Adds what others have, where we have nothing.
    fn add(&self, wanted: &mut Value, part: &Part) {
        let before = || part.path.iter().try_fold(self.before.as_ref()?, |value, step| value.get(step)).cloned();
        let place = part.path.iter().fold(wanted, |value, step| &mut value[step]);
        if place.is_null() {
            *place = if part.value.is_null() { before().unwrap_or_default() } else { part.value.clone() };
        }
    }

    /// The fields that plan must have named: those that are other than before, by their value or as they are ours.
    pub fn fields(&self, place: &Place) -> BTreeSet<String> {
        match self.did {
            Did::Repaired { fields, .. } => fields.split(", ").map(str::to_owned).collect(),
            Did::Changed => {
                let (before, now) =
                    (self.before.clone().unwrap_or_default(), place.get(&self.object).unwrap_or_default());
                let held = |object: &Value| {
                    let metadata = serde_json::from_value(object["metadata"].clone()).unwrap_or_default();
                    ownership::applied(&metadata, &place.release())
                };
                let (held_before, held_now) = (held(&before), held(&now));
                let (before, now) = (leaves(&bare(before)), leaves(&bare(now)));
                let paths = before.keys().chain(now.keys()).filter(|path| before.get(*path) != now.get(*path));
                paths.cloned().chain(held_before.differing(&held_now)).collect()
            }
            // what had another value
            Did::Adopted { .. } => {
                let leaves = |object: Option<Value>| leaves(&bare(object.unwrap_or_default()));
                let (before, now) = (leaves(self.before.clone()), leaves(place.get(&self.object)));
                let replaced = before.iter().filter(|(path, value)| now.get(*path).is_some_and(|now| now != *value));
                replaced.map(|(path, _)| path.clone()).collect()
            }
            _ => BTreeSet::new(),
        }
    }
}

/// A namespace that the job makes, with the label that the API server adds.
fn of_namespace(place: &Place, id: &ObjectId) -> Value {
    let release = place.release();
    json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": id.name, "labels": {
            "app.kubernetes.io/managed-by": "sc-job", "app.kubernetes.io/part-of": "sc-extension",
            "kubernetes.io/metadata.name": id.name,
            "sc-extension/release": release.name, "sc-extension/release-namespace": release.namespace,
        }},
        "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
    })
}

/// An object without what the API server writes of itself.
fn bare(mut object: Value) -> Value {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for own in ["managedFields", "uid", "resourceVersion", "creationTimestamp", "generation"] {
            metadata.remove(own);
        }
    }
    object
}

/// The values that are no mappings, by the paths that plan gives them.
fn leaves(value: &Value) -> BTreeMap<String, Value> {
    match value {
        Value::Object(mapping) => mapping
            .iter()
            .flat_map(|(step, value)| {
                leaves(value).into_iter().map(move |(path, leaf)| (format!(".{step}{path}"), leaf))
            })
            .collect(),
        leaf => BTreeMap::from([(String::new(), leaf.clone())]),
    }
}
