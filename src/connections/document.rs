//! A document of connections: YAML, of which the chart's JSON is a subset, read into a tree.
//! It is read when it is opened, so that of many only one tree is in memory.

use super::fields::Fields;
use super::path::Path;
use crate::error::{Code, Fault};
use crate::yaml;

/// A document as it was found. It holds credentials, so it has no `Debug`.
pub struct Document {
    origin: String,
    text: String,
    /// Written by the chart for its Job, not by a person.
    pub(super) of_chart: bool,
}

impl Document {
    /// What the chart has written for its Job; `origin` is named in faults.
    #[must_use]
    pub fn of_chart(origin: String, text: String) -> Self {
        Self { origin, text, of_chart: true }
    }

    /// A values file of the chart; `origin` is named in faults.
    #[must_use]
    pub fn of_values(origin: String, text: String) -> Self {
        Self { origin, text, of_chart: false }
    }

    /// Parses it. The fault of a text that is not YAML has line and column.
    pub(super) fn open(self, faults: &mut Vec<Fault>) -> Option<Fields> {
        let Self { origin, text, .. } = self;
        match yaml::parse(&text) {
            Ok(value) if value.is_mapping() || value.is_null() => {
                drop(text);
                return Fields::open(Path::default(), value, faults);
            }
            Ok(_) => faults.push(Fault::at(Code::WrongType, origin, "the document must be a mapping")),
            Err(cause) => faults.push(Fault::at(Code::InputNotYaml, origin, cause)),
        }
        None
    }
}
