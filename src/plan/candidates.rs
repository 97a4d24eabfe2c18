//! Which objects are not wanted any more, by the values and the inventory alone:
//! those that go, and those that are left behind.

use std::collections::{BTreeMap, BTreeSet};

use crate::connections::{Connection, Declared, DeletionPolicy, Scope};
use crate::inventory::{Inventory, Record};
use crate::object::{Kind, ObjectId};

/// Why an object is still there though nothing wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Its connection is declared as removed, and its objects are to stay.
    Disabled,
    /// Its connection has other objects by now.
    Moved,
    /// Its connection is not declared any more.
    LeftOut,
    /// An operation has made it, and the inventory does not say so.
    Operation,
}

/// An object that is left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The object.
    pub id: ObjectId,
    /// The connections that it was made for.
    pub connections: BTreeSet<String>,
    /// Why it is left.
    pub why: Why,
    /// Whether somebody else had made it.
    pub adopted: bool,
}

impl Leftover {
    /// Whether its connection may still have nothing else: one that is to be ready and `is_unready`.
    #[must_use]
    pub fn is_needed_by(&self, is_unready: impl Fn(&str) -> bool) -> bool {
        self.why == Why::Moved && self.connections.iter().any(|connection| is_unready(connection))
    }
}

/// What is not wanted any more.
#[derive(Debug, Default)]
pub struct Candidates {
    /// Objects that are to go, with the connections that they were made for.
    pub removals: BTreeMap<ObjectId, BTreeSet<String>>,
    /// Those of the removals that a connection which is declared as removed names.
    pub named: BTreeSet<ObjectId>,
    /// Those of the removals that others may use of whom nothing is recorded.
    pub unrecorded: BTreeSet<ObjectId>,
    /// Objects that stay, as last recorded.
    pub leftovers: Vec<Leftover>,
    /// Whether it is looked if they are still there. The chart gives the job that right only where it may delete everything.
    pub looks_behind: bool,
    /// The enabled connections of each ServiceAccount.
    sharers: BTreeMap<ObjectId, BTreeSet<String>>,
}

struct Judge<'a> {
    declared: &'a Declared,
    wanted: BTreeSet<ObjectId>,
    /// The objects of connections that are declared as removed and leave them.
    left: BTreeSet<ObjectId>,
}

impl Candidates {
    /// Finds out what is not wanted any more.
    #[must_use]
    pub fn of(declared: &Declared, inventory: &Inventory) -> Self {
        let judge = Judge {
            declared,
            wanted: declared.enabled().flat_map(Connection::objects).collect(),
            left: declared.retained().flat_map(Connection::objects).collect(),
        };
        let policy = &declared.policy;
        let looks_behind = policy.scope == Scope::Cluster && policy.deletion == DeletionPolicy::Delete;
        let mut candidates = Self { looks_behind, ..Self::default() };
        for connection in declared.enabled() {
            for id in connection.objects().filter(|id| id.kind == Kind::ServiceAccount) {
                candidates.sharers.entry(id).or_default().insert(connection.name.clone());
            }
        }
        let records: BTreeMap<&ObjectId, &Record> = inventory.records().collect();
        for connection in declared.deleted() {
            for id in connection.objects().filter(|id| !judge.wanted.contains(id)) {
                // Of a shared account every recorded user must be gone; of another object its last connection speaks.
                let is_shared = id.kind == Kind::ServiceAccount;
                let users = records.get(&id).map(|record| &*record.connections).filter(|_| is_shared);
                // Names of the same letters and digits make the same objects.
                let is_anothers = records
                    .get(&id)
                    .is_some_and(|record| record.by_operation && !record.connections.contains(&connection.name));
                if is_anothers || judge.is_kept(&id, users) {
                    continue;
                }
                if is_shared && !inventory.knows_users(&id) {
                    candidates.unrecorded.insert(id.clone());
                }
                candidates.named.insert(id.clone());
                candidates.removals.entry(id).or_default().insert(connection.name.clone());
            }
        }
        for (id, record) in records {
            // What an operation has made is there until another one deletes it.
            let is_declared =
                record.by_operation && record.connections.iter().all(|name| declared.find(name).is_none());
            if is_declared || judge.wanted.contains(id) || candidates.removals.contains_key(id) {
                continue;
            }
            let connections: BTreeSet<String> = record.connections.iter().cloned().collect();
            if judge.may_go_unnamed(id, record) {
                if record.others_unknown {
                    candidates.unrecorded.insert(id.clone());
                }
                candidates.removals.insert(id.clone(), connections);
            } else {
                let why = connections.iter().map(|name| judge.why(id, name)).min().unwrap_or(Why::LeftOut);
                let adopted = record.memory.adopted;
                candidates.leftovers.push(Leftover { id: id.clone(), connections, why, adopted });
            }
        }
        candidates
    }

    /// These were to go by the word of the inventory, and stay.
    pub fn leave_to_operations(&mut self, ids: &BTreeSet<ObjectId>, inventory: &Inventory) {
        for id in ids {
            let connections = self.removals.remove(id).unwrap_or_default();
            let adopted = inventory.memory(id).is_some_and(|memory| memory.adopted);
            self.leftovers.push(Leftover { id: id.clone(), connections, why: Why::Operation, adopted });
        }
    }

    /// The connections of an object that is wanted: those that declare it, `now`, or all of a shared one, and of that also
    /// those that are not declared and have left it behind.
    #[must_use]
    pub fn users(
        &self,
        declared: &Declared,
        recorded: Option<&Record>,
        id: &ObjectId,
        now: &[String],
    ) -> BTreeSet<String> {
        let Some(sharers) = self.sharers.get(id) else { return now.iter().cloned().collect() };
        let left = recorded.into_iter().flat_map(|record| &record.connections);
        let left = left.filter(|name| leaves_behind(declared, declared.find(name)));
        sharers.iter().chain(left).cloned().collect()
    }
}

/// Whether a connection that was a user of an account keeps it from going. `None` is one that is not declared.
fn leaves_behind(declared: &Declared, connection: Option<&Connection>) -> bool {
    let retains = |own: &Connection| declared.policy.deletion_of(own) == DeletionPolicy::Retain;
    let all_stay = declared.policy.scope == Scope::Objects || declared.policy.deletion == DeletionPolicy::Retain;
    match connection {
        None => all_stay,
        // It is declared, and has another account by now.
        Some(connection) if connection.enabled => all_stay || retains(connection),
        Some(connection) => retains(connection),
    }
}

impl Judge<'_> {
    /// Whether an object is kept by a connection that is declared as removed and leaves its objects, or by one of those that
    /// are recorded and are not declared.
    fn is_kept(&self, id: &ObjectId, recorded: Option<&[String]>) -> bool {
        let mut recorded = recorded.into_iter().flatten().map(|name| self.declared.find(name));
        self.left.contains(id) || recorded.any(|connection| leaves_behind(self.declared, connection))
    }

    /// Whether an object goes although no connection that is declared as removed names it. The chart gives the right only
    /// where this is said for all; a connection of its own policy keeps what it leaves.
    fn may_go_unnamed(&self, id: &ObjectId, record: &Record) -> bool {
        let policy = &self.declared.policy;
        policy.scope == Scope::Cluster
            && policy.deletion == DeletionPolicy::Delete
            && !self.left.contains(id)
            && !record.connections.is_empty()
            && record.connections.iter().all(|name| {
                let deletion = self.declared.find(name).map_or(policy.deletion, |own| policy.deletion_of(own));
                deletion == DeletionPolicy::Delete
            })
    }

    fn why(&self, id: &ObjectId, name: &str) -> Why {
        match self.declared.find(name) {
            _ if self.left.contains(id) => Why::Disabled,
            None => Why::LeftOut,
            Some(connection) if connection.enabled || connection.objects().all(|own| own != *id) => Why::Moved,
            Some(_) => Why::Disabled,
        }
    }
}

#[cfg(test)]
mod tests;
