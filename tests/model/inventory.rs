//! What the release remembers of its objects, and what others make of that.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::Id;

/// What is remembered of one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub birth: Option<usize>,
    pub adopted: bool,
    pub connections: BTreeSet<String>,
    /// It was there before anything of it was recorded, and may be others' too.
    pub others_unknown: bool,
}

/// The inventory, as the next run will read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    pub records: BTreeMap<Id, Record>,
}

impl Inventory {
    /// An object was refused that was never seen: it was never made.
    pub fn forget_unseen(&mut self, id: Id) {
        if self.records.get(&id).is_some_and(|record| record.birth.is_none()) {
            self.records.remove(&id);
        }
    }

    /// A line more: what it says of an object counts beside what was said before.
    pub fn add(&mut self, id: Id, record: Record) {
        let known = self.records.entry(id).or_default();
        known.birth = record.birth.or(known.birth);
        known.adopted |= record.adopted;
        known.connections.extend(record.connections);
        known.others_unknown |= record.others_unknown;
    }
}
