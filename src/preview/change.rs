//! What would become of one object.

use serde::Serialize;

use super::Named;
use crate::object::ObjectId;
use crate::outcome::{Done, Kept, Outcome};

/// What would become of one object.
#[derive(Serialize)]
pub struct Change {
    /// What a run would do.
    pub action: Action,
    /// The same as what was found.
    pub state: Found,
    /// The object.
    #[serde(flatten)]
    pub object: Named,
    /// The connections that it is for.
    pub connections: Vec<String>,
    /// The names of what it holds for a workload.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The fields that would change, as `.data.PORT`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Who has edited these fields, or has managed the object until now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub managers: Vec<String>,
    #[serde(skip)]
    pub(super) done: Done,
    #[serde(skip)]
    pub(super) id: ObjectId,
}

/// What a run would do with an object. The words are an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
#[allow(missing_docs, reason = "each says what it is")]
pub enum Action {
    Create,
    Change,
    Repair,
    Adopt,
    Withdraw,
    Delete,
    /// It is as it is to be, or nothing can be done about it.
    None,
}

/// How an object was found. The words are an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Found {
    /// As it is to be.
    InSync,
    /// Not there.
    Missing,
    /// Other than in the values.
    Differs,
    /// With fields of ours that somebody has changed.
    Edited,
    /// Made by somebody else.
    Foreign,
    /// Not wanted any more.
    Leftover,
}

impl Change {
    pub(super) fn of(id: ObjectId, connections: Vec<String>, keys: Vec<String>, done: Done) -> Self {
        let (fields, managers) = match &done {
            Done::Changed { fields } => (fields.clone(), Vec::new()),
            Done::Repaired { fields, managers } | Done::Adopted { fields, managers } => {
                (fields.clone(), managers.clone())
            }
            Done::Withdrawn(Kept::Shared(managers)) => (Vec::new(), managers.clone()),
            _ => (Vec::new(), Vec::new()),
        };
        let (action, state) = match Outcome::from(&done) {
            Outcome::Unchanged | Outcome::Absent | Outcome::Leaving => (Action::None, Found::InSync),
            Outcome::Spared => (Action::None, Found::Foreign),
            Outcome::Retained => (Action::None, Found::Leftover),
            Outcome::Changed => (Action::Change, Found::Differs),
            Outcome::Created => (Action::Create, Found::Missing),
            Outcome::Adopted => (Action::Adopt, Found::Foreign),
            Outcome::Repaired => (Action::Repair, Found::Edited),
            Outcome::Withdrawn => (Action::Withdraw, Found::Leftover),
            Outcome::Deleted => (Action::Delete, Found::Leftover),
        };
        Self { action, state, object: Named::of(&id), connections, keys, fields, managers, done, id }
    }

    pub(super) fn is_one(&self) -> bool {
        self.action != Action::None
    }
}

impl From<Action> for &'static str {
    fn from(action: Action) -> Self {
        match action {
            Action::Create => "create",
            Action::Change => "change",
            Action::Repair => "repair",
            Action::Adopt => "adopt",
            Action::Withdraw => "withdraw",
            Action::Delete => "delete",
            Action::None => "none",
        }
    }
}
