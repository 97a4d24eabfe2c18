//! What a run makes of one object that is not wanted any more.

use std::collections::BTreeSet;

use super::field::{Field, Fields, Group};
use super::forecast::{FOREIGN, REFUSED};
use super::identity::Kind;
use super::inventory::Record;
use super::object::Object;
use super::outcome::{Outcome, Word};
use super::standing::{Standing, ours};

/// What is to become of an object; a fault of one that may be ours and does not prove it.
pub fn fate(kind: Kind, found: Option<&Object>, record: Option<&Record>) -> Result<Outcome, &'static str> {
    let Some(object) = found else { return Ok(Outcome::of(Word::Gone)) };
    let adopted = match Standing::of(object, record) {
        Standing::Ours { adopted, proven: true } => adopted,
        Standing::Terminating => return Ok(Outcome::of(Word::Leaving)),
        Standing::Foreign { applied: false } => return Ok(Outcome::of(Word::Spared)),
        Standing::Ours { .. } | Standing::Foreign { .. } => return Err(FOREIGN),
    };
    let managers = others_with_data(kind, object);
    Ok(match (adopted, managers.is_empty()) {
        (true, _) => Outcome::of(Word::Withdrawn),
        (false, false) => Outcome { managers, ..Outcome::of(Word::Withdrawn) },
        (false, true) => Outcome::of(Word::Deleted),
    })
}

/// The object without our fields.
pub fn withdraw(object: &Object) -> Result<Object, &'static str> {
    object.applied(&ours(), &Fields::new(), false).map_err(|_| REFUSED)
}

/// Who else holds what an object is there for: all but metadata and immutability, and of an account its annotations too.
fn others_with_data(kind: Kind, object: &Object) -> Vec<String> {
    let is_data = |field: &Field| {
        !(field.group.is_metadata() || field.group == Group::Immutable)
            || (kind == Kind::ServiceAccount && field.group == Group::Annotations)
    };
    let others = object.managers.iter().filter(|(manager, held)| **manager != ours() && held.iter().any(is_data));
    let names: BTreeSet<String> = others.map(|(manager, _)| manager.name.clone()).collect();
    names.into_iter().collect()
}
