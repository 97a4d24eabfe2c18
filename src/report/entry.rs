//! How one connection stands, and the one line that the log has for it.

use std::collections::{BTreeMap, BTreeSet};

use super::summary::About;
use crate::apply::Done;
use crate::error::Fault;
use crate::object::ObjectId;

/// One connection in the report.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) about: About,
    /// Objects of the plan that are neither done nor refused yet.
    open: BTreeSet<ObjectId>,
    planned: bool,
    /// What was done to each object, in words.
    objects: BTreeMap<ObjectId, String>,
    /// What was done to the connection as a whole: the most telling of what was done to its objects.
    outcome: Outcome,
    pub(super) fault: Option<Fault>,
    told: bool,
}

/// What was done, the most telling last.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    #[default]
    Unchanged,
    Changed,
    Created,
    Repaired,
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Changed => "changed",
            Self::Created => "created",
            Self::Repaired => "repaired",
        }
    }
}

impl From<&Done> for Outcome {
    fn from(done: &Done) -> Self {
        match done {
            Done::Unchanged => Self::Unchanged,
            Done::Changed => Self::Changed,
            Done::Created => Self::Created,
            Done::Repaired { .. } => Self::Repaired,
        }
    }
}

impl Entry {
    pub(super) fn of(about: About) -> Self {
        Self { about, ..Self::default() }
    }

    pub(super) fn planned(&mut self, id: &ObjectId) {
        self.planned = true;
        self.open.insert(id.clone());
    }

    pub(super) fn done(&mut self, id: &ObjectId, done: &Done, words: &str) {
        self.open.remove(id);
        self.outcome = self.outcome.max(done.into());
        self.objects.insert(id.clone(), words.to_owned());
    }

    /// The first fault gives the code; the others are told with it.
    pub(super) fn failed(&mut self, fault: &Fault) {
        if let Some(object) = fault.object() {
            self.open.remove(object);
        }
        self.fault = Some(self.fault.take().map_or_else(|| fault.clone(), |first| first.and(fault)));
    }

    pub(super) fn ready(&self) -> bool {
        self.planned && self.fault.is_none() && self.open.is_empty()
    }

    /// Tells the connection's line once nothing of it is open any more.
    pub(super) fn tell_when_settled(&mut self, name: &str) {
        if self.open.is_empty() {
            self.tell(name);
        }
    }

    /// Tells the connection's line, if there is something to tell and it was not told before.
    pub(super) fn tell(&mut self, name: &str) {
        if self.told || (self.fault.is_none() && !self.ready()) {
            return;
        }
        self.told = true;
        let objects = std::mem::take(&mut self.objects).into_values().collect::<Vec<_>>().join(", ");
        let outcome = self.outcome.as_str();
        match &self.fault {
            Some(fault) => {
                let (code, outcome) = (fault.code(), "failed");
                let also = if objects.is_empty() { String::new() } else { format!(". Done nevertheless: {objects}") };
                tracing::error!(connection = name, outcome, %code, objects, "connection {name}: {fault}{also}");
            }
            None if self.outcome == Outcome::Repaired => {
                tracing::warn!(connection = name, outcome, objects, "connection {name}: {objects}");
            }
            None => tracing::info!(connection = name, outcome, objects, "connection {name}: {objects}"),
        }
    }
}

/// What was done to an object, in words; `keys` are the names of what it holds for a workload.
pub(super) fn words(id: &ObjectId, keys: &[String], done: &Done) -> String {
    let outcome = Outcome::from(done).as_str();
    let keys = if keys.is_empty() { String::new() } else { format!(" ({})", keys.join(", ")) };
    match done {
        Done::Repaired { fields, managers } => {
            let (fields, managers) = (fields.join(", "), managers.join(", "));
            format!("{outcome} {id}{keys}, in which {managers} had changed {fields}")
        }
        Done::Created | Done::Changed | Done::Unchanged => format!("{outcome} {id}{keys}"),
    }
}
