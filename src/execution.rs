//! The execution of an operation, once: that it begins is recorded before anything
//! is done for it, also where nothing can be, and that it was executed afterwards.
//! Where the first cannot be recorded nothing is done, as no later run could know
//! of it.

use std::collections::BTreeSet;

use crate::anchor::Anchored;
use crate::client::Api;
use crate::connections::{Connection, Declared, Operation, Origin};
use crate::error::{Code, Fault};
use crate::inventory::{Before, Inventory, Recorded, Standing};
use crate::object::ObjectId;
use crate::outcome::Told;
use crate::plan::Plan;
use crate::release::Release;

/// An operation that is being executed.
pub struct Execution {
    operation: Operation,
    /// What its connection has afterwards.
    objects: BTreeSet<ObjectId>,
    /// What was recorded before anything of it was.
    before: Before,
    /// Objects of the plan that are not done yet. What is held back or fails stays among them, and what is not tried then.
    open: BTreeSet<ObjectId>,
    /// The plan cannot do all of it.
    falls_short: bool,
}

impl Execution {
    /// That of the operation which is declared, if it is due. Nothing of the plan is in the inventory yet. Where the plan
    /// leaves it out it begins all the same: one that comes again after a later one would undo that.
    #[must_use]
    pub fn of(declared: &Declared, standing: &Standing, plan: &Plan, inventory: &Inventory) -> Option<Self> {
        let operation = declared.operation.as_ref().filter(|_| standing.is_due())?;
        let of_operation = declared.enabled().filter(|connection| connection.origin == Origin::Operation);
        let objects: BTreeSet<ObjectId> = of_operation.flat_map(Connection::objects).collect();
        let name = &operation.connection;
        let applied = plan.namespaces.iter().chain(&plan.steps).map(|step| (&step.intent.id, &step.intent.connections));
        let removed = plan.removals.iter().map(|removal| (&removal.id, &removal.connections));
        let its = applied.chain(removed).filter(|(_, connections)| connections.contains(name));
        let open = its.map(|(id, _)| id.clone()).collect();
        let falls_short =
            plan.left_out.contains_key(name) || plan.not_removed.iter().any(|(connection, _)| connection == name);
        let before = inventory.before(&objects);
        Some(Self { operation: operation.clone(), objects, before, open, falls_short })
    }

    /// Takes in what became of an object.
    pub fn learn(&mut self, told: &Told) {
        if told.result.is_ok() {
            self.open.remove(&told.id);
        }
    }

    /// Whether all of it was done, once the plan is carried out.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.open.is_empty() && !self.falls_short
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::connections::Document;
    use crate::object::Kind;
    use crate::outcome::Done;
    use crate::ownership::Version;
    use crate::remove::{Fate, Removal};

    fn secret() -> ObjectId {
        ObjectId::new(Kind::Secret, "shop", "sc-a-secret")
    }

    /// The deletion of the connection a, by a plan.
    fn deletion(plan: &Plan) -> Execution {
        let resources = r#"{"namespace":{"name":"shop"},"secret":{"name":"sc-a-secret","namespace":"shop"}}"#;
        let resources = STANDARD.encode(resources);
        let text = format!("{{connection: a, correlationid: id-1, operation: delete, resources: {resources}}}");
        let declared = Declared::check(vec![Document::of_chart("0.json".into(), text)], &Release::default());
        let declared = declared.unwrap_or_else(|_| panic!("they are valid"));
        Execution::of(&declared, &Standing::Due, plan, &Inventory::default()).unwrap()
    }

    fn plan() -> Plan {
        let fate = Fate::Deleted(Version { uid: "u".into(), resource_version: "7".into() });
        let connections = vec!["a".to_owned()];
        Plan { removals: vec![Removal { id: secret(), connections, fate, memory: None }], ..Plan::default() }
    }

    fn told(result: Result<Done, Fault>) -> Told {
        Told { id: secret(), connections: vec!["a".to_owned()], keys: Vec::new(), result, memory: None }
    }

    #[test]
    fn an_operation_is_done_once_each_of_its_objects_is() {
        let mut execution = deletion(&plan());
        assert!(!execution.is_done(), "nothing is told yet");
        execution.learn(&told(Err(Fault::of(Code::Refused, &secret(), "no"))));
        assert!(!execution.is_done());
        execution.learn(&told(Ok(Done::Deleted)));
        assert!(execution.is_done());
        assert!(deletion(&Plan::default()).is_done(), "there is nothing to do");
    }

    #[test]
    fn an_operation_of_which_an_object_cannot_be_removed_is_not_done() {
        let not_removed = vec![("a".to_owned(), Fault::of(Code::NotPermitted, &secret(), "no"))];
        let mut execution = deletion(&Plan { not_removed, ..plan() });
        execution.learn(&told(Ok(Done::Deleted)));
        assert!(!execution.is_done());
    }
}
