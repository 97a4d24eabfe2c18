//! From a connection to the objects it stands for: pure functions, one module a
//! kind. Whoever adds a kind adds a module and its line in [`of`].

mod intent;
mod namespace;
mod redaction;
mod secret;
mod secret_provider_class;
mod service_account;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde_json::Value;

use crate::catalogue::Cloud;
use crate::connections::form::{Form, Reference};
use crate::connections::{Connection, Origin};
use crate::error::{Code, Fault};
use crate::object::{Kind, ObjectId};
use crate::ownership::{ADOPTED, BY_OPERATION, Version};
use crate::release::Release;
use crate::secret_value::SecretValue;

pub use intent::Intent;

/// The connection that an object belongs to, where it belongs to one.
pub const CONNECTION_LABEL: &str = "sc-extension/connection";

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
    /// Credentials that stand within entries of `data`, such as the password in a connection string.
    pub secrets: Vec<SecretValue>,
    /// What declares those connections. A namespace counts as of the values, whoever is the first in it.
    pub origin: Origin,
    /// Whether an object of somebody else is to be taken over.
    pub adopt: bool,
}

/// The objects of one connection.
///
/// # Errors
/// A fault when the intent cannot be made: a defect of the program or its catalogue.
pub fn of(connection: &Connection, context: &Context) -> Result<Vec<Resource>, Fault> {
    let class = secret_provider_class::of(connection, context)?;
    let account = service_account::of(connection, context);
    let secrets = secret::of(connection, context)?;
    let made = class.into_iter().chain(account).chain(secrets);
    made.map(|(kind, name, object)| {
        let id = ObjectId::new(kind, &connection.namespace, name);
        let body = object.map_err(|error| {
            Fault::of(Code::Internal, &id, format!("the object cannot be written as JSON: {error}"))
        })?;
        Ok(Resource {
            id,
            connections: vec![connection.name.clone()],
            body,
            secrets: credentials(connection, context),
            origin: connection.origin,
            adopt: connection.adopt,
        })
    })
    .collect()
}

/// The namespace of connections, where it is to be made. A pure function like [`of`].
///
/// # Errors
/// A fault when the intent cannot be made: a defect of the program.
pub fn of_namespace(name: &str, connections: Vec<String>, context: &Context) -> Result<Resource, Fault> {
    let id = ObjectId::of_namespace(name);
    let body = namespace::of(name, context)
        .map_err(|error| Fault::of(Code::Internal, &id, format!("the object cannot be written as JSON: {error}")))?;
    Ok(Resource { id, connections, body, secrets: Vec::new(), origin: Origin::Values, adopt: false })
}

fn credentials(connection: &Connection, context: &Context) -> Vec<SecretValue> {
    let Some(service) = &connection.service else { return Vec::new() };
    let values = service.values(|form| context.value(form)).into_iter();
    let sensitive = |name: &String| service.target.parameters.get(name).is_some_and(|parameter| parameter.sensitive);
    let variables = || service.set.variables.iter();
    let mut credentials = Vec::new();
    for (name, value) in values.filter(|(name, _)| sensitive(name)) {
        let written = variables().filter_map(|variable| variable.written(&name, value.expose()));
        credentials.extend(written.map(SecretValue::from));
        credentials.push(value);
    }
    credentials
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

    /// The metadata of an object that one connection has to itself, with what the values say of labels and annotations.
    fn metadata_of_one(&self, connection: &Connection, name: &str) -> ObjectMeta {
        let mut labels = self.labels();
        labels.insert(CONNECTION_LABEL.to_owned(), connection.name.clone());
        labels.extend(connection.labels.clone());
        let mut annotations = connection.annotations.clone();
        if connection.origin == Origin::Operation {
            annotations.insert(BY_OPERATION.to_owned(), "true".to_owned());
        }
        ObjectMeta {
            name: Some(name.to_owned()),
            namespace: Some(connection.namespace.clone()),
            labels: Some(labels),
            annotations: Some(annotations).filter(|annotations| !annotations.is_empty()),
            ..ObjectMeta::default()
        }
    }

    fn value<'a>(&'a self, form: &'a Form) -> Option<&'a SecretValue> {
        form.value(self.references)
    }
}

impl Resource {
    /// Pins the intent to the object, or the state of it, that was seen; `None` lifts the pin.
    pub fn pin(&mut self, uid: Option<&str>, resource_version: Option<&str>) {
        let Some(Value::Object(metadata)) = self.body.get_mut("metadata") else { return };
        for (key, value) in [("uid", uid), ("resourceVersion", resource_version)] {
            match value {
                Some(value) => drop(metadata.insert(key.to_owned(), value.into())),
                None => drop(metadata.remove(key)),
            }
        }
    }

    /// Says in the intent that somebody else had made the object, or says it no longer.
    pub fn mark(&mut self, adopted: bool) {
        let Some(Value::Object(metadata)) = self.body.get_mut("metadata") else { return };
        let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(serde_json::Map::new()));
        if let Value::Object(annotations) = annotations {
            if adopted {
                annotations.insert(ADOPTED.to_owned(), "true".into());
            } else {
                annotations.remove(ADOPTED);
            }
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }

    /// The intent's own fields that another manager may hold too, each with the path by which the API
    /// server names it in a conflict and the steps that lead to it in `managedFields`.
    pub fn fields(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        let groups: [&[&str]; 5] =
            [&["data"], &["metadata", "labels"], &["metadata", "annotations"], &["spec"], &["spec", "parameters"]];
        groups.into_iter().flat_map(|group| {
            let mapping = group.iter().try_fold(&self.body, |value, step| value.get(step)).and_then(Value::as_object);
            mapping.into_iter().flat_map(serde_json::Map::keys).map(move |key| {
                let steps: Vec<&str> = group.iter().copied().chain([key.as_str()]).collect();
                (format!(".{}", steps.join(".")), steps.iter().map(|step| format!("f:{step}")).collect())
            })
        })
    }

    /// `text` without the values of the object's `data` and the credentials within them, in whatever form somebody
    /// quoted them.
    #[must_use]
    pub fn without_values(&self, text: &str) -> String {
        let data = self.body.get("data").and_then(Value::as_object);
        let encoded = data.into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_str);
        let plain: Vec<String> =
            encoded.filter_map(|encoded| String::from_utf8(STANDARD.decode(encoded).ok()?).ok()).collect();
        let within = self.secrets.iter().map(SecretValue::expose);
        redaction::without(text, plain.iter().map(String::as_str).chain(within))
    }

    /// The names of the entries that the object holds for a workload.
    #[must_use]
    pub fn data_keys(&self) -> Vec<String> {
        self.body.get("data").and_then(Value::as_object).map(|data| data.keys().cloned().collect()).unwrap_or_default()
    }
}

/// An intent that says nothing: to apply it takes out exactly our fields of the object that was seen. Without the UID it
/// could make an empty one.
#[must_use]
pub fn empty(id: &ObjectId, seen: &Version) -> Value {
    serde_json::json!({
        "apiVersion": id.kind.api_version(), "kind": id.kind.as_str(),
        "metadata": {"name": id.name, "namespace": id.namespace, "uid": seen.uid},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_out_of_a_text_in_every_form_and_whole() {
        let values = [("A", "hunter"), ("B", "hunter2-canary"), ("C", "pa\"ss\\word"), ("D", "ab")];
        let data: serde_json::Map<_, _> =
            values.iter().map(|(key, value)| ((*key).to_owned(), STANDARD.encode(value).into())).collect();
        let resource = Resource {
            id: ObjectId::new(Kind::Secret, "n", "s"),
            connections: Vec::new(),
            body: serde_json::json!({ "data": data }),
            secrets: vec!["swordfish".into()],
            origin: Origin::Values,
            adopt: false,
        };
        let said = format!(
            "denied: {} hunter2-canary {:?} pa\"ss\\word ab swordfish",
            STANDARD.encode("hunter"),
            "pa\"ss\\word"
        );
        assert_eq!(resource.without_values(&said), "denied: *** *** \"***\" *** ab ***");
    }
}
