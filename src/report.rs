//! What became of every connection, told while it happens (a log line each) and at
//! the end: the last line and the exit code, the termination message, the ConfigMap
//! `sc-connections` and Events. It is shared by reference, so that a run that is
//! cut off still reports.

mod conclusion;
mod entry;
mod events;
mod last_failure;
pub mod summary;
pub mod termination;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::time::Instant;

use k8s_openapi::jiff::Timestamp;

use crate::apply::Done;
use crate::client::Api;
use crate::connections::Declared;
use crate::error::{Code, Fault};
use crate::exit::Exit;
use crate::object::{Kind, ObjectId};
use crate::resources::Resource;
use crate::settings::Settings;
use crate::{remarks, wording};
use entry::{Entry, Outcome};
use summary::Rights;

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
    connections: BTreeMap<String, Entry>,
    counts: BTreeMap<Outcome, usize>,
    ended_by: Vec<Fault>,
}

impl Report {
    /// The report of a run that starts now.
    #[must_use]
    pub fn starting_now(settings: &Settings) -> Self {
        let state = State { release_namespace: settings.namespace.clone(), ..State::default() };
        Self { start: Instant::now(), took: OnceCell::new(), state: RefCell::new(state) }
    }

    /// Takes note of what is declared.
    pub fn declared(&self, declared: &Declared) {
        remarks::on(declared);
        let entries = declared.enabled().map(|connection| {
            let about = summary::About::of(connection);
            (connection.name.clone(), Entry::of(about))
        });
        self.state.borrow_mut().connections = entries.collect();
    }

    /// Takes note of an object that is going to be applied.
    pub fn planned(&self, resource: &Resource) {
        self.each(&resource.connections, |_, entry| entry.planned(&resource.id));
    }

    /// An object is as declared now.
    pub fn done(&self, id: &ObjectId, connections: &[String], keys: &[String], done: &Done) {
        *self.state.borrow_mut().counts.entry(done.into()).or_default() += 1;
        let words = entry::words(id, keys, done);
        self.each(connections, |name, entry| {
            entry.done(id, done, &words);
            entry.tell_when_settled(name);
        });
    }

    /// These connections cannot be done.
    pub fn failed(&self, connections: &[String], fault: &Fault) {
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
            if entry.fault.is_none() && !entry.ready() {
                left.push(name.clone());
            }
        }
        if !left.is_empty() && !again {
            tracing::warn!(outcome = "not finished", "not finished: {}", wording::first(&left, conclusion::NAMED));
        }
        if !left.is_empty() && state.ended_by.is_empty() {
            state.ended_by.push(Fault::run(Code::Internal, "the work ended, and these connections were forgotten"));
        }
        let conclusion = state.conclusion(self.seconds());
        termination::leave(&state.message(&conclusion));
    }

    /// Writes the summary, and what failed, to the cluster. Failing to do so is a warning: the connections themselves
    /// are what counts.
    pub async fn record(&self, api: &Api, settings: &Settings) {
        let release = settings.release();
        let (summary, failure, conclusion) = {
            let state = self.state.borrow();
            let conclusion = state.conclusion(self.seconds());
            let failure = (conclusion.exit != Exit::Done).then(|| state.last_failure(&conclusion));
            (state.looked_at_connections().then(|| state.summary()), failure, conclusion)
        };
        let about = |api_version, kind, name: &str, uid| events::About {
            api_version,
            kind,
            namespace: release.namespace.clone(),
            name: name.to_owned(),
            uid,
        };
        let now = Timestamp::now();
        let job = settings.job().map(|(name, uid)| about("batch/v1", "Job", name, Some(uid.to_owned())));
        let on_job = job.and_then(|job| events::conclusion(&job, &conclusion, now)).into_iter().collect();
        let managers = [release.field_manager(), last_failure::field_manager(&release)];
        let parts: Vec<_> =
            managers.iter().zip([summary, failure]).filter_map(|(manager, data)| Some((manager, data?))).collect();
        let on_summary = async {
            let written = summary::write(api, &release, &parts, Rights::AreThere).await;
            // Rights may still be on their way; that must keep no Event back.
            let again = async {
                if written.is_err()
                    && let Err(words) = summary::write(api, &release, &parts, Rights::MayCome).await
                {
                    tracing::warn!("the outcome could not be written to ConfigMap {}: {words}", summary::NAME);
                }
            };
            let told = async {
                if conclusion.exit == Exit::Done {
                    return;
                }
                let id = ObjectId::new(Kind::ConfigMap, &release.namespace, summary::NAME);
                // One that cannot be written, since it is immutable for instance, can still be told of.
                let uid = match &written {
                    Ok(uid) => uid.clone(),
                    Err(_) => api.uid(&id).await,
                };
                let events =
                    self.state.borrow().events(&about(id.kind.api_version(), id.kind.as_str(), &id.name, uid), now);
                events::write(api, &release.namespace, events).await;
            };
            tokio::join!(again, told);
        };
        tokio::join!(events::write(api, &release.namespace, on_job), on_summary);
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
    /// Whether the run came so far that it knows its connections, or that there are none.
    fn looked_at_connections(&self) -> bool {
        !self.connections.is_empty() || self.ended_by.is_empty()
    }
}
