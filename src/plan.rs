//! What a run will do: the objects of all connections, each once, with what
//! stands in the cluster under its name. A connection with a fault that shows
//! before the first write is left out whole.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use futures_util::stream::{self, StreamExt as _};

use crate::client::Api;
use crate::connections::{Connection, Declared};
use crate::error::Fault;
use crate::failure;
use crate::object::ObjectId;
use crate::ownership::State;
use crate::preflight::Preflight;
use crate::references::References;
use crate::release::Release;
use crate::resources::{self, Context, Resource};

/// One object to apply.
pub struct Step {
    /// The intent.
    pub resource: Resource,
    /// What the intent will meet.
    pub state: State,
}

/// What can be done, and what cannot.
pub struct Plan {
    /// The objects to apply.
    pub steps: Vec<Step>,
    /// The connections that are left out, and why.
    pub left_out: BTreeMap<String, Fault>,
}

/// Makes the plan.
///
/// # Errors
/// A fault of the whole run: the API server cannot be reached, or does not know us.
pub async fn make(
    api: &Api,
    release: &Release,
    width: usize,
    declared: &Declared,
    references: &References,
    preflight: &Preflight,
) -> Result<Plan, Fault> {
    let context = Context { release, cloud: &declared.cloud, references: &references.values };
    let mut resources = BTreeMap::new();
    let mut left_out = BTreeMap::new();
    for connection in declared.enabled() {
        match intents(connection, preflight, references, &context) {
            Ok(intents) => intents.into_iter().for_each(|intent| add(&mut resources, intent)),
            Err(fault) => drop(left_out.insert(connection.name.clone(), fault)),
        }
    }
    let mut observed: Vec<_> = stream::iter(resources.into_values())
        .map(|resource| async move {
            let state = observe(api, release, preflight, &resource.id).await;
            (resource, state)
        })
        .buffer_unordered(width)
        .collect()
        .await;
    observed.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    let mut steps = Vec::with_capacity(observed.len());
    for (resource, state) in observed {
        match state {
            Ok(state) => steps.push(Step { resource, state }),
            Err(fault) if failure::ends_the_run(&fault) => return Err(fault),
            Err(fault) => {
                for connection in resource.connections {
                    let all =
                        left_out.remove(&connection).map_or_else(|| fault.clone(), |first: Fault| first.and(&fault));
                    left_out.insert(connection, all);
                }
            }
        }
    }
    steps.retain_mut(|step| {
        step.resource.connections.retain(|connection| !left_out.contains_key(connection));
        !step.resource.connections.is_empty()
    });
    steps.sort_by(|a, b| a.resource.id.cmp(&b.resource.id));
    Ok(Plan { steps, left_out })
}

fn intents(
    connection: &Connection,
    preflight: &Preflight,
    references: &References,
    context: &Context,
) -> Result<Vec<Resource>, Fault> {
    let faults = preflight.fault(connection).into_iter().chain(references.fault(connection));
    match faults.reduce(|all, other| all.and(&other)) {
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

async fn observe(api: &Api, release: &Release, preflight: &Preflight, id: &ObjectId) -> Result<State, Fault> {
    match api.metadata(id).await {
        Ok(metadata) => match State::of(metadata.as_ref(), release) {
            State::Foreign(why) => Err(failure::foreign(id, &why, release)),
            State::Absent => preflight.cannot_create(id).map_or(Ok(State::Absent), Err),
            state @ State::Ours(_) => Ok(state),
        },
        Err(error) => Err(failure::of(&error, id, "get", api).await),
    }
}
