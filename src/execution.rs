//! The execution of an operation, once: that it begins is recorded before anything
//! is done for it, and that it was executed afterwards. Where the first cannot be
//! recorded nothing is done, as no later run could know of it.

use std::collections::BTreeSet;

use crate::anchor::Anchored;
use crate::client::Api;
use crate::connections::{Connection, Declared, Operation, Origin};
use crate::error::{Code, Fault};
use crate::inventory::{Before, Inventory, Recorded, Standing};
use crate::object::ObjectId;
use crate::plan::Plan;
use crate::release::Release;
use crate::report::Report;

/// An operation that is being executed.
pub struct Execution {
    operation: Operation,
    /// What its connection has afterwards.
    objects: BTreeSet<ObjectId>,
    /// What was recorded before anything of it was.
    before: Before,
    /// Something that is to go stays, as more would go than may.
    is_held_back: bool,
}

impl Execution {
    /// That of the operation which is declared, if it is due and the plan does something for it. Nothing of the plan is in
    /// the inventory yet.
    #[must_use]
    pub fn of(declared: &Declared, standing: &Standing, plan: &Plan, inventory: &Inventory) -> Option<Self> {
        let operation = declared.operation.as_ref().filter(|_| standing.is_due())?;
        let of_operation = declared.enabled().filter(|connection| connection.origin == Origin::Operation);
        let objects: BTreeSet<ObjectId> = of_operation.flat_map(Connection::objects).collect();
        let mut removals = plan.removals.iter().filter(|removal| removal.connections.contains(&operation.connection));
        let is_held_back = removals.any(|removal| plan.holds_back(removal));
        let is_planned = !plan.left_out.contains_key(&operation.connection);
        let before = inventory.before(&objects);
        is_planned.then(|| Self { operation: operation.clone(), objects, before, is_held_back })
    }

    /// Whether all of it was done.
    #[must_use]
    pub fn is_done(&self, report: &Report) -> bool {
        !self.is_held_back && report.is_done(&self.operation.connection)
    }

    /// Takes into the inventory that it begins.
    pub fn begin(&self, inventory: &mut Inventory) {
        inventory.begin(&self.operation);
    }

    /// Does nothing after all, as it cannot be recorded that it begins. The record is as it was before, so that a run which
    /// can write it tells of nothing that was not done.
    pub fn forgo(
        self,
        why: &Fault,
        declared: &Declared,
        release: &Release,
        inventory: &mut Inventory,
        plan: &mut Plan,
    ) {
        let cause = "that the operation begins could not be recorded, so that it was not executed";
        let fault = Fault::at(Code::ExecutionUnknown, "correlationid", cause).and(why);
        plan.forgo(&self.operation.connection, &fault, declared, release);
        inventory.restore(self.before);
    }

    /// Finds out, for a preview, whether it could be recorded that it begins.
    ///
    /// # Errors
    /// A fault of the whole run.
    pub async fn rehearse(
        self,
        api: &Api,
        release: &Release,
        anchor: &Anchored,
        declared: &Declared,
        inventory: &mut Inventory,
        plan: &mut Plan,
    ) -> Result<(), Fault> {
        self.begin(inventory);
        // The chart makes what the record goes with, should it not be there yet.
        if !matches!(anchor, Anchored::Absent) {
            let recorded = inventory.write(api, release, anchor).await?;
            if let Some(why) = inventory.lacks_executions(recorded) {
                self.forgo(&why, declared, release, inventory, plan);
            }
        }
        Ok(())
    }

    /// Takes into the inventory that it was executed.
    pub fn end(&self, inventory: &mut Inventory) {
        inventory.record_execution(&self.operation, &self.objects);
    }

    /// Whether that was recorded, which was `tried`.
    ///
    /// # Errors
    /// A fault of the whole run if it was not.
    pub fn recorded(self, inventory: &Inventory, tried: Result<Recorded, Fault>) -> Result<(), Fault> {
        // It may be another ConfigMap that could not be written.
        if inventory.tells_executions() {
            return tried.map(|_| ());
        }
        let Operation { connection, correlation_id, verb, .. } = self.operation;
        let what = format!(
            "{} of connection {connection} with correlationid {correlation_id} was executed, and that it was could not be \
             recorded, so that the same settings execute it again",
            verb.as_str()
        );
        match tried {
            Ok(Recorded::Lacking(why)) => Err(Fault::run(Code::ExecutionUnrecorded, what).and(&why)),
            Ok(Recorded::Whole) => Ok(()),
            // The code says what ended the run.
            Err(fault) => Err(fault.within(format!("{what}: "))),
        }
    }
}
