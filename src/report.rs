//! What became of every connection, told while it happens (a log line each) and at
//! the end: the last line and the exit code, the termination message, the ConfigMap
//! `sc-connections` and Events. It is shared by reference, so that a run that is
//! cut off still reports.

mod conclusion;
mod entry;
mod events;
mod last_failure;
mod leftovers;
mod recording;
pub mod summary;
pub mod termination;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::time::Instant;

use crate::connections::Declared;
use crate::error::{Code, Fault};
use crate::exit::Exit;
use crate::inventory::{Inventory, Standing};
use crate::outcome::{Outcome, Told};
use crate::plan::{Candidates, Leftover, Plan};
use crate::release::Release;
use crate::settings::Settings;
use crate::wording;
use entry::{Aim, Entry};

/// The state of a run, from its start to its last line.
pub struct Report {
    start: Instant,
    /// Seconds that the work took: told the same wherever the outcome stands.
    took: OnceCell<f64>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    release_namespace: String,
    /// The release, if Helm has uninstalled it before the run.
    uninstalled: Option<Release>,
    connections: BTreeMap<String, Entry>,
    counts: BTreeMap<Outcome, usize>,
    leftovers: Vec<Leftover>,
    superseded: bool,
    /// It was alone at work, and so knows how the connections stand.
    at_work: bool,
    /// It waits for another run, whose outcome stands in the cluster.
    waits: bool,
    ended_by: Vec<Fault>,
}

impl Report {
    /// The report of a run that starts now.
    #[must_use]
    pub fn starting_now(settings: &Settings) -> Self {
        let uninstalled = settings.uninstall.then(|| settings.release());
        let state = State { release_namespace: settings.namespace.clone(), uninstalled, ..State::default() };
        Self { start: Instant::now(), took: OnceCell::new(), state: RefCell::new(state) }
    }

    /// Takes note of what is declared.
    pub fn declared(&self, declared: &Declared) {
        let ready = declared.enabled().map(|connection| (connection, Aim::Ready));
        let removed = declared.deleted().map(|connection| (connection, Aim::Removed));
        let entries = ready.chain(removed).map(|(connection, aim)| {
            let about = summary::About::of(connection);
            (connection.name.clone(), Entry::of(about, aim))
        });
        self.state.borrow_mut().connections = entries.collect();
    }

    /// Takes note of how the operation stands that may be declared, and of what earlier ones have made.
    pub fn settled(&self, declared: &Declared, standing: &Standing, inventory: &Inventory) {
        let operation = declared.operation.as_ref().filter(|_| !standing.is_due());
        if let Some(name) = operation.map(|operation| &operation.connection) {
            let about = self.state.borrow_mut().connections.remove(name).map(|entry| entry.about);
            if let Standing::Refused(fault) = standing {
                let entry = Entry::of(about.unwrap_or_default(), Aim::Ready);
                self.state.borrow_mut().connections.insert(name.clone(), entry);
                self.failed(std::slice::from_ref(name), fault);
            }
        }
        let earlier = inventory.made_by_operations().into_iter().filter(|(name, _)| declared.find(name).is_none());
        for (name, objects) in earlier {
            let entry = || Entry::earlier(summary::About::of_objects(&objects));
            self.state.borrow_mut().connections.entry(name.to_owned()).or_insert_with(entry);
        }
    }

    /// A newer input is in the cluster than the one that this run has.
    pub fn superseded(&self) {
        let mut state = self.state.borrow_mut();
        state.superseded = true;
        // They are for the Job of that input.
        state.connections.clear();
    }

    /// Whether the run waits until it is the only one.
    pub fn waits(&self, waits: bool) {
        self.state.borrow_mut().waits = waits;
    }

    /// Whether the cluster has a newer input.
    pub fn is_superseded(&self) -> bool {
        self.state.borrow().superseded
    }

    /// Takes note of what is going to be done, and of what cannot be.
    pub fn planned(&self, plan: &Plan, candidates: Candidates) {
        // A connection that was left out of the values is known by what is removed, or cannot be.
        for connection in plan.removals.iter().flat_map(|removal| &removal.connections).chain(plan.left_out.keys()) {
            let unknown = || Entry::of(summary::About::default(), Aim::Removed);
            self.state.borrow_mut().connections.entry(connection.clone()).or_insert_with(unknown);
        }
        let applied = plan.namespaces.iter().chain(&plan.steps);
        let applied = applied.map(|step| (&step.intent.id, &step.intent.connections));
        let (held_back, removed): (Vec<_>, Vec<_>) = plan.removals.iter().partition(|removal| plan.holds_back(removal));
        let removed = removed.into_iter().map(|removal| (&removal.id, &removal.connections));
        for (id, connections) in applied.chain(removed) {
            self.each(connections, |_, entry| entry.planned(id));
        }
        for removal in held_back {
            self.each(&removal.connections, |_, entry| entry.hold_back());
        }
        for (connection, fault) in
            plan.left_out.iter().chain(plan.not_removed.iter().map(|(name, fault)| (name, fault)))
        {
            self.failed(std::slice::from_ref(connection), fault);
        }
        let mut state = self.state.borrow_mut();
        state.at_work = true;
        // Its objects are others' too, or there are none.
        for (name, entry) in &mut state.connections {
            if entry.aim == Aim::Removed && entry.fault.is_none() && !entry.held_back {
                entry.settled();
                entry.tell_when_settled(name);
            }
        }
        state.leftovers = candidates.leftovers;
        state.leftovers.retain(|leftover| !plan.gone.contains(&leftover.id));
    }

    /// What became of an object.
    pub fn told(&self, told: &Told) {
        let done = match &told.result {
            Ok(done) => done,
            Err(fault) => return self.failed(&told.connections, fault),
        };
        *self.state.borrow_mut().counts.entry(done.into()).or_default() += 1;
        let words = done.words(&told.id, &told.keys);
        self.each(&told.connections, |name, entry| {
            entry.done(&told.id, done, &words);
            entry.tell_when_settled(name);
        });
    }

    /// These connections cannot be done.
    fn failed(&self, connections: &[String], fault: &Fault) {
        self.each(connections, |name, entry| {
            entry.failed(fault);
            entry.tell_when_settled(name);
        });
    }

    fn each(&self, connections: &[String], act: impl Fn(&str, &mut Entry)) {
        let mut state = self.state.borrow_mut();
        for name in connections {
            if let Some(entry) = state.connections.get_mut(name) {
                act(name, entry);
            }
        }
    }

    /// The work is over, or was ended by these faults: tells what was not told yet.
    pub fn ended(&self, by: Vec<Fault>) {
        let again = self.took.get().is_some();
        let mut state = self.state.borrow_mut();
        let before = std::mem::replace(&mut state.ended_by, by);
        // The last line tells the first fault, and this one is it no longer.
        let displaced = before.iter().filter(|_| before.len() == 1);
        for fault in displaced.chain(state.ended_by.iter().filter(|_| state.ended_by.len() > 1)) {
            tracing::error!(code = %fault.code(), "{fault}");
        }
        state.ended_by.extend(before);
        let mut left = Vec::new();
        for (name, entry) in &mut state.connections {
            entry.tell(name);
            if entry.fault.is_none() && !entry.is_over() {
                left.push(name.clone());
            }
        }
        let State { connections, leftovers, .. } = &mut *state;
        let is_unready = |name: &str| connections.get(name).is_some_and(|own| own.aim == Aim::Ready && !own.ready());
        leftovers.retain(|leftover| !leftover.is_needed_by(is_unready));
        if !again {
            leftovers::tell(leftovers);
        }
        if !left.is_empty() && !again {
            tracing::warn!(outcome = "not finished", "not finished: {}", wording::first(&left, conclusion::NAMED));
        }
        if !left.is_empty() && state.ended_by.is_empty() {
            state.ended_by.push(Fault::run(Code::Internal, "the work ended, and these connections were forgotten"));
        }
        let conclusion = state.conclusion(self.seconds());
        if let Some(release) = state.uninstalled.as_ref().filter(|_| conclusion.exit != Exit::Done && !again) {
            leftovers::tell_of_uninstalled(release);
        }
        termination::leave(&state.message(&conclusion));
    }

    fn seconds(&self) -> f64 {
        *self.took.get_or_init(|| self.start.elapsed().as_secs_f64())
    }

    /// The last line: how the run ended and, if badly, the first reason with its remedy.
    pub fn conclude(&self) -> Exit {
        let conclusion = self.state.borrow().conclusion(self.seconds());
        let (exit, text) = (conclusion.exit, conclusion.text);
        if let Some(code) = conclusion.code {
            tracing::error!(exit = exit.code(), %code, "{text}");
        } else {
            tracing::info!(exit = exit.code(), "{text}");
        }
        exit
    }
}

impl State {
    /// Whether the run came so far that it knows how its connections stand, or that there are none.
    fn looked_at_connections(&self) -> bool {
        self.at_work || (self.connections.is_empty() && self.ended_by.is_empty())
    }
}
