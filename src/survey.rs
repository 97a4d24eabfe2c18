//! From what is declared to a plan: references are read, the cluster is looked at.
//! A run and a preview have this part in common.

use std::collections::BTreeSet;

use crate::client::Api;
use crate::connections::{Declared, Document, Origin};
use crate::error::Fault;
use crate::inventory::{Inventory, Standing};
use crate::ownership::State;
use crate::plan::{self, Candidates, Ground, Plan};
use crate::preflight::Preflight;
use crate::references::References;
use crate::release::Release;
use crate::remarks;
use crate::settings::Settings;

/// Checks what is mounted, or given by a person.
///
/// # Errors
/// All faults of the values.
pub fn declared(settings: &Settings, documents: Vec<Document>) -> Result<Declared, Vec<Fault>> {
    let mut declared = Declared::check(documents, &settings.release())?;
    if settings.uninstall {
        // Whoever uninstalls means all of it.
        declared.policy.max_deletions = usize::MAX;
    }
    remarks::on(&declared);
    Ok(declared)
}

/// Takes the connection of an operation that is not to be executed out of what is declared.
pub fn settle(declared: &mut Declared, inventory: &Inventory) -> Standing {
    let Some(operation) = &declared.operation else { return Standing::Due };
    let standing = inventory.standing(operation);
    if !standing.is_due() {
        declared.connections.retain(|connection| connection.origin == Origin::Values);
    }
    let (name, verb, id) = (&operation.connection, operation.verb.as_str(), &operation.correlation_id);
    match standing {
        Standing::Executed => tracing::info!(
            connection = name,
            "connection {name}: already executed: {verb} with correlationid {id}; another one takes another correlationid"
        ),
        Standing::Begun => tracing::info!(
            connection = name,
            "connection {name}: an earlier run has begun {verb} with correlationid {id}, and has not recorded that it was \
             executed: it is executed now"
        ),
        Standing::Due | Standing::Refused(_) => {}
    }
    standing
}

/// Makes the plan for what is declared.
///
/// # Errors
/// A fault of the whole run: the API server cannot be reached, or does not know us.
pub async fn plan(
    api: &Api,
    release: &Release,
    width: usize,
    declared: &Declared,
    inventory: &Inventory,
    candidates: &mut Candidates,
) -> Result<Plan, Fault> {
    let (references, preflight) = tokio::try_join!(
        References::read(api, &release.namespace, width, declared.enabled()),
        Preflight::examine(api, width, declared, candidates),
    )?;
    remarks::on_values(declared, |form| references.value(form));
    let ground = Ground { declared, references: &references, preflight: &preflight, inventory, candidates };
    let plan = plan::make(api, release, width, &ground).await?;
    candidates.leave_to_operations(&plan.of_operations, inventory);
    Ok(plan)
}

/// Takes into the inventory what the plan is going to make, and out of it what is not ours any more.
pub fn expect(declared: &Declared, candidates: &Candidates, plan: &Plan, inventory: &mut Inventory) {
    for id in &plan.gone {
        inventory.forget(id);
    }
    // What connections declares is theirs, whoever has made it.
    let of_values = declared.connections.iter().filter(|connection| connection.origin == Origin::Values);
    let of_values: BTreeSet<&str> = of_values.map(|connection| connection.name.as_str()).collect();
    inventory.withdraw_from_operations(&of_values, &BTreeSet::new());
    for step in &plan.steps {
        let (id, connections) = (&step.intent.id, &step.intent.connections);
        let users = candidates.users(declared, inventory.record(id), id, connections);
        let by_operation =
            users.iter().any(|name| declared.find(name).is_some_and(|own| own.origin == Origin::Operation));
        inventory.expect(id, users, by_operation, step.state != State::Absent);
    }
}
