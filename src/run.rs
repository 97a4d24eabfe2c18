//! A run from its start to its exit code: settings → connections → references →
//! plan → apply → report.

use std::cell::Cell;
use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};

use crate::anchor::Anchored;
use crate::client::Api;
use crate::connections::Declared;
use crate::error::{Code, Fault};
use crate::execution::Execution;
use crate::exit::Exit;
use crate::input;
use crate::inventory::Inventory;
use crate::lease::{self, Lease};
use crate::past::Past;
use crate::plan::Candidates;
use crate::release::Release;
use crate::report::Report;
use crate::retry::Budget;
use crate::settings::Settings;
use crate::{preflight, survey, work};

/// Recording the outcome and giving the Lease back take this long together, or [`HASTE`] longer.
const RECORDING: Duration = Duration::from_secs(5);

/// The same where somebody has stopped the run or the API server does not take us, and the least that the Lease gets.
const HASTE: Duration = Duration::from_millis(500);

/// A run. It outlives its work, so that work that is cut off is still reported.
pub struct Run {
    settings: Settings,
    budget: Budget,
    api: OnceCell<Api>,
    lease: OnceCell<Lease>,
    report: Report,
    record_wanted: Cell<bool>,
    interrupted: Cell<bool>,
    /// When the work ended, and how long what follows may take.
    end: Cell<(Instant, Duration)>,
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
            lease: OnceCell::new(),
            report,
            record_wanted: Cell::new(true),
            interrupted: Cell::new(false),
            end: Cell::new((Instant::now(), HASTE)),
        }
    }

    /// Does the work.
    ///
    /// # Errors
    /// What ended the run before every connection was tried, or kept it from deleting what is not wanted any more.
    pub async fn work(&self) -> Result<(), Vec<Fault>> {
        let release = self.settings.release();
        let mounted = input::mounted(&self.settings).await?;
        let declared = survey::declared(&self.settings, mounted.documents)?;
        self.report.declared(&declared);
        let api = self.api().await.map_err(|fault| vec![fault])?;
        let changed = async {
            if self.settings.uninstall {
                if lease::exists(api, &release).await {
                    // An uninstall that came late must not take away what a new installation has made.
                    self.report.superseded();
                    return Ok(());
                }
                return self.change(api, &release, declared, &mut Inventory::default(), &Anchored::Absent).await;
            }
            self.report.waits(true);
            let lease = Lease::take(api, &release, holder()).await?;
            self.report.waits(false);
            let lease = self.lease.get_or_init(|| async { lease }).await;
            tokio::select! {
                changed = self.alone(api, &release, declared, &mounted.sha256) => changed,
                lost = lease.keep(api) => Err(lost),
            }
        };
        match Box::pin(changed).await {
            Ok(()) => Ok(()),
            Err(fault) => Err(vec![preflight::complete(api, &release, fault).await]),
        }
    }

    async fn api(&self) -> Result<&Api, Fault> {
        self.api.get_or_try_init(|| Api::connect(&self.settings, self.budget.clone())).await
    }

    /// The part that no other run does at the same time.
    async fn alone(&self, api: &Api, release: &Release, declared: Declared, sha256: &str) -> Result<(), Fault> {
        let past = Past::read(api, release).await?;
        if past.input_sha256().is_some_and(|live| live != sha256) {
            self.report.superseded();
            return Ok(());
        }
        let (mut inventory, anchor) = past.anchored()?;
        self.change(api, release, declared, &mut inventory, &anchor).await
    }

    async fn change(
        &self,
        api: &Api,
        release: &Release,
        mut declared: Declared,
        inventory: &mut Inventory,
        anchor: &Anchored,
    ) -> Result<(), Fault> {
        let width = self.settings.width();
        let standing = survey::settle(&mut declared, inventory);
        self.report.settled(&declared, &standing, inventory);
        let mut candidates = Candidates::of(&declared, inventory);
        let mut plan = survey::plan(api, release, width, &declared, inventory, &mut candidates).await?;
        let execution = Execution::of(&declared, &standing, &plan, inventory);
        // What an uninstall removes is recorded nowhere: the inventory is gone by then.
        let mut execution = execution.filter(|_| !self.settings.uninstall);
        survey::expect(&declared, &candidates, &plan, inventory);
        if let Some(execution) = &execution {
            execution.begin(inventory);
        }
        let recorded = inventory.write(api, release, anchor).await?;
        if let Some(why) = inventory.lacks_executions(recorded)
            && let Some(execution) = execution.take()
        {
            execution.forgo(&why, &declared, release, inventory, &mut plan);
            // What the values say of objects holds without the operation too.
            survey::expect(&declared, &candidates, &plan, inventory);
        }
        drop(declared);
        self.report.planned(&plan, candidates);
        let brake = plan.brake.clone();
        let carried_out = work::carry_out(api, release, width, plan, |told| {
            inventory.learn(&told);
            if let Some(execution) = &mut execution {
                execution.learn(&told);
            }
            self.report.told(&told);
        });
        carried_out.await?;
        let executed = execution.filter(Execution::is_done);
        if let Some(executed) = &executed {
            executed.end(inventory);
        }
        let tried = inventory.write(api, release, anchor).await;
        let recorded = match executed {
            Some(executed) => executed.recorded(inventory, tried),
            None => tried.map(|_| ()),
        };
        match (recorded, brake) {
            (Err(fault), Some(brake)) => Err(fault.and(&brake)),
            (recorded, brake) => recorded.and(brake.map_or(Ok(()), Err)),
        }
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
        let can_be = faults.iter().all(|fault| can_be_recorded(fault.code()));
        self.record_wanted.set(can_be && !self.settings.uninstall && !self.report.is_superseded());
        self.interrupted.set(faults.iter().any(|fault| fault.code() == Code::Interrupted));
        let time = if can_be && !self.interrupted.get() { RECORDING } else { HASTE };
        self.end.set((Instant::now(), time));
        self.report.ended(faults);
    }

    /// Writes how the run ended to the cluster, as far as that can be done in a few seconds.
    pub async fn record(&self) {
        let (ended, time) = self.end.get();
        if self.record_wanted.get() && timeout_at(ended + time, self.write_outcome()).await.is_err() {
            tracing::warn!("the outcome could not be recorded within {time:?}{}", self.last_failure());
        }
    }

    /// Gives the Lease back. Where this fails, the next run waits for its term, and no longer. Who stops a run `meanwhile`
    /// changes nothing of how it ended.
    pub async fn give_back(&self, meanwhile: impl Future) {
        let (Some(lease), Some(api)) = (self.lease.get(), self.api.get()) else { return };
        let (ended, time) = self.end.get();
        let stopped = async {
            meanwhile.await;
            tokio::time::sleep(HASTE).await;
        };
        tokio::select! {
            () = lease.release(api) => {}
            () = tokio::time::sleep_until((ended + time).max(Instant::now() + HASTE)) => {}
            () = stopped => {}
        }
    }

    async fn write_outcome(&self) {
        match self.api().await {
            Ok(api) => self.report.record(api, &self.settings).await,
            Err(fault) => tracing::warn!("the outcome could not be recorded: {fault}"),
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

/// Who a run is, for whoever finds the Lease: its pod, and the time as no two runs have it.
fn holder() -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "sc-job".to_owned());
    format!("{host}_{:x}", Timestamp::now().as_nanosecond())
}

/// The API server that is out of reach or does not know us is not asked again.
fn can_be_recorded(code: Code) -> bool {
    !matches!(code, Code::ApiUnavailable | Code::NotAuthenticated | Code::ClientSetup)
}
