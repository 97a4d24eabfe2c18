//! What became of one object: the words that the log, the summary and the preview
//! share.

use crate::error::Fault;
use crate::object::ObjectId;
use crate::ownership::Memory;

/// What became of one object of the plan.
pub struct Told {
    /// The object.
    pub id: ObjectId,
    /// The connections that it is for.
    pub connections: Vec<String>,
    /// The names of what it holds for a workload.
    pub keys: Vec<String>,
    /// What was done, or why it could not be.
    pub result: Result<Done, Fault>,
    /// The object as it is now, if it is one of ours.
    pub memory: Option<Memory>,
}

/// What was done to an object, or in a rehearsal would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was as declared; not a byte was written.
    Unchanged,
    /// It had other content.
    Changed {
        /// The fields, as `.data.PORT`. Known in a rehearsal only.
        fields: Vec<String>,
    },
    /// It was not there before.
    Created,
    /// Somebody else's object was taken over: who had managed it.
    Adopted {
        /// The fields that had another value, as `.data.PORT`.
        fields: Vec<String>,
        /// Its managers until then.
        managers: Vec<String>,
    },
    /// Somebody had edited fields of ours: which, and who.
    Repaired {
        /// The fields, as `.data.PORT`.
        fields: Vec<String>,
        /// Who had edited them; nobody knows where the object's `managedFields` were removed.
        managers: Vec<String>,
    },
    /// It was deleted.
    Deleted,
    /// Our fields were taken out of it, and the rest was left.
    Withdrawn(Kept),
    /// It was to go, and is gone already.
    Absent,
    /// It was to go, and is being deleted: a finalizer holds it back.
    Leaving {
        /// Somebody had it deleted before.
        already: bool,
    },
    /// It was to go, and is not ours.
    Spared,
    /// It was to go, and stays though it is ours.
    Retained(Reason),
}

/// Why an object stays that was to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The inventory says that it goes, and its connection leaves its objects.
    Policy,
    /// The inventory does not say who else uses the account.
    Unrecorded,
    /// The inventory does not say so, and an operation has made it.
    Operation,
}

impl Reason {
    /// The words behind "stays, as".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Policy => "its connection leaves its objects",
            Self::Unrecorded => "it is not recorded who else uses it",
            Self::Operation => "an operation has made it, and none has deleted it",
        }
    }
}

/// Why an object stays without our fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was somebody else's before we took it over.
    Adopted,
    /// These managers hold something in it.
    Shared(Vec<String>),
}

/// [`Done`] in one word, the most telling last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the word of the Done of its name")]
pub enum Outcome {
    #[default]
    Unchanged,
    Absent,
    Leaving,
    Spared,
    Retained,
    Changed,
    Created,
    Adopted,
    Withdrawn,
    Deleted,
    Repaired,
}

impl Outcome {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Absent => "already gone",
            Self::Leaving => "going",
            Self::Spared => "left alone",
            Self::Retained => "retained",
            Self::Changed => "changed",
            Self::Created => "created",
            Self::Adopted => "adopted",
            Self::Withdrawn => "withdrawn",
            Self::Deleted => "deleted",
            Self::Repaired => "repaired",
        }
    }
}

impl From<&Done> for Outcome {
    fn from(done: &Done) -> Self {
        match done {
            Done::Unchanged => Self::Unchanged,
            Done::Changed { .. } => Self::Changed,
            Done::Created => Self::Created,
            Done::Adopted { .. } => Self::Adopted,
            Done::Repaired { .. } => Self::Repaired,
            Done::Deleted => Self::Deleted,
            Done::Withdrawn(_) => Self::Withdrawn,
            Done::Absent => Self::Absent,
            Done::Leaving { .. } => Self::Leaving,
            Done::Spared => Self::Spared,
            Done::Retained(_) => Self::Retained,
        }
    }
}

impl Done {
    /// What was done to `id`, in words; `keys` are the names of what it holds for a workload.
    #[must_use]
    pub fn words(&self, id: &ObjectId, keys: &[String]) -> String {
        let outcome = Outcome::from(self).as_str();
        let keys = if keys.is_empty() { String::new() } else { format!(" ({})", keys.join(", ")) };
        match self {
            Self::Repaired { fields, managers } if managers.is_empty() => {
                format!("{outcome} {id}{keys}, of which managedFields were removed: {}", fields.join(", "))
            }
            Self::Repaired { fields, managers } => {
                let (fields, managers) = (fields.join(", "), managers.join(", "));
                format!("{outcome} {id}{keys}, in which {managers} had changed {fields}")
            }
            Self::Adopted { fields, managers } => {
                let managed = match managers.as_slice() {
                    [] => String::new(),
                    names => format!(", managed by {} before", names.join(", ")),
                };
                let replaced = match fields.as_slice() {
                    [] => String::new(),
                    fields => format!(", replacing {}", fields.join(", ")),
                };
                format!("{outcome} {id}{keys}{managed}{replaced}")
            }
            Self::Changed { fields } if !fields.is_empty() => format!("{outcome} {id}{keys}: {}", fields.join(", ")),
            Self::Withdrawn(Kept::Adopted) => {
                format!("took its own fields out of {id} and left the rest, which others had made before")
            }
            Self::Withdrawn(Kept::Shared(managers)) => format!(
                "took its own fields out of {id} and left the rest, in which {} have their own",
                managers.join(", ")
            ),
            Self::Absent => format!("{id} is {outcome}"),
            Self::Leaving { already } => {
                let already = if *already { " already" } else { "" };
                format!("{id} is being deleted{already}, and a finalizer holds it back")
            }
            Self::Spared => format!("{outcome} {id}, which is not this release's"),
            Self::Retained(reason) => format!("{outcome} {id}, as {}", reason.words()),
            Self::Created | Self::Changed { .. } | Self::Unchanged | Self::Deleted => format!("{outcome} {id}{keys}"),
        }
    }
}
