//! What a run does to the cluster, as the contract has it.

use std::collections::{BTreeMap, BTreeSet};

use super::aims::{Aims, Ground};
use super::candidates::{Candidates, Leftover, keeps_account};
use super::cluster::Cluster;
use super::forecast;
use super::identity::{Id, Kind};
use super::intent::Intent;
use super::inventory::{Inventory, Record};
use super::outcome::{Outcome, Word};
use super::removal;
use super::standing::Standing;
use super::values::{Deletion, Scope, Values};

const DONE: i32 = 0;
const INVALID: i32 = 78;
const PARTLY: i32 = 79;

const TOO_MANY: &str = "SCJ2014";

/// How a run ends, and what it does.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Prediction {
    pub exit: i32,
    pub outcomes: BTreeMap<Id, Outcome>,
    /// The connections that cannot be done, each with the codes of its faults; `None` is the run as a whole.
    pub refused: BTreeMap<Option<String>, BTreeSet<&'static str>>,
    /// Objects that nothing declares any more, and that stay.
    pub leftovers: BTreeMap<Id, Leftover>,
}

/// A run over `values`, which leaves the cluster as the model says.
pub fn run(cluster: &mut Cluster, values: &Values) -> Prediction {
    let mut inventory = std::mem::take(&mut cluster.inventory);
    let prediction = carry_out(cluster, values, &mut inventory, Some(values.policy.most));
    cluster.inventory = inventory;
    prediction
}

/// The Job after an uninstallation, over what the chart gives it: there is nothing to remember, and no brake holds it.
pub fn uninstall(cluster: &mut Cluster, values: &Values) -> Prediction {
    carry_out(cluster, values, &mut Inventory::default(), None)
}

/// `most` deletions are done; an uninstallation has no such bound.
fn carry_out(cluster: &mut Cluster, values: &Values, inventory: &mut Inventory, most: Option<usize>) -> Prediction {
    if values.collide() {
        return Prediction { exit: INVALID, ..Prediction::default() };
    }
    let candidates = Candidates::of(values, inventory);
    let mut leftovers = candidates.leftovers.clone();
    // the job may look for what is left behind only where it may delete everything
    let looks_behind = values.policy.scope == Scope::Cluster && values.policy.deletion == Deletion::Delete;
    leftovers.retain(|id, _| !looks_behind || is_still_there(cluster, inventory, *id));
    let gone: Vec<Id> = candidates.leftovers.keys().filter(|id| !leftovers.contains_key(*id)).copied().collect();
    let mut prediction = Prediction { leftovers, ..Prediction::default() };
    let moved = candidates.moved.clone();
    let ground = Ground { cluster, values, inventory, forgetful: most.is_some() };
    let Aims { intents, mut removals } = Aims::of(&ground, candidates, &mut prediction);
    let is_written = |word| matches!(word, Word::Deleted | Word::Withdrawn);
    let lost = removals.values().filter(|(fate, _)| is_written(fate.word)).count();
    if most.is_some_and(|most| lost > most) {
        prediction.refused.entry(None).or_default().insert(TOO_MANY);
        removals.retain(|_, (fate, _)| !is_written(fate.word));
    }
    for id in gone {
        inventory.records.remove(&id);
    }
    for (id, intent) in &intents {
        let connections = users(values, inventory, *id, intent);
        let is_there = cluster.objects.contains_key(id);
        let others_unknown = is_there && id.kind == Kind::ServiceAccount;
        let record = inventory.records.entry(*id).or_insert_with(|| Record { others_unknown, ..Record::default() });
        record.connections = connections;
        record.others_unknown &= is_there;
    }
    let mut failed = BTreeSet::new();
    for (id, intent) in intents {
        if !prediction.apply(cluster, inventory, id, &intent) {
            failed.extend(intent.connections);
        }
    }
    // what a connection leaves stays as long as what it is to have in its stead cannot be made
    removals.retain(|_, (_, connections)| connections.is_disjoint(&failed));
    for (id, (fate, connections)) in removals {
        prediction.remove(cluster, inventory, id, fate, &connections);
    }
    // what a connection was to leave is no leftover as long as it has nothing else
    let refused = prediction.refused.clone();
    let is_unready = |name: &String| {
        let enabled = values.connections.get(name.as_str()).is_some_and(|own| own.enabled);
        enabled && refused.contains_key(&Some(name.clone()))
    };
    prediction.leftovers.retain(|id, left| !(moved.contains(id) && left.connections.iter().any(is_unready)));
    prediction.exit = if prediction.refused.is_empty() { DONE } else { PARTLY };
    prediction
}

/// Whether what is left behind is there, and not another one that somebody has made since.
fn is_still_there(cluster: &Cluster, inventory: &Inventory, id: Id) -> bool {
    let standing = cluster.objects.get(&id).map(|object| Standing::of(object, inventory.records.get(&id)));
    !matches!(standing, None | Some(Standing::Foreign { applied: false }))
}

/// The connections that an object is remembered for: of a shared account also those that have left it behind.
fn users(values: &Values, inventory: &Inventory, id: Id, intent: &Intent) -> BTreeSet<String> {
    if id.kind == Kind::Secret {
        return intent.connections.clone();
    }
    let sharing = values.enabled().filter(|(_, connection)| connection.account() == Some(id));
    let recorded = inventory.records.get(&id).into_iter().flat_map(|record| record.connections.clone());
    let left = recorded.filter(|connection| keeps_account(values, connection));
    sharing.map(|(name, _)| name.to_owned()).chain(left).collect()
}

impl Prediction {
    /// These connections cannot be done.
    pub fn refuse(&mut self, connections: &BTreeSet<String>, code: &'static str) {
        for connection in connections {
            self.refused.entry(Some(connection.clone())).or_default().insert(code);
        }
    }

    /// Writes an object; false if it cannot be written.
    fn apply(&mut self, cluster: &mut Cluster, inventory: &mut Inventory, id: Id, intent: &Intent) -> bool {
        let written = match cluster.objects.get(&id) {
            Some(object) => forecast::apply(object, inventory.records.get(&id), intent),
            None => Ok(forecast::create(id.kind, cluster.birth(), intent)),
        };
        match written {
            Ok(written) => {
                let record = inventory.records.entry(id).or_default();
                *record = Record {
                    birth: Some(written.object.birth),
                    adopted: written.adopted,
                    connections: std::mem::take(&mut record.connections),
                    others_unknown: record.others_unknown,
                };
                cluster.objects.insert(id, written.object);
                self.outcomes.insert(id, written.outcome);
                true
            }
            Err(code) => {
                self.refuse(&intent.connections, code);
                inventory.forget_unseen(id);
                false
            }
        }
    }

    fn remove(
        &mut self,
        cluster: &mut Cluster,
        inventory: &mut Inventory,
        id: Id,
        mut fate: Outcome,
        connections: &BTreeSet<String>,
    ) {
        match (fate.word, cluster.objects.get_mut(&id)) {
            (Word::Deleted, _) => {
                cluster.delete(id);
                if cluster.objects.contains_key(&id) {
                    fate.word = Word::Held;
                }
            }
            (Word::Withdrawn, Some(object)) => match removal::withdraw(object) {
                Ok(left) => *object = left,
                Err(code) => {
                    self.refuse(connections, code);
                    return inventory.forget_unseen(id);
                }
            },
            _ => {}
        }
        // it is remembered as long as it is there
        if !matches!(fate.word, Word::Held | Word::Leaving | Word::Retained) {
            inventory.records.remove(&id);
        }
        self.outcomes.insert(id, fate);
    }
}
