//! One object, and what an update and a server-side apply make of it: the rules by which the API server hands fields
//! from one manager to another (<https://kubernetes.io/docs/reference/using-api/server-side-apply/>).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::field::{Field, Fields, Group};
use super::identity::Kind;

/// Who holds fields.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Manager {
    pub name: String,
    pub applies: bool,
}

/// An object in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The how-manieth object of the cluster this is: its UID, as far as the model is concerned.
    pub birth: usize,
    pub fields: Fields,
    pub managers: BTreeMap<Manager, BTreeSet<Field>>,
    /// It is deleted, and a finalizer holds it back.
    pub terminating: bool,
}

/// Why the API server refuses a write.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Others hold these fields with other values.
    Conflict(BTreeSet<Field>),
    /// What cannot be changed would be.
    Invalid,
    /// An object of this name is there.
    There,
}

/// What differs between two states.
struct Comparison {
    /// Added, or with another value.
    set: BTreeSet<Field>,
    removed: BTreeSet<Field>,
}

impl Manager {
    pub fn updating(name: &str) -> Self {
        Self { name: name.to_owned(), applies: false }
    }

    pub fn applying(name: &str) -> Self {
        Self { name: name.to_owned(), applies: true }
    }
}

impl Object {
    /// The object as a POST makes it.
    pub fn created(kind: Kind, birth: usize, manager: Manager, mut fields: Fields) -> Self {
        if kind == Kind::Secret {
            default_type(&mut fields);
        }
        let managers = BTreeMap::from([(manager, with_mappings(&fields))]);
        Self { birth, fields, managers, terminating: false }.without_idle_managers()
    }

    /// The object as a first apply makes it.
    pub fn applied_first(kind: Kind, birth: usize, manager: Manager, config: &Fields) -> Self {
        let mut fields = config.clone();
        if kind == Kind::Secret {
            default_type(&mut fields);
        }
        let managers = BTreeMap::from([(manager, config.keys().cloned().collect())]);
        Self { birth, fields, managers, terminating: false }.without_idle_managers()
    }

    /// The object after an update that leaves it with these fields.
    pub fn updated(&self, manager: &Manager, fields: Fields) -> Result<Self, Refusal> {
        self.permits(&fields)?;
        let mut updated = Self { fields, ..self.clone() };
        // what has lost its managers has none until it is applied again
        if self.managers.is_empty() {
            return Ok(updated);
        }
        let Comparison { set, removed } = compare(&self.fields, &updated.fields);
        for held in updated.managers.values_mut() {
            held.retain(|field| !set.contains(field) && !removed.contains(field));
        }
        updated.managers.entry(manager.clone()).or_default().extend(set);
        Ok(updated.without_idle_managers())
    }

    /// The object after a server-side apply.
    pub fn applied(&self, manager: &Manager, config: &Fields, force: bool) -> Result<Self, Refusal> {
        let mut applied = self.clone();
        if applied.managers.is_empty() {
            applied.managers.insert(Manager::updating("before-first-apply"), with_mappings(&self.fields));
        }
        let said: BTreeSet<Field> = config.keys().cloned().collect();
        let last = applied.managers.insert(manager.clone(), said).unwrap_or_default();
        applied.fields.extend(config.clone());
        let pruned: Vec<_> = last.into_iter().filter(|field| !applied.is_held(field)).collect();
        applied.fields.retain(|field, _| !pruned.contains(field));
        let Comparison { set, removed } = compare(&self.fields, &applied.fields);
        let mut conflicts = BTreeSet::new();
        for (_, held) in applied.managers.iter_mut().filter(|(other, _)| *other != manager) {
            conflicts.extend(held.intersection(&set).cloned());
            // an apply that takes the last entry out of a mapping leaves the mapping to who holds it
            held.retain(|field| !set.contains(field) && (!removed.contains(field) || is_mapping(field)));
        }
        if !force && !conflicts.is_empty() {
            return Err(Refusal::Conflict(conflicts));
        }
        if self.fields.contains_key(&Field::of(Group::Type)) {
            default_type(&mut applied.fields);
        }
        self.permits(&applied.fields)?;
        Ok(applied.without_idle_managers())
    }

    /// The fields over which an apply without force would conflict.
    pub fn conflicts(&self, manager: &Manager, config: &Fields) -> BTreeSet<Field> {
        match self.applied(manager, config, false) {
            Err(Refusal::Conflict(fields)) => fields,
            Ok(_) | Err(_) => BTreeSet::new(),
        }
    }

    /// Whether it bears a finalizer.
    pub fn is_held_back(&self) -> bool {
        self.fields.contains_key(&Field::of(Group::Finalizers))
    }

    /// What a manager holds.
    pub fn held(&self, manager: &Manager) -> BTreeSet<Field> {
        self.managers.get(manager).cloned().unwrap_or_default()
    }

    /// The names of all managers, each once.
    pub fn managers(&self) -> Vec<String> {
        let names: BTreeSet<_> = self.managers.keys().map(|manager| manager.name.clone()).collect();
        names.into_iter().collect()
    }

    fn is_held(&self, field: &Field) -> bool {
        self.managers.values().any(|held| held.contains(field))
    }

    fn permits(&self, fields: &Fields) -> Result<(), Refusal> {
        let (kind, immutable) = (Field::of(Group::Type), Field::of(Group::Immutable));
        let data = |fields: &Fields| -> Fields {
            fields.clone().into_iter().filter(|(field, _)| field.group == Group::Data).collect()
        };
        let frozen = self.fields.get(&immutable).is_some_and(|value| value == "true");
        let thawed = fields.get(&immutable) != self.fields.get(&immutable);
        let changed = self.fields.get(&kind) != fields.get(&kind) || (frozen && data(fields) != data(&self.fields));
        if changed || (frozen && thawed) { Err(Refusal::Invalid) } else { Ok(()) }
    }

    fn without_idle_managers(mut self) -> Self {
        self.managers.retain(|_, held| !held.is_empty());
        self
    }
}

/// A Secret always has a type.
fn default_type(fields: &mut Fields) {
    fields.entry(Field::of(Group::Type)).or_insert_with(|| "Opaque".to_owned());
}

fn is_mapping(field: &Field) -> bool {
    field.group.is_mapping() && field.key.is_none()
}

/// The fields, and the mappings that they are in.
fn with_mappings(fields: &Fields) -> BTreeSet<Field> {
    let mappings = fields.keys().filter(|field| field.group.is_mapping()).map(|field| Field::of(field.group));
    fields.keys().cloned().chain(mappings).collect()
}

fn compare(old: &Fields, new: &Fields) -> Comparison {
    let (before, after) = (with_mappings(old), with_mappings(new));
    let changed = |field: &&Field| !before.contains(field) || old.get(field) != new.get(field);
    Comparison {
        set: after.iter().filter(changed).cloned().collect(),
        removed: before.difference(&after).cloned().collect(),
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, if self.applies { "Apply" } else { "Update" })
    }
}
