//! What a run would do, without doing it: every write is a dry run, judged by the
//! API server like a real one. `sc-job plan` tells it as changes to come, `sc-job
//! check` as drift that was found.

mod change;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::client::Api;
use crate::connections::Declared;
use crate::error::{Code, Fault, Faults};
use crate::execution::Execution;
use crate::exit::Exit;
use crate::inventory::Standing;
use crate::object::ObjectId;
use crate::outcome::Told;
use crate::past::Past;
use crate::plan::{Candidates, Leftover};
use crate::retry::Budget;
use crate::settings::Settings;
use crate::survey;
use crate::work;

pub use change::{Action, Change, Found};

/// What a run would do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// Each object that is declared or to be removed, in the order of their names.
    pub objects: Vec<Change>,
    /// What cannot be done.
    pub refused: Vec<Refusal>,
    /// Objects that nothing declares any more, and that stay.
    pub retained: Vec<Retained>,
    /// Objects that would be removed if they were not too many.
    pub held_back: Vec<Named>,
    /// Connections that are declared to be there or to go.
    #[serde(skip)]
    total: usize,
}

/// An object by its names.
#[derive(Serialize)]
pub struct Named {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace; none has the Namespace itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// A connection that cannot be done, or a run that cannot remove anything.
#[derive(Serialize)]
pub struct Refusal {
    /// The connection; none where nothing is removed at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The code of the fault.
    pub code: String,
    /// The fault, with its remedy.
    pub reason: String,
    #[serde(skip)]
    fault_code: Code,
    #[serde(skip)]
    at_home: bool,
}

/// An object that is left behind, as last recorded.
#[derive(Serialize)]
pub struct Retained {
    /// The object.
    #[serde(flatten)]
    pub object: Named,
    /// The connections that it was made for.
    pub connections: BTreeSet<String>,
}

impl Preview {
    /// Finds out what a run over `declared` would do, and for a check also whether what is left behind is still there.
    ///
    /// # Errors
    /// A fault of the whole run.
    pub async fn of(settings: &Settings, declared: &mut Declared, view: View) -> Result<Self, Fault> {
        let (release, width) = (settings.release(), settings.width());
        let budget = Budget::starting_now(settings.deadline().saturating_sub(settings.request_timeout()));
        let api = Api::connect(settings, budget).await?.rehearsing();
        let (mut inventory, anchor) =
            if settings.uninstall { Default::default() } else { Past::read(&api, &release).await?.anchored()? };
        let standing = survey::settle(declared, &inventory);
        let mut candidates = Candidates::of(declared, &inventory);
        // A plan foretells the run, which mostly has no right to look; a check tells what is.
        candidates.looks_behind |= view == View::Check;
        let mut plan = survey::plan(&api, &release, width, declared, &inventory, &mut candidates).await?;
        let execution = Execution::of(declared, &standing, &plan, &inventory).filter(|_| !settings.uninstall);
        if let Some(execution) = execution {
            execution.rehearse(&api, &release, &anchor, declared, &mut inventory, &mut plan).await?;
        }
        let mut faults: BTreeMap<Option<String>, Faults> = BTreeMap::new();
        let mut refuse = |connection: Option<String>, fault: &Fault| faults.entry(connection).or_default().add(fault);
        for (connection, fault) in
            std::mem::take(&mut plan.left_out).into_iter().chain(std::mem::take(&mut plan.not_removed))
        {
            refuse(Some(connection), &fault);
        }
        if let (Standing::Refused(fault), Some(operation)) = (&standing, &declared.operation) {
            refuse(Some(operation.connection.clone()), fault);
        }
        let gone = std::mem::take(&mut plan.gone);
        let mut held_back = Vec::new();
        if let Some(brake) = &plan.brake {
            refuse(None, brake);
            let kept = plan.removals.iter().filter(|removal| plan.holds_back(removal));
            held_back.extend(kept.map(|removal| Named::of(&removal.id)));
        }
        let mut objects = Vec::new();
        work::carry_out(&api, &release, width, plan, |told| {
            let Told { id, connections, keys, result, .. } = told;
            match result {
                Ok(done) => objects.push(Change::of(id, connections, keys, done)),
                Err(fault) => connections.into_iter().for_each(|connection| refuse(Some(connection), &fault)),
            }
        })
        .await?;
        objects.sort_by(|a, b| a.id.cmp(&b.id));
        let at_home = |fault: &Fault| fault.object().is_some_and(|object| object.namespace == release.namespace);
        let faults = faults.into_iter().filter_map(|(connection, faults)| Some((connection, faults.together()?)));
        let refused: Vec<Refusal> =
            faults.map(|(connection, fault)| Refusal::of(connection, &fault, at_home(&fault))).collect();
        let mut leftovers = candidates.leftovers;
        leftovers.retain(|leftover| !gone.contains(&leftover.id));
        leftovers.retain(|leftover| {
            let is_unready = |name: &str| {
                declared.find(name).is_some_and(|own| own.enabled)
                    && refused.iter().any(|refusal| refusal.connection.as_deref() == Some(name))
            };
            !leftover.is_needed_by(is_unready)
        });
        let retained = leftovers.into_iter().map(Retained::from).collect();
        let total = declared.enabled().chain(declared.deleted()).count();
        Ok(Self { objects, refused, retained, held_back, total })
    }

    /// The preview for people.
    ///
    /// # Errors
    /// A fault when it cannot be laid out.
    pub fn text(&self, view: View) -> Result<String, Fault> {
        text::of(self, view).map_err(|error| Fault::run(Code::Internal, error.to_string()))
    }

    /// The preview for programs. The keys are an interface.
    ///
    /// # Errors
    /// A fault when it cannot be written as JSON.
    pub fn json(&self) -> Result<String, Fault> {
        let json = serde_json::to_string_pretty(self);
        json.map(|text| text + "\n").map_err(|error| Fault::run(Code::Internal, error.to_string()))
    }

    /// How a command ends that shows this: 2 where a run would change something, as the run where it would fail.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let not_permitted = |refusal: &&Refusal| refusal.fault_code == Code::NotPermitted;
        let denied: Vec<&Refusal> = self.refused.iter().filter(not_permitted).collect();
        if self.refused.is_empty() {
            return if self.objects.iter().any(Change::is_one) { Exit::Differences } else { Exit::Done };
        }
        // What ends the run as a whole comes before what its connections lack.
        if self.refused.iter().any(|refusal| refusal.connection.is_none()) {
            return Exit::Partly;
        }
        let all = denied.len() == self.refused.len() && denied.len() == self.total;
        if all || denied.iter().any(|refusal| refusal.at_home) { Exit::NotPermitted } else { Exit::Partly }
    }
}

/// How a preview is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As changes to come.
    Plan,
    /// As drift that was found.
    Check,
}

impl Named {
    fn of(id: &ObjectId) -> Self {
        Self { kind: id.kind.as_str(), namespace: id.namespace.clone(), name: id.name.clone() }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
    }
}

impl Refusal {
    fn of(connection: Option<String>, fault: &Fault, at_home: bool) -> Self {
        let fault_code = fault.code();
        Self { connection, code: fault_code.to_string(), reason: fault.to_string(), fault_code, at_home }
    }
}

impl From<Leftover> for Retained {
    fn from(leftover: Leftover) -> Self {
        Self { object: Named::of(&leftover.id), connections: leftover.connections }
    }
}
