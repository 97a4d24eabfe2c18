//! The model of the cluster.

use std::collections::BTreeMap;

use super::act::{Act, HOLD, HOLDER};
use super::field::{Field, Fields, Group};
use super::identity::Id;
use super::inventory::{Inventory, Record};
use super::object::{Manager, Object, Refusal};
use super::step::Tampering;

/// All that is remembered between two steps.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    pub objects: BTreeMap<Id, Object>,
    pub inventory: Inventory,
    births: usize,
}

impl Cluster {
    /// The birth of a new object.
    pub fn birth(&mut self) -> usize {
        self.births += 1;
        self.births
    }

    /// Somebody else does something to an object.
    pub fn act(&mut self, id: Id, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Edit { who, changes } => {
                let manager = Manager::updating(who);
                let Some(object) = self.objects.get(&id) else { return Ok(()) };
                let mut fields = object.fields.clone();
                for (field, value) in changes {
                    match value {
                        Some(value) => drop(fields.insert(field.clone(), value.clone())),
                        None => drop(fields.remove(field)),
                    }
                }
                let edited = object.updated(&manager, fields)?;
                self.objects.insert(id, edited);
            }
            Act::Apply { who, fields, force } => {
                let manager = Manager::applying(who);
                let applied = match self.objects.get(&id) {
                    Some(object) => object.applied(&manager, fields, *force)?,
                    None => Object::applied_first(id.kind, self.birth(), manager, fields),
                };
                self.objects.insert(id, applied);
            }
            Act::Replace { who, fields } => {
                self.delete(id);
                if self.objects.contains_key(&id) {
                    return Err(Refusal::There);
                }
                self.create(id, Manager::updating(who), fields.clone());
            }
            Act::Delete => self.delete(id),
            Act::Hold | Act::LetGo => {
                let Some(object) = self.objects.get(&id) else { return Ok(()) };
                let (field, mut fields) = (Field::of(Group::Finalizers), object.fields.clone());
                match act {
                    Act::Hold => drop(fields.insert(field, HOLD.to_owned())),
                    _ => drop(fields.remove(&field)),
                }
                let changed = object.updated(&Manager::updating(HOLDER), fields)?;
                self.objects.insert(id, changed);
                self.collect(id);
            }
            Act::Strip => {
                if let Some(object) = self.objects.get_mut(&id) {
                    object.managers.clear();
                }
            }
        }
        Ok(())
    }

    /// Deletes an object, or has it wait for its finalizer.
    pub fn delete(&mut self, id: Id) {
        if let Some(object) = self.objects.get_mut(&id) {
            object.terminating = true;
        }
        self.collect(id);
    }

    /// An object that is deleted goes when nothing holds it back.
    fn collect(&mut self, id: Id) {
        if self.objects.get(&id).is_some_and(|object| object.terminating && !object.is_held_back()) {
            self.objects.remove(&id);
        }
    }

    fn create(&mut self, id: Id, manager: Manager, fields: Fields) {
        let object = Object::created(id.kind, self.birth(), manager, fields);
        self.objects.insert(id, object);
    }

    /// Somebody else does something to the inventory.
    pub fn tamper(&mut self, tampering: &Tampering) {
        match tampering {
            Tampering::Delete => self.inventory = Inventory::default(),
            Tampering::Garbage => {}
            Tampering::Record { id, connection, adopted } => {
                let birth = self.objects.get(id).map(|object| object.birth);
                let connections = [(*connection).to_owned()].into();
                self.inventory.add(*id, Record { birth, adopted: *adopted, connections, others_unknown: false });
            }
        }
    }
}
