//! From a connection to the objects it stands for: pure functions, one module a
//! kind. Whoever adds a kind adds a module and its line in [`of`].

mod secret;
mod service_account;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use crate::catalogue::Cloud;
use crate::connections::Connection;
use crate::connections::form::{Form, Reference};
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::release::Release;
use crate::secret_value::SecretValue;

/// A shorter value is no credential, and stands in many words by chance.
const SHORTEST_SECRET: usize = 4;

/// What every object is made with.
pub struct Context<'a> {
    /// The release whose labels the objects bear.
    pub release: &'a Release,
    /// The cloud of the connections.
    pub cloud: &'a Cloud,
    /// What the references of the connections say, as far as it could be read.
    pub references: &'a BTreeMap<Reference, SecretValue>,
}

/// An object as it is to be applied. It may hold credentials, so it has no `Debug`.
pub struct Resource {
    /// What the object is.
    pub id: ObjectId,
    /// The connections that need it.
    pub connections: Vec<String>,
    /// The whole intent, `apiVersion` and `kind` included.
    pub body: Value,
}

/// The objects of one connection.
///
/// # Errors
/// A fault when the intent cannot be made: a defect of the program or its catalogue.
pub fn of(connection: &Connection, context: &Context) -> Result<Vec<Resource>, Fault> {
    let made = [service_account::of(connection, context), Some(secret::of(connection, context)?)];
    made.into_iter()
        .flatten()
        .map(|(kind, name, object)| {
            let id = ObjectId::new(kind, &connection.namespace, name);
            let body = object.map_err(|error| {
                Fault::of(Code::Internal, &id, format!("the object cannot be written as JSON: {error}"))
            })?;
            Ok(Resource { id, connections: vec![connection.name.clone()], body })
        })
        .collect()
}

type Made = (Kind, String, Result<Value, serde_json::Error>);

fn made(kind: Kind, name: &str, object: &impl Serialize) -> Made {
    (kind, name.to_owned(), serde_json::to_value(object))
}

impl Context<'_> {
    /// The labels that every object bears. Not `app.kubernetes.io/instance`: Argo CD would take
    /// the object for its own, and prune it.
    fn labels(&self) -> BTreeMap<String, String> {
        [
            ("app.kubernetes.io/managed-by", "sc-job"),
            ("app.kubernetes.io/part-of", "sc-extension"),
            (Release::NAME_LABEL, &self.release.name),
            (Release::NAMESPACE_LABEL, &self.release.namespace),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
    }

    fn value<'a>(&'a self, form: &'a Form) -> Option<&'a SecretValue> {
        match form {
            Form::Literal(value) => Some(value),
            Form::Reference(reference) => self.references.get(reference),
        }
    }
}

impl Resource {
    /// The intent's own fields that another manager may hold too, each with the path by which the API
    /// server names it in a conflict and the steps that lead to it in `managedFields`.
    pub fn fields(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        let groups: [&[&str]; 3] = [&["data"], &["metadata", "labels"], &["metadata", "annotations"]];
        groups.into_iter().flat_map(|group| {
            let mapping = group.iter().try_fold(&self.body, |value, step| value.get(step)).and_then(Value::as_object);
            mapping.into_iter().flat_map(serde_json::Map::keys).map(move |key| {
                let steps: Vec<&str> = group.iter().copied().chain([key.as_str()]).collect();
                (format!(".{}", steps.join(".")), steps.iter().map(|step| format!("f:{step}")).collect())
            })
        })
    }

    /// `text` with each value of the object's `data`, plain or in base64, replaced by `***`.
    #[must_use]
    pub fn without_values(&self, text: &str) -> String {
        let data = self.body.get("data").and_then(Value::as_object);
        data.into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_str).fold(
            text.to_owned(),
            |text, encoded| {
                let plain =
                    STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
                [encoded, &plain]
                    .into_iter()
                    .filter(|value| value.len() >= SHORTEST_SECRET)
                    .fold(text, |text, value| text.replace(value, "***"))
            },
        )
    }

    /// The names of the entries that the object holds for a workload.
    #[must_use]
    pub fn data_keys(&self) -> Vec<String> {
        self.body.get("data").and_then(Value::as_object).map(|data| data.keys().cloned().collect()).unwrap_or_default()
    }
}
