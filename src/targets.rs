//! `sc-job targets`: the catalogue for people and for programs. Both read the same structs:
//! [`Entry`] is a line of the list, [`Sheet`] is all that is known of one target.

mod entry;
mod list;
mod page;
mod sheet;
pub mod words;

use std::io;

use serde::Serialize;

use crate::catalogue::{self, Target};
use crate::error::{Code, Fault};
use crate::wording::choices;

pub use entry::Entry;
pub use sheet::{Offer, Parameter, Set, Sheet, Use, Variable};

/// The list of targets, or what is known of one, for a terminal.
///
/// # Errors
/// A fault when the catalogue is defective.
pub fn text(name: Option<&str>) -> Result<String, Fault> {
    let text = match name {
        None => list::text(&entries()?),
        Some(name) => page::text(&sheet(name)?),
    };
    text.map_err(|error: io::Error| defect(&error))
}

/// The same as JSON, whose keys are an interface.
///
/// # Errors
/// A fault when the catalogue is defective.
pub fn json(name: Option<&str>) -> Result<String, Fault> {
    match name {
        None => pretty(&entries()?),
        Some(name) => pretty(&sheet(name)?),
    }
}

/// Every target, sorted by name.
///
/// # Errors
/// A fault when the catalogue is defective.
pub fn entries() -> Result<Vec<Entry>, Fault> {
    catalogue::names().map(|name| Ok(find(name)?.into())).collect()
}

/// What is known of a target.
///
/// # Errors
/// A fault when the target's part of the catalogue is defective.
pub fn sheet(name: &str) -> Result<Sheet, Fault> {
    find(name).map(Sheet::from)
}

/// The name as a word of the command line: one of the targets'.
///
/// # Errors
/// What to write in place of a name that is none.
pub fn known(name: &str) -> Result<String, String> {
    match catalogue::names().find(|known| *known == name) {
        Some(known) => Ok(known.to_owned()),
        None => Err(format!("there is no such target; {}", choices(name, catalogue::names()))),
    }
}

fn find(name: &str) -> Result<&'static Target, Fault> {
    let target = catalogue::target(name).map_err(|error| defect(&error))?;
    target.ok_or_else(|| defect(&format!("{name} is not in the catalogue")))
}

fn pretty(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| defect(&error))
}

fn defect(cause: &impl ToString) -> Fault {
    Fault::run(Code::Internal, cause.to_string())
}
