//! What became of every connection, told while it happens (a log line per
//! object and per fault) and at the end (the last line, the exit code). It is
//! shared by reference, so that a run that is cut off still reports.

pub mod summary;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::apply::Done;
use crate::connections::{Connection, Declared};
use crate::error::{Code, Fault};
use crate::exit::Exit;
use crate::object::ObjectId;
use crate::release::Release;
use crate::resources::Resource;
use crate::{remarks, wording};

/// A line names this many connections: of the last line, the kubelet keeps the end only.
const NAMED: usize = 10;

/// The state of a run, from its start to its last line.
pub struct Report {
    start: Instant,
    release_namespace: String,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    connections: BTreeMap<String, Entry>,
    counts: BTreeMap<&'static str, usize>,
    ended_by: Vec<Fault>,
}

/// One connection in the report.
#[derive(Default)]
struct Entry {
    about: summary::About,
    /// Objects of the plan that are not applied yet.
    open: BTreeSet<ObjectId>,
    planned: bool,
    fault: Option<Fault>,
}

impl Entry {
    fn ready(&self) -> bool {
        self.planned && self.fault.is_none() && self.open.is_empty()
    }
}

impl Report {
    /// The report of a run that starts now.
    #[must_use]
    pub fn starting_now(release: &Release) -> Self {
        Self { start: Instant::now(), release_namespace: release.namespace.clone(), state: RefCell::default() }
    }

    /// Takes note of what is declared.
    pub fn declared(&self, declared: &Declared) {
        remarks::on(declared);
        let entry = |connection: &Connection| {
            (connection.name.clone(), Entry { about: summary::About::of(connection), ..Entry::default() })
        };
        self.state.borrow_mut().connections = declared.enabled().map(entry).collect();
    }

    /// Takes note of an object that is going to be applied.
    pub fn planned(&self, resource: &Resource) {
        for name in &resource.connections {
            if let Some(entry) = self.state.borrow_mut().connections.get_mut(name) {
                entry.planned = true;
                entry.open.insert(resource.id.clone());
            }
        }
    }

    /// An object is as declared now.
    pub fn done(&self, id: &ObjectId, connections: &[String], keys: &[String], done: &Done) {
        let mut state = self.state.borrow_mut();
        let word = word(done);
        *state.counts.entry(word).or_default() += 1;
        for name in connections {
            if let Some(entry) = state.connections.get_mut(name) {
                entry.open.remove(id);
            }
        }
        let (kind, namespace, name) = (id.kind.as_str(), &id.namespace, &id.name);
        let (whose, keys) = (connections.join(", "), keys.join(", "));
        if let Done::Repaired { fields, managers } = done {
            let (fields, managers) = (fields.join(", "), managers.join(", "));
            tracing::warn!(
                outcome = word,
                kind,
                namespace,
                name,
                connection = whose,
                fields,
                managers,
                "{word} {id} ({whose}): {managers} had changed {fields}"
            );
        } else if keys.is_empty() {
            tracing::info!(outcome = word, kind, namespace, name, connection = whose, "{word} {id} ({whose})");
        } else {
            tracing::info!(
                outcome = word,
                kind,
                namespace,
                name,
                connection = whose,
                keys,
                "{word} {id} ({whose}): {keys}"
            );
        }
    }

    /// A connection cannot be done. Its first fault counts.
    pub fn failed(&self, connection: &str, fault: Fault) {
        if let Some(entry) = self.state.borrow_mut().connections.get_mut(connection)
            && entry.fault.is_none()
        {
            tracing::error!(code = %fault.code(), connection, "connection {connection}: {fault}");
            entry.fault = Some(fault);
        }
    }

    /// The whole run ended with these faults.
    pub fn ended_by(&self, faults: Vec<Fault>) {
        if faults.len() > 1 {
            for fault in &faults {
                tracing::error!(code = %fault.code(), "{fault}");
            }
        }
        self.state.borrow_mut().ended_by = faults;
    }

    /// How the run ended.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let state = self.state.borrow();
        if let Some(fault) = state.ended_by.first() {
            return Exit::of(fault.code());
        }
        let faults: Vec<&Fault> = state.connections.values().filter_map(|entry| entry.fault.as_ref()).collect();
        let refused = |fault: &&Fault| fault.code() == Code::NotPermitted;
        let at_home = |fault: &&Fault| fault.object().is_some_and(|object| object.namespace == self.release_namespace);
        let nothing_permitted = faults.len() == state.connections.len() && faults.iter().all(refused);
        match faults.as_slice() {
            [] => Exit::Done,
            faults if nothing_permitted || faults.iter().any(|fault| refused(fault) && at_home(fault)) => {
                Exit::NotPermitted
            }
            _ => Exit::Partly,
        }
    }

    /// The last line: how the run ended and, if badly, the first reason with its remedy.
    pub fn conclude(&self) -> Exit {
        let exit = self.exit();
        let state = self.state.borrow();
        let seconds = self.start.elapsed().as_secs_f64();
        let tally = state.tally();
        match (exit, state.first_reason()) {
            (Exit::Done, _) => tracing::info!(exit = exit.code(), "done in {seconds:.2} s: {tally}"),
            (_, Some((code, reason))) => {
                tracing::error!(exit = exit.code(), code = %code, "failed (exit {}): {tally}. {reason}", exit.code());
            }
            (_, None) => tracing::error!(exit = exit.code(), "failed (exit {}): {tally}", exit.code()),
        }
        exit
    }
}

impl State {
    fn tally(&self) -> String {
        if self.connections.is_empty() {
            return match self.ended_by.len() {
                0 => "no connection is declared".to_owned(),
                1 => "nothing was written".to_owned(),
                faults => format!("{faults} faults, nothing was written"),
            };
        }
        let mut parts = vec![self.tally_of_connections()];
        let objects: Vec<_> = self.counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        if !objects.is_empty() {
            parts.push(format!("objects: {}", objects.join(", ")));
        }
        parts.join("; ")
    }

    fn tally_of_connections(&self) -> String {
        let total = self.connections.len();
        let ready = self.connections.values().filter(|entry| entry.ready()).count();
        let failed = self.connections.values().filter(|entry| entry.fault.is_some()).count();
        let mut parts = vec![format!("{ready} of {total} connections ready")];
        if failed > 0 {
            parts.push(format!("{failed} failed"));
        }
        if total > ready + failed {
            parts.push(format!("{} not finished", total - ready - failed));
        }
        parts.join("; ")
    }

    /// The fault that ended the run, else that of the first failed connection; the others are named with their codes.
    fn first_reason(&self) -> Option<(Code, String)> {
        if let Some(fault) = self.ended_by.first() {
            return Some((fault.code(), fault.to_string()));
        }
        let mut failed = self.connections.iter().filter_map(|(name, entry)| Some((name, entry.fault.as_ref()?)));
        let (name, fault) = failed.next()?;
        let others: Vec<_> = failed.map(|(name, fault)| format!("{name} ({})", fault.code())).collect();
        let also = match others.len() {
            0 => String::new(),
            1..=NAMED => format!(". Also failed: {}", wording::first(&others, NAMED)),
            _ => {
                format!(". Also failed: {}, all listed in ConfigMap {}", wording::first(&others, NAMED), summary::NAME)
            }
        };
        Some((fault.code(), format!("{name}: {fault}{also}")))
    }
}

fn word(done: &Done) -> &'static str {
    match done {
        Done::Created => "created",
        Done::Changed => "changed",
        Done::Repaired { .. } => "repaired",
        Done::Unchanged => "unchanged",
    }
}
