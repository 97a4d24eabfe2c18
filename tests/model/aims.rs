//! What a run sets out to do: the intents and the removals that nothing speaks against before the first write.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::Candidates;
use super::cluster::Cluster;
use super::field::Field;
use super::forecast::FOREIGN;
use super::identity::{Id, Kind};
use super::intent::{CONNECTION, Intent};
use super::inventory::Inventory;
use super::object::Object;
use super::outcome::{Outcome, Word};
use super::prediction::Prediction;
use super::removal;
use super::standing::Standing;
use super::values::{Deletion, Values};

/// An object on its way cannot be written.
const UNSETTLED: &str = "SCJ2008";

/// The objects to write, and those to remove.
pub struct Aims {
    pub intents: BTreeMap<Id, Intent>,
    pub removals: BTreeMap<Id, (Outcome, BTreeSet<String>)>,
}

/// What everything is judged by.
pub struct Ground<'a> {
    pub cluster: &'a Cluster,
    pub values: &'a Values,
    pub inventory: &'a Inventory,
    /// Whether somebody may use an account of whom nothing is recorded.
    pub forgetful: bool,
}

impl Aims {
    /// Finds out what can be done, and refuses the connections for which something cannot.
    pub fn of(ground: &Ground, candidates: Candidates, prediction: &mut Prediction) -> Self {
        let mut aims = Self { intents: Intent::all(ground.values), removals: BTreeMap::new() };
        let mut left_out = BTreeSet::new();
        let terminating = |id: &Id| ground.standing(*id) == Some(Standing::Terminating);
        for (_, intent) in aims.intents.iter().filter(|(id, _)| terminating(id)) {
            prediction.refuse(&intent.connections, UNSETTLED);
            left_out.extend(intent.connections.clone());
        }
        let Candidates { removals, named, .. } = candidates;
        for (id, connections) in removals {
            match ground.fate(id, named.contains(&id)) {
                Ok(fate) => drop(aims.removals.insert(id, (fate, connections))),
                Err(code) => {
                    prediction.refuse(&connections, code);
                    // one that is enabled is done all the same
                    let enabled = |name: &String| ground.values.enabled().any(|(enabled, _)| enabled == name);
                    left_out.extend(connections.into_iter().filter(|name| !enabled(name)));
                }
            }
        }
        aims.leave_out(ground, left_out, prediction);
        aims
    }

    /// Leaves out whole what cannot be done. An object of somebody else is taken over only for a connection that says so, and
    /// that may be one that is left out.
    fn leave_out(&mut self, ground: &Ground, mut left_out: BTreeSet<String>, prediction: &mut Prediction) {
        loop {
            let mut foreign = BTreeSet::new();
            for (id, intent) in &mut self.intents {
                intent.connections.retain(|connection| !left_out.contains(connection));
                intent.adopt = intent.connections.iter().any(|name| ground.values.connections[name.as_str()].adopt);
                if matches!(ground.standing(*id), Some(Standing::Foreign { .. })) && !intent.adopt {
                    foreign.append(&mut intent.connections);
                }
            }
            if foreign.is_empty() {
                break;
            }
            prediction.refuse(&foreign, FOREIGN);
            left_out.append(&mut foreign);
        }
        self.intents.retain(|_, intent| !intent.connections.is_empty());
        self.removals.retain(|_, (_, connections)| connections.is_disjoint(&left_out));
    }
}

impl Ground<'_> {
    fn object(&self, id: Id) -> Option<&Object> {
        self.cluster.objects.get(&id)
    }

    fn standing(&self, id: Id) -> Option<Standing> {
        self.object(id).map(|object| Standing::of(object, self.inventory.records.get(&id)))
    }

    fn fate(&self, id: Id, named: bool) -> Result<Outcome, &'static str> {
        let record = self.inventory.records.get(&id);
        let fate = removal::fate(id.kind, self.object(id), record)?;
        if !matches!(fate.word, Word::Deleted | Word::Withdrawn) {
            return Ok(fate);
        }
        let label = self.object(id).and_then(|object| object.fields.get(&Field::label(CONNECTION)));
        let retains = |name: &String| {
            let declared = self.values.connections.contains_key(name.as_str());
            declared && self.values.deletion_of(name) == Deletion::Retain
        };
        let is_unknown = record.map_or(named, |record| record.others_unknown);
        let unrecorded = self.forgetful && id.kind == Kind::ServiceAccount && is_unknown;
        if unrecorded || (!named && label.is_some_and(retains)) { Ok(Outcome::of(Word::Retained)) } else { Ok(fate) }
    }
}
