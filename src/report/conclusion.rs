//! The last word of a run: its exit code, the reason, and the same for the
//! termination message, most useful first.

use super::State;
use super::entry::{Aim, Entry};
use crate::anchor;
use crate::error::{Code, Fault};
use crate::exit::Exit;
use crate::wording;

/// A line names this many connections: it is to be read by a person.
pub(super) const NAMED: usize = 10;

/// The kubelet keeps this many bytes of a termination message
/// (<https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/>).
const LONGEST: usize = 4096;

/// How a run ended.
pub(super) struct Conclusion {
    pub(super) exit: Exit,
    /// The first reason's, unless the run is done.
    pub(super) code: Option<Code>,
    /// One line.
    pub(super) text: String,
}

impl State {
    pub(super) fn conclusion(&self, seconds: f64) -> Conclusion {
        let (exit, tally) = (self.exit(), self.tally());
        match self.first_reason() {
            None => Conclusion { exit, code: None, text: format!("done in {seconds:.2} s: {tally}") },
            Some((code, reason)) => {
                Conclusion { exit, code: Some(code), text: format!("failed (exit {}): {tally}. {reason}", exit.code()) }
            }
        }
    }

    /// The conclusion and, as far as there is room, every further reason on a line of its own.
    pub(super) fn message(&self, conclusion: &Conclusion) -> String {
        let mut message = wording::cut(&conclusion.text, LONGEST);
        for line in self.reasons().skip(1) {
            if message.len() + 1 + line.len() > LONGEST {
                break;
            }
            message.push('\n');
            message.push_str(&line);
        }
        message
    }

    /// Every fault with its place, the first one first.
    pub(super) fn faults(&self) -> impl Iterator<Item = (Option<&str>, &Fault)> {
        let of_connections =
            self.connections.iter().filter_map(|(name, entry)| Some((Some(name.as_str()), entry.fault.as_ref()?)));
        self.ended_by.iter().map(|fault| (None, fault)).chain(of_connections)
    }

    fn reasons(&self) -> impl Iterator<Item = String> {
        self.faults().map(|(connection, fault)| match connection {
            Some(name) => format!("{name}: {fault}"),
            None => fault.to_string(),
        })
    }

    fn exit(&self) -> Exit {
        if let Some(fault) = self.ended_by.first() {
            return Exit::of(fault.code());
        }
        let faults: Vec<&Fault> = self.faults().map(|(_, fault)| fault).collect();
        let refused = |fault: &&Fault| fault.code() == Code::NotPermitted;
        let at_home = |fault: &&Fault| fault.object().is_some_and(|object| object.namespace == self.release_namespace);
        let tried = self.connections.values().filter(|entry| entry.aim != Aim::Earlier).count();
        let nothing_permitted = faults.len() == tried && faults.iter().all(refused);
        match faults.as_slice() {
            [] => Exit::Done,
            faults if nothing_permitted || faults.iter().any(|fault| refused(fault) && at_home(fault)) => {
                Exit::NotPermitted
            }
            _ => Exit::Partly,
        }
    }

    fn tally(&self) -> String {
        if self.superseded {
            return "superseded: the release has a newer input than this run, and the Job of that one applies it; nothing was \
                    written"
                .to_owned();
        }
        if self.connections.is_empty() {
            return match self.ended_by.len() {
                0 => "no connection is declared".to_owned(),
                1 => "nothing was written".to_owned(),
                faults => format!("{faults} faults, nothing was written"),
            };
        }
        let mut parts = vec![self.tally_of_connections()];
        let objects: Vec<_> =
            self.counts.iter().rev().map(|(outcome, count)| format!("{count} {}", outcome.as_str())).collect();
        if !objects.is_empty() {
            parts.push(format!("objects: {}", objects.join(", ")));
        }
        if !self.leftovers.is_empty() {
            parts.push(format!("{} left behind, listed in ConfigMap {}", self.leftovers.len(), anchor::NAME));
        }
        parts.join("; ")
    }

    pub(super) fn tally_of_connections(&self) -> String {
        let count = |is: &dyn Fn(&Entry) -> bool| self.connections.values().filter(|entry| is(entry)).count();
        let ready = |entry: &Entry| entry.ready();
        let total = self.connections.len();
        let (to_be_ready, to_be_removed) =
            (count(&|entry| entry.aim == Aim::Ready), count(&|entry| entry.aim == Aim::Removed));
        let failed = count(&|entry| entry.fault.is_some());
        let mut parts = Vec::new();
        let earlier = count(&|entry| entry.aim == Aim::Earlier);
        if to_be_ready > 0 || to_be_removed + earlier == 0 {
            let ready = count(&|entry| entry.aim == Aim::Ready && ready(entry));
            parts.push(format!("{ready} of {to_be_ready} connections ready"));
        }
        if to_be_removed > 0 {
            let removed = count(&|entry| entry.aim == Aim::Removed && ready(entry));
            parts.push(format!("{removed} of {to_be_removed} removed"));
        }
        if earlier > 0 {
            parts.push(format!("{earlier} executed earlier"));
        }
        if failed > 0 {
            parts.push(format!("{failed} failed"));
        }
        let held_back = count(&|entry| entry.held_back && entry.fault.is_none());
        if held_back > 0 {
            parts.push(format!("{held_back} held back"));
        }
        let unfinished = total - failed - held_back - count(&ready);
        if unfinished > 0 {
            parts.push(format!("{unfinished} not finished"));
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
        let all = match others.len() {
            0..=NAMED => String::new(),
            // With the release, Helm removes the ConfigMap.
            _ if self.uninstalled.is_some() => ", each told above".to_owned(),
            _ => format!(", all listed in ConfigMap {}", anchor::NAME),
        };
        let also = match wording::first(&others, NAMED) {
            named if named.is_empty() => named,
            named => format!(". Also failed: {named}{all}"),
        };
        Some((fault.code(), format!("{name}: {fault}{also}")))
    }
}
