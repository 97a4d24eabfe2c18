//! Whose an object is: the table of the contract, by what the object says itself and by what is remembered.

use super::field::Field;
use super::intent::{ADOPTED, RELEASE, RELEASE_NAMESPACE};
use super::inventory::Record;
use super::object::{Manager, Object};

/// Whose an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Ours {
        adopted: bool,
        /// It says so itself, by manager and labels.
        proven: bool,
    },
    Foreign {
        /// We have applied it, and it has lost one of our labels.
        applied: bool,
    },
    /// It is on its way.
    Terminating,
}

/// The job's own field manager.
pub fn ours() -> Manager {
    Manager::applying("sc-job:sc-system:sc-extension")
}

impl Standing {
    pub fn of(object: &Object, record: Option<&Record>) -> Self {
        if object.terminating {
            return Self::Terminating;
        }
        let applied = object.managers.contains_key(&ours());
        let labelled = [RELEASE, RELEASE_NAMESPACE]
            .iter()
            .all(|(key, value)| object.fields.get(&Field::label(key)).is_some_and(|found| found == value));
        let known = record.filter(|record| record.birth == Some(object.birth));
        let marked = object.fields.get(&Field::annotation(ADOPTED)).is_some_and(|mark| mark == "true");
        let proven = applied && labelled;
        if proven || (known.is_some() && (applied || labelled)) {
            Self::Ours { adopted: marked || known.is_some_and(|record| record.adopted), proven }
        } else {
            Self::Foreign { applied }
        }
    }

    /// Who managed a foreign object, as far as that is told: one that we have applied and that lost a label tells nobody.
    pub fn managers_of_foreign(object: &Object) -> Vec<String> {
        if object.managers.contains_key(&ours()) { Vec::new() } else { object.managers() }
    }
}
