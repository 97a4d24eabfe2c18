//! What a run will do: the objects of all connections, each once, with what
//! stands in the cluster under its name, and the objects that are not wanted any
//! more. A connection with a fault that shows before the first write is left out
//! whole.

mod brake;
mod candidates;
mod look;

use std::collections::{BTreeMap, BTreeSet};

use crate::client::Api;
use crate::connections::{Connection, Declared};
use crate::error::Fault;
use crate::failure;
use crate::inventory::Inventory;
use crate::object::ObjectId;
use crate::outcome::Reason;
use crate::ownership::{Memory, State};
use crate::preflight::Preflight;
use crate::references::References;
use crate::release::Release;
use crate::remove::{Fate, Removal};
use crate::resources::{self, Context, Intent};

pub use candidates::{Candidates, Leftover, Why};
use look::Look;

/// One object to apply.
pub struct Step {
    /// What is to be applied.
    pub intent: Intent,
    /// What the intent will meet.
    pub state: State,
    /// What the inventory remembers of the object.
    pub memory: Option<Memory>,
}

/// All that a plan is made of.
pub struct Ground<'a> {
    /// What the values say.
    pub declared: &'a Declared,
    /// What they refer to.
    pub references: &'a References,
    /// What was asked beforehand.
    pub preflight: &'a Preflight,
    /// What earlier runs have made.
    pub inventory: &'a Inventory,
    /// What is not wanted any more.
    pub candidates: &'a Candidates,
}

impl Ground<'_> {
    /// The connection for which an operation has made the object, if that is none of those that want it now.
    fn other_operation(&self, intent: &Intent) -> Option<&str> {
        let record = self.inventory.record(&intent.id).filter(|record| record.by_operation)?;
        let is_other = |name: &&String| !intent.connections.contains(name) && self.declared.find(name).is_none();
        record.connections.iter().find(is_other).map(String::as_str)
    }
}

/// What can be done, and what cannot.
#[derive(Default)]
pub struct Plan {
    /// Namespaces to make, before anything else.
    pub namespaces: Vec<Step>,
    /// The objects to apply.
    pub steps: Vec<Step>,
    /// The objects to remove, after everything else.
    pub removals: Vec<Removal>,
    /// The connections that are left out, and why.
    pub left_out: BTreeMap<String, Fault>,
    /// Connections that are done, but for an object of theirs that is to go and cannot.
    pub not_removed: Vec<(String, Fault)>,
    /// What was left behind and is not there any more, or somebody else's by now.
    pub gone: BTreeSet<ObjectId>,
    /// What was to go and stays, as an operation has made it.
    pub of_operations: BTreeSet<ObjectId>,
    /// Why nothing is removed at all.
    pub brake: Option<Fault>,
}

/// Makes the plan.
///
/// # Errors
/// A fault of the whole run: the API server cannot be reached, or does not know us.
pub async fn make(api: &Api, release: &Release, width: usize, ground: &Ground<'_>) -> Result<Plan, Fault> {
    let Ground { declared, references, .. } = *ground;
    let context = Context { release, cloud: &declared.cloud, references: &references.values };
    let mut wanted = BTreeMap::new();
    let mut plan = Plan::default();
    for connection in declared.enabled() {
        match intents(connection, ground, &context) {
            Ok(intents) => intents.into_iter().for_each(|intent| intent.join(&mut wanted)),
            Err(fault) => plan.leave_out(&connection.name, &fault),
        }
    }
    let look = Look { api, release, ground };
    let ids: Vec<ObjectId> = wanted.keys().cloned().collect();
    let mut states: BTreeMap<_, _> = look.at(width, ids, Look::state).await?.into_iter().collect();
    for (id, intent) in wanted {
        let memory = ground.inventory.memory(&id).cloned();
        let state = states.remove(&id).unwrap_or(Ok(State::Absent));
        match state.and_then(|state| usable(state, &intent, release, ground)) {
            Ok(state) => plan.steps.push(Step { intent, state, memory }),
            Err(fault) => intent.connections.iter().for_each(|connection| plan.leave_out(connection, &fault)),
        }
    }
    let unwanted: Vec<ObjectId> = ground.candidates.removals.keys().cloned().collect();
    for (id, fate) in look.at(width, unwanted, Look::fate).await? {
        plan.remove(id, fate, release, ground);
    }
    let left_behind = ground.candidates.leftovers.iter().map(|leftover| &leftover.id);
    let visible = left_behind.filter(|id| ground.preflight.may_look_for(id)).cloned().collect();
    let looked = look.at(width, visible, Look::is_gone).await?;
    plan.gone.extend(looked.into_iter().filter(|(_, gone)| matches!(gone, Ok(true))).map(|(id, _)| id));
    plan.drop_left_out(declared, release);
    plan.make_namespaces(ground, &context)?;
    plan.put_the_brake_on(declared.policy.max_deletions);
    Ok(plan)
}

fn intents(connection: &Connection, ground: &Ground, context: &Context) -> Result<Vec<Intent>, Fault> {
    let faults = ground.preflight.fault(connection).into_iter().chain(ground.references.fault(connection));
    match faults.reduce(|all, other| all.and(&other)) {
        Some(fault) => Err(fault),
        None => resources::of(connection, context)?.into_iter().map(Intent::of).collect(),
    }
}

fn usable(state: State, intent: &Intent, release: &Release, ground: &Ground) -> Result<State, Fault> {
    let id = &intent.id;
    if let Some(other) = ground.other_operation(intent) {
        return Err(failure::of_another_operation(id, other));
    }
    match &state {
        State::Foreign(why, _) if !intent.adopt => Err(failure::foreign(id, intent.origin, why, release)),
        State::Terminating => Err(failure::terminating(id)),
        State::Absent => ground.preflight.cannot_create(id).map_or(Ok(state), Err),
        State::Ours(_) | State::Foreign(..) => Ok(state),
    }
}

fn removable(fate: Fate, id: &ObjectId, release: &Release, preflight: &Preflight) -> Result<Fate, Fault> {
    match fate {
        Fate::Unproven(doubt) => Err(failure::unproven(id, doubt, release)),
        Fate::Gone | Fate::Leaving | Fate::Retained(_) => Ok(fate),
        Fate::Spared | Fate::Deleted(_) | Fate::Withdrawn(..) => preflight.cannot_remove(id).map_or(Ok(fate), Err),
    }
}

impl Plan {
    fn leave_out(&mut self, connection: &str, fault: &Fault) {
        let all = self.left_out.remove(connection).map_or_else(|| fault.clone(), |first| first.and(fault));
        self.left_out.insert(connection.to_owned(), all);
    }

    /// A connection that is enabled is done also where an object that it has left cannot be removed.
    fn remove(&mut self, id: ObjectId, fate: Result<Fate, Fault>, release: &Release, ground: &Ground) {
        let connections: Vec<String> = ground.candidates.removals.get(&id).into_iter().flatten().cloned().collect();
        match fate.and_then(|fate| removable(fate, &id, release, ground.preflight)) {
            Ok(Fate::Retained(Reason::Operation)) => {
                self.of_operations.insert(id);
            }
            Ok(fate) => {
                let memory = ground.inventory.memory(&id).cloned();
                self.removals.push(Removal { id, connections, fate, memory });
            }
            Err(fault) => {
                for connection in connections {
                    if ground.declared.find(&connection).is_some_and(|own| own.enabled) {
                        self.not_removed.push((connection, fault.clone()));
                    } else {
                        self.leave_out(&connection, &fault);
                    }
                }
            }
        }
    }

    /// What only connections want that are left out is neither applied nor, as they may still need it, removed. An object of
    /// somebody else is taken over only for a connection that says so, and that may be the one that is left out.
    fn drop_left_out(&mut self, declared: &Declared, release: &Release) {
        loop {
            let left_out = &self.left_out;
            let adopts = |connection: &String| declared.find(connection).is_some_and(|own| own.adopt);
            let mut foreign = Vec::new();
            self.steps.retain_mut(|step| {
                step.intent.connections.retain(|connection| !left_out.contains_key(connection));
                step.intent.adopt = step.intent.connections.iter().any(adopts);
                if let (State::Foreign(why, _), false) = (&step.state, step.intent.adopt) {
                    let fault = failure::foreign(&step.intent.id, step.intent.origin, why, release);
                    foreign.extend(step.intent.connections.drain(..).map(|connection| (connection, fault.clone())));
                }
                !step.intent.connections.is_empty()
            });
            if foreign.is_empty() {
                break;
            }
            for (connection, fault) in foreign {
                self.leave_out(&connection, &fault);
            }
        }
        let left_out = &self.left_out;
        self.namespaces.retain_mut(|step| {
            step.intent.connections.retain(|connection| !left_out.contains_key(connection));
            !step.intent.connections.is_empty()
        });
        self.removals.retain(|removal| removal.connections.iter().all(|connection| !left_out.contains_key(connection)));
    }

    /// Does nothing for a connection after all.
    pub fn forgo(&mut self, connection: &str, fault: &Fault, declared: &Declared, release: &Release) {
        self.leave_out(connection, fault);
        self.drop_left_out(declared, release);
        self.put_the_brake_on(declared.policy.max_deletions);
    }

    fn make_namespaces(&mut self, ground: &Ground, context: &Context) -> Result<(), Fault> {
        let mut wanted: BTreeMap<&str, BTreeSet<&String>> = BTreeMap::new();
        let made = |step: &&Step| ground.preflight.creates(&step.intent.id.namespace);
        for step in self.steps.iter().filter(made) {
            wanted.entry(&step.intent.id.namespace).or_default().extend(&step.intent.connections);
        }
        let steps = wanted.into_iter().map(|(name, connections)| {
            let intent =
                Intent::of(resources::of_namespace(name, connections.into_iter().cloned().collect(), context)?)?;
            Ok(Step { intent, state: State::Absent, memory: None })
        });
        self.namespaces = steps.collect::<Result<_, Fault>>()?;
        Ok(())
    }
}
