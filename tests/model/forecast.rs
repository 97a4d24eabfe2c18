//! What a run makes of one object that is declared.

use std::collections::BTreeSet;

use super::field::{Field, Group};
use super::identity::Kind;
use super::intent::Intent;
use super::inventory::Record;
use super::object::{Manager, Object, Refusal};
use super::outcome::{Outcome, Word};
use super::standing::{Standing, ours};

/// It is somebody else's, or does not prove that it is ours.
pub const FOREIGN: &str = "SCJ2003";

/// Somebody applies the same field.
pub const CONFLICT: &str = "SCJ2004";

/// The API server refuses it.
pub const REFUSED: &str = "SCJ2007";

/// An object as a run leaves it.
pub struct Written {
    pub object: Object,
    pub outcome: Outcome,
    pub adopted: bool,
}

/// Makes an object of an intent.
pub fn create(kind: Kind, birth: usize, intent: &Intent) -> Written {
    let object = Object::applied_first(kind, birth, ours(), &intent.marked(false));
    Written { object, outcome: Outcome::of(Word::Created), adopted: false }
}

/// Applies an intent to the object under its name, which stays; one that is foreign is to be adopted.
pub fn apply(object: &Object, record: Option<&Record>, intent: &Intent) -> Result<Written, &'static str> {
    let (config, adopted) = match Standing::of(object, record) {
        Standing::Ours { adopted, .. } => (intent.marked(adopted), adopted),
        Standing::Foreign { .. } | Standing::Terminating => {
            let managers = Standing::managers_of_foreign(object);
            let fields = names(&object.conflicts(&ours(), &intent.marked(true)));
            let object = object.applied(&ours(), &intent.marked(true), true).map_err(|_| REFUSED)?;
            let outcome = Outcome { word: Word::Adopted, fields, managers };
            return Ok(Written { object, outcome, adopted: true });
        }
    };
    let (object, outcome) = match object.applied(&ours(), &config, false) {
        Ok(applied) if applied == *object => (applied, Outcome::of(Word::Unchanged)),
        Ok(applied) => {
            let said: BTreeSet<Field> = config.keys().cloned().collect();
            let held = object.held(&ours());
            let mut fields: BTreeSet<Field> = held.symmetric_difference(&said).cloned().collect();
            fields.extend(object.conflicts(&Manager::applying("whoever"), &config));
            (applied, Outcome { fields: names(&fields), ..Outcome::of(Word::Changed) })
        }
        Err(Refusal::Conflict(fields)) => {
            let managers = editors(object, &fields, intent.adopt)?;
            let object = object.applied(&ours(), &config, true).map_err(|_| REFUSED)?;
            (object, Outcome { fields: names(&fields), managers, word: Word::Repaired })
        }
        Err(Refusal::Invalid | Refusal::There) => return Err(REFUSED),
    };
    Ok(Written { object, outcome, adopted })
}

/// Who has edited the fields in conflict. One that somebody applies stays that of who applies it, unless the connection
/// takes it over, and not from another release, which would take it back; so does the type, which nobody can change.
fn editors(object: &Object, fields: &BTreeSet<Field>, adopt: bool) -> Result<Vec<String>, &'static str> {
    if object.managers.is_empty() {
        return Ok(Vec::new());
    }
    let holders = object.managers.iter().filter(|(manager, held)| **manager != ours() && !held.is_disjoint(fields));
    let mut appliers = holders.clone().filter(|(manager, _)| manager.applies).peekable();
    let applied = appliers.peek().is_some() || fields.contains(&Field::of(Group::Type));
    if appliers.any(|(manager, _)| manager.name.starts_with("sc-job:")) || (applied && !adopt) {
        return Err(CONFLICT);
    }
    let names: BTreeSet<String> = holders.map(|(manager, _)| manager.name.clone()).collect();
    Ok(names.into_iter().collect())
}

fn names(fields: &BTreeSet<Field>) -> Vec<String> {
    let mut names: Vec<_> = fields.iter().map(ToString::to_string).collect();
    names.sort();
    names
}
