//! What a run will do: the objects of all connections, each once, with what
//! stands in the cluster under its name. A connection with a fault is left out
//! whole, so that it is never half done.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;

use crate::client::Api;
use crate::connections::{Connection, Declared};
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::{Kind, ObjectId};
use crate::ownership::State;
use crate::references::References;
use crate::release::Release;
use crate::report::Report;
use crate::resources::{self, Context, Resource};

/// One object to apply.
pub struct Step {
    /// The intent.
    pub resource: Resource,
    /// What the intent will meet.
    pub state: State,
}

/// Makes the plan. Faults of single connections go to the report.
///
/// # Errors
/// A fault of the whole run: the API server cannot be reached, or does not know us.
pub async fn make(
    api: &Api,
    release: &Release,
    concurrency: usize,
    declared: &Declared,
    references: &References,
    report: &Report,
) -> Result<Vec<Step>, Fault> {
    let context = Context { release, cloud: &declared.cloud, references: &references.values };
    let mut resources = BTreeMap::new();
    for connection in declared.enabled() {
        match intents(connection, declared, references, &context) {
            Ok(intents) => intents.into_iter().for_each(|intent| add(&mut resources, intent)),
            Err(fault) => report.failed(&connection.name, fault),
        }
    }
    let observed: Vec<_> = stream::iter(resources.into_values())
        .map(|resource| async move {
            let state = observe(api, release, &resource.id).await;
            (resource, state)
        })
        .buffer_unordered(concurrency)
        .collect()
        .await;
    let mut steps = Vec::with_capacity(observed.len());
    for (resource, state) in observed {
        match state {
            Ok(state) => steps.push(Step { resource, state }),
            Err(fault) if failure::ends_the_run(&fault) => return Err(fault),
            Err(fault) => resource.connections.iter().for_each(|connection| report.failed(connection, fault.clone())),
        }
    }
    let failed: BTreeSet<String> = report.failed_names();
    steps.retain_mut(|step| {
        step.resource.connections.retain(|connection| !failed.contains(connection));
        !step.resource.connections.is_empty()
    });
    steps.sort_by(|a, b| a.resource.id.cmp(&b.resource.id));
    Ok(steps)
}

fn intents(
    connection: &Connection,
    declared: &Declared,
    references: &References,
    context: &Context,
) -> Result<Vec<Resource>, Fault> {
    if declared.missing_namespaces.contains(&connection.namespace) {
        let id = ObjectId::new(Kind::Secret, &connection.namespace, &connection.secret_name);
        let cause = format!(
            "namespace {} did not exist, or was being deleted, when the chart was installed",
            connection.namespace
        );
        return Err(failure::namespace_missing(&id, &cause));
    }
    match references.fault(connection) {
        Some(fault) => Err(fault),
        None => resources::of(connection, context),
    }
}

/// Adds an intent. A ServiceAccount may be that of several connections; their annotations agree, which was checked with the input.
pub fn add(resources: &mut BTreeMap<ObjectId, Resource>, intent: Resource) {
    match resources.get_mut(&intent.id) {
        None => drop(resources.insert(intent.id.clone(), intent)),
        Some(shared) => {
            shared.connections.extend(intent.connections);
            let annotations = |body: &mut Value| body.pointer_mut("/metadata/annotations").map(Value::take);
            let mut further = intent.body;
            let Some(Value::Object(further)) = annotations(&mut further) else { return };
            if let Some(Value::Object(merged)) = shared.body.pointer_mut("/metadata/annotations") {
                merged.extend(further);
            }
        }
    }
}

async fn observe(api: &Api, release: &Release, id: &ObjectId) -> Result<State, Fault> {
    match api.metadata(id).await {
        Ok(metadata) => match State::of(metadata.as_ref(), release) {
            State::Foreign(managers) => Err(foreign(id, &managers)),
            state => Ok(state),
        },
        Err(error) => Err(failure::of(&error, id, "get", api).await),
    }
}

/// The fault of an object that is not ours.
#[must_use]
pub fn foreign(id: &ObjectId, managers: &[String]) -> Fault {
    let whose = if managers.is_empty() {
        "it names no manager".to_owned()
    } else {
        format!("managed by {}", managers.join(", "))
    };
    let (setting, plural) = if id.kind == Kind::ServiceAccount {
        ("serviceAccount.name", "serviceaccount")
    } else {
        ("secretName", "secret")
    };
    Fault::of(Code::ForeignObject, id, format!("it was not made by this release ({whose}), and was left untouched")).remedy(format!(
        "if nobody needs it, `kubectl delete {plural} {} -n {}` and run the same helm upgrade again; else give the connection its own {setting}",
        id.name, id.namespace
    ))
}
