//! What operations have made. No values name it any more once another operation
//! stands in them, and yet it counts as declared, until one deletes it or
//! `connections` has it.

use std::collections::{BTreeMap, BTreeSet};

use super::executions::Executions;
use super::{Inventory, Record, Recorded, Source, Standing};
use crate::connections::Operation;
use crate::error::{Code, Fault};
use crate::object::ObjectId;

/// What is recorded of operations, and of the objects of one, before that one is begun.
pub struct Before {
    executions: Executions,
    records: BTreeMap<ObjectId, Option<Record>>,
}

impl Inventory {
    /// What operations have made and still counts as declared, by connection.
    #[must_use]
    pub fn made_by_operations(&self) -> BTreeMap<&str, Vec<&ObjectId>> {
        let mut made: BTreeMap<&str, Vec<&ObjectId>> = BTreeMap::new();
        for (id, record) in self.records.iter().filter(|(_, record)| record.by_operation) {
            for connection in &record.connections {
                made.entry(connection).or_default().push(id);
            }
        }
        made
    }

    /// How an operation stands.
    #[must_use]
    pub fn standing(&self, operation: &Operation) -> Standing {
        match self.source {
            Source::Unasked => Standing::Due,
            Source::Read => self.executions.standing(operation),
            Source::Unreadable => {
                let cause = "whether the operation was executed before cannot be read, so that it was not executed";
                Standing::Refused(Fault::at(Code::ExecutionUnknown, "correlationid", cause))
            }
        }
    }

    /// What stands in it now of operations and of `objects`.
    #[must_use]
    pub fn before(&self, objects: &BTreeSet<ObjectId>) -> Before {
        let records = objects.iter().map(|id| (id.clone(), self.record(id).cloned())).collect();
        Before { executions: self.executions.clone(), records }
    }

    /// An operation was not begun after all.
    pub fn restore(&mut self, before: Before) {
        self.executions = before.executions;
        for (id, record) in before.records {
            match record {
                Some(record) => self.records.insert(id, record),
                None => self.records.remove(&id),
            };
        }
    }

    /// An operation is going to be executed. The first ConfigMap is written by all means, even if it says so already: what
    /// refuses it is to be known before anything is done.
    pub fn begin(&mut self, operation: &Operation) {
        self.executions.begin(operation);
        self.shards.doubt_first();
    }

    /// An operation was executed, and its connection has `objects` and no others.
    pub fn record_execution(&mut self, operation: &Operation, objects: &BTreeSet<ObjectId>) {
        self.executions.end(operation);
        self.withdraw_from_operations(&BTreeSet::from([operation.connection.as_str()]), objects);
    }

    /// Whether the first ConfigMap tells of all operations.
    #[must_use]
    pub fn tells_executions(&self) -> bool {
        self.shards.first_begins_with(&self.executions.text())
    }

    /// Why the first ConfigMap does not tell of all operations, if it does not. What lacks in others keeps none from being
    /// executed, as it keeps no connection of the values from being done.
    #[must_use]
    pub fn lacks_executions(&self, recorded: Recorded) -> Option<Fault> {
        match recorded {
            Recorded::Lacking(why) if !self.tells_executions() => Some(why),
            Recorded::Lacking(_) | Recorded::Whole => None,
        }
    }

    /// What operations have made for these connections counts as declared no longer, but for the objects in `but`.
    pub fn withdraw_from_operations(&mut self, connections: &BTreeSet<&str>, but: &BTreeSet<ObjectId>) {
        for (_, record) in self.records.iter_mut().filter(|(id, record)| record.by_operation && !but.contains(*id)) {
            record.by_operation = !record.connections.iter().any(|own| connections.contains(own.as_str()));
        }
    }
}
