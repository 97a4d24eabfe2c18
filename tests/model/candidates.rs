//! Which objects are not wanted any more, by values and inventory.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{Id, Kind};
use super::inventory::Inventory;
use super::values::{Deletion, Scope, Values};

/// Objects that are to go, and those that are left behind, each with the connections that it was made for.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    pub removals: BTreeMap<Id, BTreeSet<String>>,
    /// Those of the removals that a disabled connection names.
    pub named: BTreeSet<Id>,
    pub leftovers: BTreeMap<Id, Leftover>,
    /// Those of the leftovers that a connection has left for other objects.
    pub moved: BTreeSet<Id>,
}

/// An object that nothing declares any more, and that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub connections: BTreeSet<String>,
    pub adopted: bool,
}

/// Whether a connection that was a user of a shared account keeps it: it stays where its connection leaves its objects.
pub fn keeps_account(values: &Values, name: &str) -> bool {
    let all_stay = values.policy.scope == Scope::Objects || values.policy.deletion == Deletion::Retain;
    let retains = values.deletion_of(name) == Deletion::Retain;
    match values.connections.get(name) {
        None => all_stay,
        Some(connection) => retains || (connection.enabled && all_stay),
    }
}

impl Candidates {
    pub fn of(values: &Values, inventory: &Inventory) -> Self {
        let disabled = |deletion| {
            let disabled = values.connections.iter().filter(|(_, connection)| !connection.enabled);
            let disabled = disabled.filter(move |(name, _)| values.deletion_of(name) == deletion);
            disabled.flat_map(|(name, own)| own.objects(name).map(move |id| (id, *name)))
        };
        let wanted: BTreeSet<Id> = values.enabled().flat_map(|(name, own)| own.objects(name)).collect();
        let left: BTreeSet<Id> = disabled(Deletion::Retain).map(|(id, _)| id).collect();
        let mut candidates = Self::default();
        for (id, name) in disabled(Deletion::Delete).filter(|(id, _)| !wanted.contains(id) && !left.contains(id)) {
            let mut users = inventory.records.get(&id).into_iter().flat_map(|record| &record.connections);
            if id.kind == Kind::Secret || !users.any(|user| keeps_account(values, user)) {
                candidates.removals.entry(id).or_default().insert(name.to_owned());
                candidates.named.insert(id);
            }
        }
        for (id, record) in &inventory.records {
            if wanted.contains(id) || candidates.removals.contains_key(id) {
                continue;
            }
            let (connections, adopted) = (record.connections.clone(), record.adopted);
            let all_go = values.policy.scope == Scope::Cluster && values.policy.deletion == Deletion::Delete;
            let each_goes = connections.iter().all(|name| values.deletion_of(name) == Deletion::Delete);
            if all_go && each_goes && !connections.is_empty() && !left.contains(id) {
                candidates.removals.insert(*id, connections);
            } else {
                let own = |name: &String| values.connections.get(name.as_str());
                let is_moved = |name: &String| {
                    own(name).is_some_and(|own| own.enabled || !own.objects(name).any(|own| own == *id))
                };
                let is_disabled = |name: &String| own(name).is_some() && !is_moved(name);
                if !left.contains(id) && connections.iter().any(is_moved) && !connections.iter().any(is_disabled) {
                    candidates.moved.insert(*id);
                }
                candidates.leftovers.insert(*id, Leftover { connections, adopted });
            }
        }
        candidates
    }
}
