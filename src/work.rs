//! Carrying out a plan, in a run or in a rehearsal: namespaces, then everything
//! else, then what is not wanted any more.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt as _};

use crate::apply::{self, Written};
use crate::client::Api;
use crate::error::Fault;
use crate::failure;
use crate::outcome::{Done, Told};
use crate::ownership::Memory;
use crate::plan::{Plan, Step};
use crate::release::Release;
use crate::remove::{self, Removal};

/// Carries out `plan` with `width` requests in flight, and tells of each object.
///
/// # Errors
/// A fault of the whole run: the API server cannot be reached, or does not know us.
pub async fn carry_out(
    api: &Api,
    release: &Release,
    width: usize,
    plan: Plan,
    mut tell: impl FnMut(Told),
) -> Result<(), Fault> {
    let Plan { namespaces, steps, mut removals, brake, .. } = plan;
    if brake.is_some() {
        removals.retain(|removal| !removal.fate.writes());
    }
    let made: BTreeSet<String> = namespaces.iter().map(|step| step.intent.id.name.clone()).collect();
    let mut failed = BTreeSet::new();
    apply_all(api, release, width, namespaces, &BTreeSet::new(), &mut failed, &mut tell).await?;
    let mut steps = steps;
    steps.retain(|step| !step.intent.connections.iter().all(|connection| failed.contains(connection)));
    // What is in a namespace that a rehearsal has not really made cannot be asked for.
    let unasked = if api.is_rehearsal() { made } else { BTreeSet::new() };
    apply_all(api, release, width, steps, &unasked, &mut failed, &mut tell).await?;
    remove_all(api, release, width, removals, &failed, &mut tell).await
}

async fn apply_all(
    api: &Api,
    release: &Release,
    width: usize,
    steps: Vec<Step>,
    unasked: &BTreeSet<String>,
    failed: &mut BTreeSet<String>,
    tell: &mut impl FnMut(Told),
) -> Result<(), Fault> {
    let mut results = stream::iter(steps)
        .map(|step| async move {
            let Step { intent, state, memory } = step;
            let (id, connections) = (intent.id.clone(), intent.connections.clone());
            let resource = match intent.open() {
                Ok(resource) => resource,
                Err(fault) => return (id, connections, Vec::new(), Err(fault)),
            };
            let keys = resource.data_keys();
            let result = if unasked.contains(&id.namespace) {
                Ok(Written { done: Done::Created, uid: None, adopted: false })
            } else {
                apply::object(api, release, resource, state, memory.as_ref()).await
            };
            (id, connections, keys, result)
        })
        .buffer_unordered(width);
    while let Some((id, connections, keys, result)) = results.next().await {
        let (result, memory) = match result {
            Ok(Written { done, uid, adopted }) => (Ok(done), Some(Memory { uid, adopted })),
            Err(fault) if failure::ends_the_run(&fault) => return Err(fault),
            Err(fault) => {
                failed.extend(connections.iter().cloned());
                (Err(fault), None)
            }
        };
        tell(Told { id, connections, keys, result, memory });
    }
    Ok(())
}

/// What a connection leaves stays as long as what it is to have in its stead cannot be made.
async fn remove_all(
    api: &Api,
    release: &Release,
    width: usize,
    mut removals: Vec<Removal>,
    failed: &BTreeSet<String>,
    tell: &mut impl FnMut(Told),
) -> Result<(), Fault> {
    removals.retain(|removal| removal.connections.iter().all(|connection| !failed.contains(connection)));
    let mut results = stream::iter(removals)
        .map(|removal| async move {
            let (id, connections) = (removal.id.clone(), removal.connections.clone());
            (id, connections, remove::step(api, release, removal).await)
        })
        .buffer_unordered(width);
    while let Some((id, connections, result)) = results.next().await {
        match result {
            Err(fault) if failure::ends_the_run(&fault) => return Err(fault),
            result => tell(Told { id, connections, keys: Vec::new(), result, memory: None }),
        }
    }
    Ok(())
}
