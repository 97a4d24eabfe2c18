//! What a cell says: what became of each object in the words of plan and log, and what is there afterwards.

use sc_job::object::{Kind, ObjectId};

use super::object::Object;
use super::operation::Operation;

/// What the run did to an object.
#[derive(Clone, Copy)]
pub enum Did {
    Created,
    Changed,
    /// Fields that somebody had edited: which, and who; nobody where the object does not say.
    Repaired {
        fields: &'static str,
        by: &'static str,
    },
    /// Whose it was; nobody's where nothing says whose.
    Adopted {
        from: &'static str,
    },
    Deleted,
    /// From an object in which others, these, have their own.
    WithdrewBeside(&'static str),
    WithdrewFromAdopted,
    Unchanged,
    AlreadyGone,
    /// Nothing: somebody has deleted it already, and a finalizer holds it back.
    Leaving,
    LeftAlone,
    /// Nothing: it is listed as left behind.
    Retained,
    /// Nothing, and it is not spoken of.
    Untold,
}

use Did::{
    Adopted, AlreadyGone, Changed, Created, Deleted, Leaving, LeftAlone, Repaired, Retained, Unchanged, Untold,
    WithdrewBeside, WithdrewFromAdopted,
};

/// What is there after the run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Nothing.
    Gone,
    /// The very same object, to the byte.
    Same,
    /// A new object: what the values say, and nothing else.
    New,
    /// The same object: what the values say, and beside it what others have in it.
    Declared,
    /// As [`After::Declared`], and marked as adopted.
    Marked,
    /// The same object: what others have in it, and nothing else.
    Theirs,
}

/// Some operations on one state that have the same outcome.
pub struct Line {
    pub operations: Vec<Operation>,
    pub outcome: Outcome,
}

pub enum Outcome {
    /// The cell makes no sense, and why.
    None(&'static str),
    Some {
        refused: Option<Refused>,
        objects: Vec<(Object, Did, After)>,
    },
}

/// Connection `a` is refused: with which code, and what its reason says among other things.
#[derive(Clone, Copy)]
pub struct Refused {
    pub code: &'static str,
    pub why: &'static str,
}

pub fn done(operations: &[Operation], objects: &[(Object, Did, After)]) -> Line {
    let outcome = Outcome::Some { refused: None, objects: objects.to_vec() };
    Line { operations: operations.to_vec(), outcome }
}

pub fn refused(
    operations: &[Operation],
    code: &'static str,
    why: &'static str,
    objects: &[(Object, Did, After)],
) -> Line {
    let outcome = Outcome::Some { refused: Some(Refused { code, why }), objects: objects.to_vec() };
    Line { operations: operations.to_vec(), outcome }
}

pub fn senseless(operations: &[Operation], why: &'static str) -> Line {
    Line { operations: operations.to_vec(), outcome: Outcome::None(why) }
}

impl Did {
    /// What `sc-job plan -o json` calls it, and what the object is found to be; nothing where the plan has no such object.
    pub fn planned(self) -> Option<(&'static str, &'static str)> {
        match self {
            Created => Some(("create", "missing")),
            Changed => Some(("change", "differs")),
            Repaired { .. } => Some(("repair", "edited")),
            Adopted { .. } => Some(("adopt", "foreign")),
            Deleted => Some(("delete", "leftover")),
            WithdrewBeside(_) | WithdrewFromAdopted => Some(("withdraw", "leftover")),
            Unchanged | AlreadyGone | Leaving => Some(("none", "inSync")),
            LeftAlone => Some(("none", "foreign")),
            Retained | Untold => None,
        }
    }

    /// Who the plan says has edited, managed or shares the object.
    pub fn managers(self) -> Vec<&'static str> {
        match self {
            Repaired { by, .. } | Adopted { from: by } | WithdrewBeside(by) if !by.is_empty() => {
                by.split(", ").collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is a difference.
    pub fn is_one(self) -> bool {
        self.planned().is_some_and(|(action, _)| action != "none")
    }

    /// What the log says of it; `keys` are those of a Secret, `fields` those that have changed.
    pub fn told(self, id: &ObjectId, keys: &[String], fields: &[String]) -> Option<String> {
        let keys = if keys.is_empty() { String::new() } else { format!(" ({})", keys.join(", ")) };
        match self {
            Created => Some(format!("created {id}{keys}")),
            Changed => Some(format!("changed {id}{keys}")),
            Unchanged => Some(format!("unchanged {id}{keys}")),
            Repaired { fields, by: "" } => {
                Some(format!("repaired {id}{keys}, of which managedFields were removed: {fields}"))
            }
            Repaired { fields, by } => Some(format!("repaired {id}{keys}, in which {by} had changed {fields}")),
            Adopted { from } => {
                let managed = if from.is_empty() { String::new() } else { format!(", managed by {from} before") };
                let replaced =
                    if fields.is_empty() { String::new() } else { format!(", replacing {}", fields.join(", ")) };
                Some(format!("adopted {id}{keys}{managed}{replaced}"))
            }
            Deleted => Some(format!("deleted {id}")),
            WithdrewFromAdopted => {
                Some(format!("took its own fields out of {id} and left the rest, which others had made before"))
            }
            WithdrewBeside(others) => {
                Some(format!("took its own fields out of {id} and left the rest, in which {others} have their own"))
            }
            AlreadyGone => Some(format!("{id} is already gone")),
            Leaving => Some(format!("{id} is being deleted already, and a finalizer holds it back")),
            LeftAlone => Some(format!("left alone {id}, which is not this release's")),
            Retained | Untold => None,
        }
    }

    /// For the page.
    pub fn title(self) -> &'static str {
        match self {
            Created => "created",
            Changed => "changed",
            Repaired { .. } => "repaired",
            Adopted { .. } => "adopted",
            Deleted => "deleted",
            WithdrewBeside(_) | WithdrewFromAdopted => "its own fields taken out",
            Unchanged => "unchanged",
            AlreadyGone => "already gone",
            Leaving => "being deleted already",
            LeftAlone => "left alone",
            Retained => "left behind",
            Untold => "not touched",
        }
    }
}

impl After {
    /// For the page: how an object of `kind` is then.
    pub fn title(self, kind: Kind, shared: bool) -> &'static str {
        match self {
            Self::Gone => "not there",
            Self::Same => "the very same, to the byte",
            Self::Declared if shared => "as declared; what others have in it is as it was",
            Self::New | Self::Declared => "as declared",
            Self::Marked if shared => "as declared, and marked as adopted; what others have in it is as it was",
            Self::Marked => "as declared, and marked as adopted",
            Self::Theirs if kind == Kind::Secret => "there with what others have in it, without our keys and labels",
            Self::Theirs => "there with what others have in it, without our fields",
        }
    }
}
