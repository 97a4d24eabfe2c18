//! A run from its start to its exit code: settings → connections → references →
//! plan → apply → report.

use std::cell::Cell;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::OnceCell;

use crate::apply;
use crate::client::Api;
use crate::connections::Declared;
use crate::error::{Code, Fault};
use crate::exit::Exit;
use crate::failure;
use crate::input;
use crate::plan::{self, Plan};
use crate::preflight::Preflight;
use crate::references::References;
use crate::remarks;
use crate::report::Report;
use crate::retry::Budget;
use crate::settings::Settings;

/// Recording the outcome may take this long at most, whatever ended the run.
const RECORDING: Duration = Duration::from_secs(5);

/// Who stops a run is kept waiting for less than a second.
const RECORDING_IN_HASTE: Duration = Duration::from_millis(500);

/// A run. It outlives its work, so that work that is cut off is still reported.
pub struct Run {
    settings: Settings,
    budget: Budget,
    api: OnceCell<Api>,
    report: Report,
    record_wanted: Cell<bool>,
    interrupted: Cell<bool>,
}

impl Run {
    /// A run that starts now.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        // The last try has ended when the deadline comes: its failure is reported as what it is.
        let budget = Budget::starting_now(settings.deadline().saturating_sub(settings.request_timeout()));
        let report = Report::starting_now(&settings);
        Self {
            settings,
            budget,
            api: OnceCell::new(),
            report,
            record_wanted: Cell::new(true),
            interrupted: Cell::new(false),
        }
    }

    /// Does the work.
    ///
    /// # Errors
    /// What ended the run before every connection was tried.
    pub async fn work(&self) -> Result<(), Vec<Fault>> {
        let release = self.settings.release();
        let documents = input::mounted(&self.settings).await?;
        let declared = Declared::check(documents)?;
        self.report.declared(&declared);
        let api = self.api().await.map_err(|fault| vec![fault])?;
        self.apply(api, &release, declared).await.map_err(|fault| vec![fault])
    }

    async fn api(&self) -> Result<&Api, Fault> {
        self.api.get_or_try_init(|| Api::connect(&self.settings, self.budget.clone())).await
    }

    async fn apply(&self, api: &Api, release: &crate::release::Release, declared: Declared) -> Result<(), Fault> {
        let width = self.settings.width();
        let (references, preflight) = tokio::try_join!(
            References::read(api, &release.namespace, width, declared.enabled()),
            Preflight::examine(api, width, &declared),
        )?;
        remarks::on_values(&declared, |form| references.value(form));
        let Plan { steps, left_out } = plan::make(api, release, width, &declared, &references, &preflight).await?;
        drop((declared, references, preflight));
        for (connection, fault) in left_out {
            self.report.failed(&[connection], &fault);
        }
        for step in &steps {
            self.report.planned(&step.resource);
        }
        let mut results = stream::iter(steps)
            .map(|step| async move {
                let (id, connections, keys) =
                    (step.resource.id.clone(), step.resource.connections.clone(), step.resource.data_keys());
                (id, connections, keys, apply::step(api, release, step).await)
            })
            .buffer_unordered(width);
        while let Some((id, connections, keys, result)) = results.next().await {
            match result {
                Ok(done) => self.report.done(&id, &connections, &keys, &done),
                Err(fault) if failure::ends_the_run(&fault) => return Err(fault),
                Err(fault) => self.report.failed(&connections, &fault),
            }
        }
        Ok(())
    }

    /// The fault of a run whose time is over.
    #[must_use]
    pub fn out_of_time(&self) -> Fault {
        Fault::run(Code::Deadline, format!("{} s have passed{}", self.settings.deadline_seconds, self.last_failure()))
    }

    fn last_failure(&self) -> String {
        let last = self.api.get().and_then(Api::last_failure);
        last.map_or_else(String::new, |failure| format!("; the last failed request: {failure}"))
    }

    /// Takes note of how the work ended, and tells what was left of it.
    pub fn ended(&self, ended: Result<(), Vec<Fault>>) {
        let faults = ended.err().unwrap_or_default();
        self.record_wanted.set(faults.iter().all(|fault| can_be_recorded(fault.code())));
        self.interrupted.set(faults.iter().any(|fault| fault.code() == Code::Interrupted));
        self.report.ended(faults);
    }

    /// Writes how the run ended to the cluster, as far as that can be done in a few seconds.
    pub async fn record(&self) {
        if !self.record_wanted.get() {
            return;
        }
        let time = if self.interrupted.get() { RECORDING_IN_HASTE } else { RECORDING };
        let recorded = tokio::time::timeout(time, async {
            match self.api().await {
                Ok(api) => self.report.record(api, &self.settings).await,
                Err(fault) => tracing::warn!("the outcome could not be recorded: {fault}"),
            }
        });
        if recorded.await.is_err() {
            tracing::warn!("the outcome could not be recorded within {time:?}{}", self.last_failure());
        }
    }

    /// Tells how the run ended, and says how the process is to end.
    #[must_use]
    pub fn conclude(&self) -> Exit {
        let exit = self.report.conclude();
        // A run that was stopped from outside is no result: Kubernetes replaces an evicted pod only if it failed.
        if self.settings.exit_zero && exit != Exit::Done && !self.interrupted.get() {
            tracing::info!("exit 0 all the same: a failing post-rollback hook would block every later upgrade");
            return Exit::Done;
        }
        exit
    }
}

/// The API server that is out of reach or does not know us is not asked again.
fn can_be_recorded(code: Code) -> bool {
    !matches!(code, Code::ApiUnavailable | Code::NotAuthenticated | Code::ClientSetup)
}
