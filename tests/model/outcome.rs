//! What becomes of one object in a run.

/// A word for it, and what plan tells beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub word: Word,
    /// Fields that were changed or taken back, as plan names them.
    pub fields: Vec<String>,
    /// Who had edited them, had managed the object or still does.
    pub managers: Vec<String>,
}

/// What was done, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Unchanged,
    Changed,
    Created,
    Adopted,
    Repaired,
    Deleted,
    Withdrawn,
    /// It was to go, and was gone.
    Gone,
    /// It is being deleted, and a finalizer holds it back.
    Held,
    /// It was to go, and is being deleted already.
    Leaving,
    /// It was to go, and is not ours.
    Spared,
    /// It was to go, and stays though it is ours.
    Retained,
}

impl Word {
    pub const ALL: [Self; 12] = [
        Self::Unchanged,
        Self::Changed,
        Self::Created,
        Self::Adopted,
        Self::Repaired,
        Self::Deleted,
        Self::Withdrawn,
        Self::Gone,
        Self::Held,
        Self::Leaving,
        Self::Spared,
        Self::Retained,
    ];

    /// How plan calls it.
    pub fn action(self) -> &'static str {
        match self {
            Self::Unchanged | Self::Gone | Self::Leaving | Self::Spared | Self::Retained => "none",
            Self::Changed => "change",
            Self::Created => "create",
            Self::Adopted => "adopt",
            Self::Repaired => "repair",
            Self::Deleted | Self::Held => "delete",
            Self::Withdrawn => "withdraw",
        }
    }

    /// How the log tells it of an object.
    pub fn told(self, object: &str) -> String {
        match self {
            Self::Unchanged => format!("unchanged {object}"),
            Self::Changed => format!("changed {object}"),
            Self::Created => format!("created {object}"),
            Self::Adopted => format!("adopted {object}"),
            Self::Repaired => format!("repaired {object}"),
            Self::Deleted => format!("deleted {object}"),
            Self::Withdrawn => format!("took its own fields out of {object}"),
            Self::Gone => format!("{object} is already gone"),
            Self::Held => format!("{object} is being deleted, and a finalizer holds it back"),
            Self::Leaving => format!("{object} is being deleted already"),
            Self::Spared => format!("left alone {object}"),
            Self::Retained => format!("retained {object}"),
        }
    }
}

impl Outcome {
    pub fn of(word: Word) -> Self {
        Self { word, fields: Vec::new(), managers: Vec::new() }
    }
}
