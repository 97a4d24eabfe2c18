//! What a run will do: the objects of all connections, each once, with what
//! stands in the cluster under its name. A connection with a fault that shows
//! before the first write is left out whole.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};

use crate::client::{Api, Namespace};
use crate::connections::{Connection, Declared};
use crate::error::{Code, Fault};
use crate::failure;
use crate::object::{Kind, ObjectId};
use crate::ownership::{Foreign, State};
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
    let absent = absent_namespaces(api, declared).await;
    for connection in declared.enabled() {
        match intents(connection, &absent, references, &context) {
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

/// The namespaces in which the chart could render no Role, as they are now.
async fn absent_namespaces(api: &Api, declared: &Declared) -> BTreeMap<String, Option<Namespace>> {
    let mut absent = BTreeMap::new();
    for name in &declared.missing_namespaces {
        absent.insert(name.clone(), api.namespace(name).await.ok());
    }
    absent
}

fn intents(
    connection: &Connection,
    absent: &BTreeMap<String, Option<Namespace>>,
    references: &References,
    context: &Context,
) -> Result<Vec<Resource>, Fault> {
    if let Some(now) = absent.get(&connection.namespace) {
        let id = ObjectId::new(Kind::Secret, &connection.namespace, &connection.secret_name);
        return Err(failure::without_role(&id, *now));
    }
    match references.fault(connection) {
        Some(fault) => Err(fault),
        None => resources::of(connection, context),
    }
}

/// Adds an intent. A ServiceAccount may be that of several connections, which all declare the same one.
pub fn add(resources: &mut BTreeMap<ObjectId, Resource>, intent: Resource) {
    match resources.entry(intent.id.clone()) {
        Entry::Vacant(place) => drop(place.insert(intent)),
        Entry::Occupied(mut shared) => shared.get_mut().connections.extend(intent.connections),
    }
}

async fn observe(api: &Api, release: &Release, id: &ObjectId) -> Result<State, Fault> {
    match api.metadata(id).await {
        Ok(metadata) => match State::of(metadata.as_ref(), release) {
            State::Foreign(why) => Err(foreign(id, &why, release)),
            state => Ok(state),
        },
        Err(error) => Err(failure::of(&error, id, "get", api).await),
    }
}

/// The fault of an object that is not ours.
#[must_use]
pub fn foreign(id: &ObjectId, why: &Foreign, release: &Release) -> Fault {
    let (what, name, namespace) = (id.kind.plural(), &id.name, &id.namespace);
    match why {
        Foreign::NotApplied(managers) => {
            let whose = match managers.as_slice() {
                [] => "it names no manager".to_owned(),
                names => format!("managed by {}", names.join(", ")),
            };
            let cause = format!("it was not made by this release ({whose}), and was left untouched");
            let delete = format!(
                "if nobody needs it, `kubectl delete {what} {name} -n {namespace}` and run the same helm upgrade again"
            );
            Fault::of(Code::ForeignObject, id, cause).remedy(match id.kind.setting() {
                Some(setting) => format!("give the connection its own {setting}; or, {delete}"),
                None => delete,
            })
        }
        Foreign::Unlabelled => {
            let labels = [(Release::NAME_LABEL, &release.name), (Release::NAMESPACE_LABEL, &release.namespace)];
            let names = labels.map(|(label, _)| label).join(" or ");
            let cause =
                format!("this release has applied it, but its label {names} was changed; it was left untouched");
            let wanted = labels.map(|(label, value)| format!("{label}={value}")).join(" ");
            Fault::of(Code::ForeignObject, id, cause).remedy(format!(
                "if it is still this release's, `kubectl label {what} {name} -n {namespace} --overwrite {wanted}`, then \
                 run the same helm upgrade again"
            ))
        }
    }
}
