//! The embedded files, and their parsing on first use: a run pays for the targets
//! that its connections name, not for the catalogue.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

use serde::de::DeserializeOwned;
use thiserror::Error;

use super::{Parameter, Target};
use crate::yaml;

include!(concat!(env!("OUT_DIR"), "/targets.rs"));

/// Parameters that several targets have in common.
static SHARED: LazyLock<Result<BTreeMap<String, Parameter>, CatalogueError>> =
    LazyLock::new(|| parse("parameters", include_str!("parameters.yaml")));

/// An embedded file is not what the program expects: a defect of the program, never of its input.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the catalogue's entry {entry} is defective: {cause}")]
pub struct CatalogueError {
    entry: String,
    cause: String,
}

impl CatalogueError {
    pub(super) fn new(entry: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { entry: entry.into(), cause: cause.into() }
    }
}

/// A target's file.
struct Embedded {
    name: &'static str,
    text: &'static str,
    target: OnceLock<Result<Target, CatalogueError>>,
}

impl Embedded {
    const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, target: OnceLock::new() }
    }

    fn target(&'static self) -> Result<&'static Target, CatalogueError> {
        let load = || Target::parse(self.name, self.text, shared()?);
        self.target.get_or_init(load).as_ref().map_err(Clone::clone)
    }
}

/// The names of all targets, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TARGETS.iter().map(|embedded| embedded.name)
}

/// The target of that name, if there is one.
///
/// # Errors
/// The embedded file of the target is defective.
pub fn target(name: &str) -> Result<Option<&'static Target>, CatalogueError> {
    TARGETS.iter().find(|embedded| embedded.name == name).map(Embedded::target).transpose()
}

/// The client types of all targets, sorted.
///
/// # Errors
/// An embedded file is defective: this reads all of them.
pub fn client_types() -> Result<BTreeSet<&'static str>, CatalogueError> {
    let mut all = BTreeSet::new();
    for embedded in &TARGETS {
        all.extend(embedded.target()?.sets.iter().flat_map(|set| &set.client_types).map(String::as_str));
    }
    Ok(all)
}

pub(super) fn shared() -> Result<&'static BTreeMap<String, Parameter>, CatalogueError> {
    SHARED.as_ref().map_err(Clone::clone)
}

pub(super) fn parse<T: DeserializeOwned>(entry: &str, text: &str) -> Result<T, CatalogueError> {
    yaml::from_str(text).map_err(|error| CatalogueError::new(entry, error.to_string()))
}
