//! What holds of every run, whatever the model says: nothing of anyone else's is changed but what the values ask for, and
//! nothing is deleted that was never ours.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Field, Group};
use super::identity::Id;
use super::intent::{ADOPTED, Intent};
use super::outcome::Word;
use super::run::Run;
use super::snapshot::{Seen, Snapshot};
use super::standing::ours;
use super::values::Values;

/// The UIDs of objects that are ours in one way or another.
#[derive(Default)]
pub struct Claims {
    made: BTreeSet<String>,
    adopted: BTreeSet<String>,
    /// The inventory has named them, whoever wrote that: no reason to delete them.
    recorded: BTreeSet<String>,
}

impl Claims {
    /// Judges what a run over `values` has done, which must not delete what is `kept`.
    pub fn judge(
        &mut self,
        values: &Values,
        kept: &BTreeSet<Id>,
        before: &Snapshot,
        after: &Snapshot,
    ) -> Result<(), String> {
        self.recorded.extend(before.recorded());
        let intents = if values.collide() { BTreeMap::new() } else { Intent::all(values) };
        for (id, was) in &before.objects {
            match after.objects.get(id) {
                Some(is) if is.uid == was.uid => self.judge_change(*id, was, is, intents.get(id))?,
                Some(_) => return Err(format!("{id} was re-created by a run")),
                None if kept.contains(id) => return Err(format!("a run has deleted {id}, which was to be retained")),
                None => self.judge_deletion(*id, was)?,
            }
        }
        Ok(())
    }

    fn judge_change(&self, id: Id, was: &Seen, is: &Seen, intent: Option<&Intent>) -> Result<(), String> {
        for (field, value) in &was.fields {
            if is.fields.get(field) == Some(value) {
                continue;
            }
            let holders: Vec<_> = was.managers.iter().filter(|(_, held)| held.contains(field)).collect();
            let others: Vec<_> = holders.iter().filter(|(manager, _)| **manager != ours()).collect();
            if others.is_empty() && !holders.is_empty() {
                continue;
            }
            let ours = self.is_ours(&was.uid) || self.recorded.contains(&was.uid);
            let edited = ours && others.iter().all(|(manager, _)| !manager.applies);
            let claimed = intent.is_some_and(|intent| {
                let said = intent.fields.contains_key(field) || *field == Field::annotation(ADOPTED);
                said && (intent.adopt || edited)
            });
            if !claimed {
                return Err(format!("a run has changed {field} of {id}, which {others:?} held"));
            }
        }
        Ok(())
    }

    fn judge_deletion(&self, id: Id, was: &Seen) -> Result<(), String> {
        let marked = was.fields.get(&Field::annotation(ADOPTED)).is_some_and(|mark| mark == "true");
        if !self.is_ours(&was.uid) {
            return Err(format!("a run has deleted {id}, which was never ours"));
        }
        if marked {
            return Err(format!("a run has deleted {id}, which somebody else had made"));
        }
        let is_data = |field: &Field| matches!(field.group, Group::Data | Group::PullSecrets);
        let others = was.managers.iter().filter(|(manager, _)| **manager != ours());
        match others.clone().find(|(_, held)| held.iter().any(is_data)) {
            Some((manager, held)) => Err(format!("a run has deleted {id}, in which {manager:?} holds {held:?}")),
            None => Ok(()),
        }
    }

    fn is_ours(&self, uid: &str) -> bool {
        self.made.contains(uid) || self.adopted.contains(uid)
    }

    /// Takes note of what a run has made and taken over.
    pub fn note(&mut self, run: &Run, after: &Snapshot) {
        for (id, word) in &run.words {
            let claims = match word {
                Word::Created => &mut self.made,
                Word::Adopted => &mut self.adopted,
                _ => continue,
            };
            claims.extend(after.uid(*id));
        }
    }
}
