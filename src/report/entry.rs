//! How one connection stands, and the one line that the log has for it.

use std::collections::BTreeMap;

use super::summary::About;
use crate::error::{Fault, Faults};
use crate::object::ObjectId;
use crate::outcome::{Done, Outcome};

/// One connection in the report.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) about: About,
    pub(super) aim: Aim,
    /// Objects of the plan that are neither done nor refused yet.
    open: Vec<ObjectId>,
    planned: bool,
    /// What was done to each object, in words.
    objects: BTreeMap<ObjectId, String>,
    /// What was done to the connection as a whole: the most telling of what was done to its objects.
    outcome: Outcome,
    faults: Faults,
    /// All of them as one.
    pub(super) fault: Option<Fault>,
    /// Too much would have been deleted.
    pub(super) held_back: bool,
    told: bool,
}

/// What is to become of a connection.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Aim {
    /// Its objects are to be as declared.
    #[default]
    Ready,
    /// Its objects are to go.
    Removed,
    /// An earlier operation has made its objects, and nothing is to be done.
    Earlier,
}

impl Entry {
    pub(super) fn of(about: About, aim: Aim) -> Self {
        Self { about, aim, ..Self::default() }
    }

    /// It has nothing to tell, and stands in the summary alone.
    pub(super) fn earlier(about: About) -> Self {
        Self { planned: true, told: true, ..Self::of(about, Aim::Earlier) }
    }

    pub(super) fn planned(&mut self, id: &ObjectId) {
        self.planned = true;
        // A connection has one to three; a set of its own for each would take more than all else of it.
        self.open.reserve_exact(1);
        self.open.push(id.clone());
    }

    /// Its objects would go, and stay, as they are too many.
    pub(super) fn hold_back(&mut self) {
        self.held_back = self.aim == Aim::Removed;
    }

    /// Nothing is to be done to it.
    pub(super) fn settled(&mut self) {
        self.planned = true;
    }

    pub(super) fn done(&mut self, id: &ObjectId, done: &Done, words: &str) {
        self.open.retain(|open| open != id);
        self.outcome = self.outcome.max(done.into());
        self.objects.insert(id.clone(), words.to_owned());
    }

    pub(super) fn failed(&mut self, fault: &Fault) {
        if let Some(object) = fault.object() {
            self.open.retain(|open| open != object);
        }
        self.faults.add(fault);
        self.fault = self.faults.together();
    }

    pub(super) fn ready(&self) -> bool {
        self.planned && !self.held_back && self.fault.is_none() && self.open.is_empty()
    }

    /// Whether nothing of it is left to be done by this run.
    pub(super) fn is_over(&self) -> bool {
        self.ready() || (self.held_back && self.open.is_empty())
    }

    /// Tells the connection's line once nothing of it is open any more.
    pub(super) fn tell_when_settled(&mut self, name: &str) {
        if self.open.is_empty() {
            self.tell(name);
        }
    }

    /// Tells the connection's line, if there is something to tell and it was not told before.
    pub(super) fn tell(&mut self, name: &str) {
        if self.told || (self.fault.is_none() && !self.is_over()) {
            return;
        }
        self.told = true;
        let objects = std::mem::take(&mut self.objects).into_values().collect::<Vec<_>>().join(", ");
        let outcome = self.outcome.as_str();
        let also = if objects.is_empty() { String::new() } else { format!(". Done nevertheless: {objects}") };
        match &self.fault {
            Some(fault) => {
                let (code, outcome) = (fault.code(), "failed");
                tracing::error!(connection = name, outcome, %code, objects, "connection {name}: {fault}{also}");
            }
            None if self.held_back => {
                let outcome = "held back";
                tracing::warn!(
                    connection = name,
                    outcome,
                    objects,
                    "connection {name}: held back, as this run would remove too much{also}"
                );
            }
            None if objects.is_empty() => tracing::info!(
                connection = name,
                "connection {name}: nothing was removed, as its objects are those of other connections too"
            ),
            None if self.outcome == Outcome::Repaired => {
                tracing::warn!(connection = name, outcome, objects, "connection {name}: {objects}");
            }
            None => tracing::info!(connection = name, outcome, objects, "connection {name}: {objects}"),
        }
    }
}
