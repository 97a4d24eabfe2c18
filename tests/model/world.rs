//! The model and the real cluster side by side, step by step.

use std::collections::BTreeMap;

use super::act::Act;
use super::cluster::Cluster;
use super::identity::Id;
use super::invariants::Claims;
use super::inventory::Inventory;
use super::object::Object;
use super::place::Place;
use super::plan::Plan;
use super::prediction::{self, Prediction};
use super::run::Run;
use super::snapshot::Snapshot;
use super::step::Step;
use super::tally::Tally;
use super::values::Values;

/// The exit code of `plan` where a run would change something.
const DIFFERENCES: i32 = 2;

/// One sequence, as far as it has come.
pub struct World<'a> {
    place: Place,
    values: Values,
    model: Cluster,
    claims: Claims,
    now: Snapshot,
    /// The UIDs of the objects of the model, by which the inventory names them.
    births: BTreeMap<String, usize>,
    tally: &'a Tally,
}

impl<'a> World<'a> {
    pub async fn new(place: Place, tally: &'a Tally) -> Self {
        let now = Snapshot::of(&place).await;
        let (model, claims, births) = (Cluster::default(), Claims::default(), BTreeMap::new());
        Self { place, values: Values::none(), model, claims, now, births, tally }
    }

    /// Takes a step in both, and compares them.
    pub async fn step(&mut self, step: &Step) -> Result<(), String> {
        self.tally.step();
        match step {
            Step::Act { id, act } => return self.act(*id, act).await,
            Step::Tamper(tampering) => {
                self.model.tamper(tampering);
                self.place.tamper(tampering, |id| self.now.uid(id)).await;
                self.now = Snapshot::of(&self.place).await;
                return self.agree();
            }
            Step::Uninstall { deleting } => return self.uninstall(*deleting).await,
            values => drop(values.values(&mut self.values)),
        }
        if self.place.install().await {
            self.now = Snapshot::of(&self.place).await;
        }
        let (predicted, run) = self.run(false).await?;
        if !self.values.collide() {
            let (retained, misread) = (self.now.retained(), self.now.inventory(&self.births).1);
            let listed = equal("what is listed as left behind", &predicted.leftovers, &retained);
            listed.map_err(|why| explained(&why, &run))?;
            equal("lines of the inventory that are no records", &0, &misread)?;
        }
        if predicted.exit == 0 { self.again().await } else { Ok(()) }
    }

    /// A run after one without a fault changes nothing.
    async fn again(&mut self) -> Result<(), String> {
        let before = self.now.clone();
        let predicted = prediction::run(&mut self.model, &self.values);
        let run = Run::of(&self.place, false);
        self.tally.run(&run);
        self.now = Snapshot::of(&self.place).await;
        told(&predicted, &run).map_err(|why| explained(&why, &run))?;
        equal("the objects after a second run", &before.objects, &self.now.objects)?;
        equal("the inventory after a second run", &before.record(), &self.now.record())
    }

    async fn act(&mut self, id: Id, act: &Act) -> Result<(), String> {
        let fields = self.now.objects.get(&id).map(|seen| &seen.fields);
        let done = act.perform(&self.place.client, &self.place.prefix, id, fields).await;
        let expected = self.model.act(id, act);
        if expected.is_ok() != done {
            return Err(format!("the API server should have said {expected:?}"));
        }
        self.now = Snapshot::of(&self.place).await;
        self.agree()
    }

    /// The release and what it has in its namespace goes first.
    async fn uninstall(&mut self, deleting: bool) -> Result<(), String> {
        self.place.uninstall().await;
        self.model.inventory = Inventory::default();
        self.now = Snapshot::of(&self.place).await;
        self.agree()?;
        if deleting {
            self.run(true).await?;
        }
        Ok(())
    }

    /// Plan, then the run or the Job that comes after an uninstallation. What both tell is what the model says.
    async fn run(&mut self, uninstall: bool) -> Result<(Prediction, Run), String> {
        let (values, kept) = if uninstall {
            (self.values.to_uninstall(), self.values.kept_by_own_policy())
        } else {
            (self.values.clone(), self.values.kept(|name, _| Some(self.values.deletion_of(name))))
        };
        self.place.write(&values);
        let plan = Plan::of(&self.place, uninstall);
        let before = std::mem::replace(&mut self.now, Snapshot::of(&self.place).await);
        equal("the cluster after plan", &before, &self.now)?;
        let predict = if uninstall { prediction::uninstall } else { prediction::run };
        let predicted = predict(&mut self.model, &values);
        let run = Run::of(&self.place, uninstall);
        self.tally.run(&run);
        self.now = Snapshot::of(&self.place).await;
        let judged = self.claims.judge(&values, &kept, &before, &self.now);
        self.claims.note(&run, &self.now);
        let judged = judged.and_then(|()| foretold(&plan, &run)).and_then(|()| expected(&predicted, &plan, &run));
        judged.and_then(|()| self.agree()).map_err(|why| explained(&why, &run))?;
        Ok((predicted, run))
    }

    /// The real cluster is as the model has it.
    fn agree(&mut self) -> Result<(), String> {
        for id in Id::all() {
            let (model, seen) = (self.model.objects.get(&id), self.now.objects.get(&id));
            let birth = model.map(|object| object.birth);
            if let (Some(birth), Some(seen)) = (birth, seen) {
                let known = *self.births.entry(seen.uid.clone()).or_insert(birth);
                equal(&format!("the birth of {id}"), &birth, &known)?;
            }
            let seen = seen.zip(birth).map(|(seen, birth)| Object {
                birth,
                fields: seen.fields.clone(),
                managers: seen.managers.clone(),
                terminating: seen.terminating,
            });
            equal(&id.to_string(), &model, &seen.as_ref())?;
        }
        equal("the number of objects", &self.model.objects.len(), &self.now.objects.len())?;
        equal("the inventory", &self.model.inventory, &self.now.inventory(&self.births).0)
    }
}

/// Plan has said what the run then did.
fn foretold(plan: &Plan, run: &Run) -> Result<(), String> {
    let actions = plan.objects.iter().map(|(id, (action, ..))| (*id, action.as_str())).collect();
    let done: BTreeMap<_, _> = run.words.iter().map(|(id, word)| (*id, word.action())).collect();
    equal("what plan foretold and what the run did", &actions, &done)?;
    equal("what plan and the run refused", &plan.refused, &run.refused)?;
    let changes = run.words.values().any(|word| word.action() != "none");
    let exit = if run.exit == 0 && changes { DIFFERENCES } else { run.exit };
    equal("how plan ended", &exit, &plan.exit)
}

/// The run has told what the model says.
fn told(predicted: &Prediction, run: &Run) -> Result<(), String> {
    let words: BTreeMap<_, _> = predicted.outcomes.iter().map(|(id, outcome)| (*id, outcome.word)).collect();
    equal("what became of the objects", &words, &run.words)?;
    equal("who failed", &predicted.refused.keys().collect::<Vec<_>>(), &run.refused.keys().collect::<Vec<_>>())?;
    for (connection, codes) in &predicted.refused {
        let code = &run.refused[connection];
        if !codes.contains(code.as_str()) {
            return Err(format!("{connection:?} should have failed with {codes:?}, not {code}"));
        }
    }
    equal("how the run ended", &predicted.exit, &run.exit)
}

fn expected(predicted: &Prediction, plan: &Plan, run: &Run) -> Result<(), String> {
    told(predicted, run)?;
    let objects: BTreeMap<_, _> = predicted
        .outcomes
        .iter()
        .map(|(id, outcome)| {
            (*id, (outcome.word.action().to_owned(), outcome.fields.clone(), outcome.managers.clone()))
        })
        .collect();
    equal("what plan foretold", &objects, &plan.objects)?;
    if predicted.exit != 78 {
        let leftovers = predicted.leftovers.iter().map(|(id, leftover)| (*id, leftover.connections.clone())).collect();
        equal("what plan said to be left behind", &leftovers, &plan.retained)?;
    }
    Ok(())
}

fn explained(why: &str, run: &Run) -> String {
    format!("{why}\nThe run has said:\n{}", run.log)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    Err(format!("{what}\n  expected: {expected:?}\n     found: {found:?}"))
}
