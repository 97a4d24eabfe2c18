//! What somebody else does to an object, in words and as a request.

use std::collections::BTreeMap;
use std::fmt;

use k8s_openapi::api::core::v1::{Secret, ServiceAccount};
use kube::api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::{Value, json};

use super::field::{Field, Fields};
use super::identity::{Id, Kind};

/// Who holds objects back, and by which finalizer.
pub const HOLDER: &str = "backup";
pub const HOLD: &str = "example.com/backup";

/// Something that is done to an object by others.
#[derive(Clone)]
pub enum Act {
    /// Fields are set and taken out, as `kubectl edit` and `kubectl label` do, if the object is there.
    Edit {
        who: &'static str,
        changes: BTreeMap<Field, Option<String>>,
    },
    /// These fields are applied server-side, and so make the object if it is not there.
    Apply {
        who: &'static str,
        fields: Fields,
        force: bool,
    },
    /// The object, if there is one, is deleted, and another one made under its name.
    Replace {
        who: &'static str,
        fields: Fields,
    },
    Delete,
    /// The object gets a finalizer.
    Hold,
    /// The object loses its finalizer, and goes if it was deleted before.
    LetGo,
    /// The object loses its `managedFields`.
    Strip,
}

impl Act {
    /// Sends it, to an object that has these `fields` if it is there; false if the API server refuses it.
    pub async fn perform(&self, client: &Client, prefix: &str, id: Id, fields: Option<&Fields>) -> bool {
        let api = api(client, prefix, id);
        let patch = |who: &str| PatchParams { field_manager: Some(who.to_owned()), ..PatchParams::default() };
        let done = match self {
            Self::Edit { who, changes } => {
                let mut patched = json!({});
                // taking out what is not there would make an empty mapping, and so change an object that is immutable
                let there = |field| fields.is_some_and(|fields| fields.contains_key(field));
                let changes = changes.iter().filter(|(field, value)| value.is_some() || there(*field));
                Field::write(changes.map(|(field, value)| (field, value.as_ref())), &mut patched);
                api.patch(id.name, &patch(who), &Patch::Merge(patched)).await.map(drop)
            }
            Self::Apply { who, fields, force } => {
                let params = PatchParams { force: *force, ..patch(who) };
                let fields = fields.iter().map(|(field, value)| (field, Some(value)));
                api.patch(id.name, &params, &Patch::Apply(body(prefix, id, fields))).await.map(drop)
            }
            Self::Replace { who, fields } => {
                delete(&api, id).await;
                let params = PostParams { field_manager: Some((*who).to_owned()), ..PostParams::default() };
                let body = body(prefix, id, fields.iter().map(|(field, value)| (field, Some(value))));
                api.create(&params, &serde_json::from_value(body).unwrap()).await.map(drop)
            }
            Self::Delete => {
                delete(&api, id).await;
                Ok(())
            }
            Self::Hold | Self::LetGo => {
                let finalizers = matches!(self, Self::Hold).then_some([HOLD]);
                let patched = json!({"metadata": {"finalizers": finalizers}});
                api.patch(id.name, &patch(HOLDER), &Patch::Merge(patched)).await.map(drop)
            }
            Self::Strip => {
                let stripped = json!({"metadata": {"managedFields": [{}]}});
                api.patch(id.name, &patch("kubectl-patch"), &Patch::Merge(stripped)).await.map(drop)
            }
        };
        match done {
            Ok(()) => true,
            Err(kube::Error::Api(status)) if status.is_not_found() => true,
            Err(kube::Error::Api(status)) if matches!(status.code, 409 | 422) => false,
            Err(error) => panic!("{self} {id}: {error}"),
        }
    }
}

fn api(client: &Client, prefix: &str, id: Id) -> Api<DynamicObject> {
    let resource = match id.kind {
        Kind::Secret => ApiResource::erase::<Secret>(&()),
        Kind::ServiceAccount => ApiResource::erase::<ServiceAccount>(&()),
    };
    Api::namespaced_with(client.clone(), &format!("{prefix}{}", id.namespace.as_str()), &resource)
}

async fn delete(api: &Api<DynamicObject>, id: Id) {
    match api.delete(id.name, &DeleteParams::default()).await {
        Err(kube::Error::Api(status)) if status.is_not_found() => {}
        done => drop(done.unwrap()),
    }
}

fn body<'a>(prefix: &str, id: Id, fields: impl Iterator<Item = (&'a Field, Option<&'a String>)>) -> Value {
    let mut body = json!({
        "apiVersion": "v1", "kind": id.kind.as_str(),
        "metadata": {"name": id.name, "namespace": format!("{prefix}{}", id.namespace.as_str())},
    });
    Field::write(fields, &mut body);
    renamed(prefix, body)
}

/// The label that names the release's namespace, with the name that it really has.
fn renamed(prefix: &str, mut object: Value) -> Value {
    let label = object.pointer_mut("/metadata/labels/sc-extension~1release-namespace");
    if let Some(label) = label.filter(|label| *label == "sc-system") {
        *label = format!("{prefix}sc-system").into();
    }
    object
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edit { who, changes } => write!(f, "{who} edits, to {changes:?},"),
            Self::Apply { who, fields, force } => {
                write!(f, "{who} applies{} {fields:?} to", if *force { " with force" } else { "" })
            }
            Self::Replace { who, fields } => write!(f, "{who} makes, with {fields:?}, a new"),
            Self::Delete => write!(f, "somebody deletes"),
            Self::Hold => write!(f, "a finalizer holds"),
            Self::LetGo => write!(f, "no finalizer holds"),
            Self::Strip => write!(f, "somebody strips managedFields from"),
        }
    }
}

impl fmt::Debug for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
